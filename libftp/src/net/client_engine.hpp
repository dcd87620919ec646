// What a client does, for both fronts: connects, runs operations and tasks with a handler for the end of each, and can
// end them all.
#pragma once

#include "client_context.hpp"
#include "client_link.hpp"

#include <libftp/net/client_request.hpp>
#include <libftp/session/client_task.hpp>

#include <asio/post.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace libftp::net {

class client_task_run;

/// All calls and handlers happen on the context's executor. A handler may be called before the function that it was
/// given to returns. A canceler ends with protocol_errc::canceled what still runs of what it belongs to; it may be
/// called at any time.
class client_engine : public std::enable_shared_from_this<client_engine> {
public:
    explicit client_engine(std::shared_ptr<client_context> context);

    [[nodiscard]] const std::shared_ptr<client_context>& context() const noexcept { return context_; }
    /// Has `job` called on the executor; from any thread. False: after shut_down(), when the executor may be gone.
    template <class Job>
    bool post(Job job)
    {
        const std::lock_guard lock{reach_};
        if (!is_within_reach_)
            return false;
        asio::post(context_->executor, std::move(job));
        return true;
    }
    [[nodiscard]] const std::shared_ptr<client_link>& main_link() const noexcept { return main_; }
    void set_time_limit(std::optional<clock::duration> limit) noexcept { limit_ = limit; }
    /// When what the caller begins now must be over.
    [[nodiscard]] time_limit limit_from_now() const;

    /// What the caller has set for all servers.
    [[nodiscard]] tls_use tls() const noexcept { return tls_; }

    // At `until` each of these fails with protocol_errc::timed_out.
    canceler connect(const server_address& server, const time_limit& until,
                     std::function<void(client_result<reply>)> done);
    /// Waits for its turn, if it is not `mine` already.
    canceler start(client_operation what, const time_limit& until, client_link::handlers told,
                   client_link::turn mine = 0);
    /// Runs a task on `sessions` at most: the main one, and others for the while.
    canceler run(std::shared_ptr<client_task> task, unsigned sessions, const time_limit& until,
                 std::function<void(client_result<void>)> done);

    /// Closes everything without a word. All that is pending ends with protocol_errc::canceled, at once.
    void close();
    /// As close(), for good, and waits for what runs on the thread.
    void shut_down();

    /// Whether the server can be asked for its features, as far as it is known.
    [[nodiscard]] bool asks_features() const noexcept { return asks_features_; }
    /// Makes the main session anew for a server that left when it was sent FEAT; now it is not. Precondition: the
    /// caller has the turn.
    canceler begin_without_features(const time_limit& until, std::function<void(client_result<void>)> done);

    /// Makes the main session anew, before all that waits. Precondition: nobody has the turn.
    canceler begin_again(const time_limit& until, std::function<void(client_result<void>)> done);

    // For the running of tasks, which have the main session's turn.

    /// Finds out, as far as possible, in which directory another session like the main one has to begin.
    canceler find_directory(const time_limit& until, client_link::turn mine, std::function<void()> done);
    /// Makes `link` a session like the main one: connected, logged in, with the features known, in its directory.
    void open_anew(const std::shared_ptr<client_link>& link, const time_limit& until,
                   std::function<void(client_result<void>)> done);
    /// QUIT, for a session that is not needed any more.
    void dismiss(const std::shared_ptr<client_link>& link);
    void ended(const client_task_run& run);

private:
    void take_notice(const client_operation& what);

    std::shared_ptr<client_context> context_;
    pipelining pipelining_;            ///< As it is to begin with each server.
    std::vector<server_quirk> quirks_; ///< The same.
    tls_use tls_;                      ///< For servers whose URL does not demand more.
    std::optional<clock::duration> limit_;
    std::shared_ptr<client_link> main_;
    std::optional<server_address> server_;  ///< Where the main session was connected to, until it is closed on purpose.
    std::optional<operation::login> login_; ///< The last that succeeded.
    bool asks_features_ = true;
    std::uint64_t notices_ = 0;            ///< Of operations that change the login or the directory.
    bool has_left_home_ = false;           ///< The directory may be another one than after the login.
    std::optional<std::string> directory_; ///< The main session's, where that is known.
    std::vector<std::shared_ptr<client_task_run>> runs_;
    std::vector<std::shared_ptr<client_link>> dismissed_;
    bool shut_down_ = false;
    std::mutex reach_;
    bool is_within_reach_ = true; ///< Guarded by reach_.
};

} // namespace libftp::net
