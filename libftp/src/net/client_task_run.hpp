// One task on its way to its end: on one session or several, which are opened and opened again as it needs them.
#pragma once

#include "client_context.hpp"
#include "client_link.hpp"

#include <libftp/net/client_request.hpp>
#include <libftp/session/client_task.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <system_error>
#include <vector>

namespace libftp::net {

class client_engine;

class client_task_run : public std::enable_shared_from_this<client_task_run> {
public:
    /// `done` is called once. It gets an error where the task was ended from outside. `engine` must outlive the run,
    /// which it ends by abandon().
    client_task_run(client_engine& engine, std::shared_ptr<client_task> task, unsigned sessions,
                    std::function<void(client_result<void>)> done);

    void begin(const time_limit& until);
    /// Has the task end as soon as it can; `why` is told to `done`.
    void cancel(std::error_code why);
    /// Ends it at once with protocol_errc::canceled: steps that run are forgotten.
    void abandon();

private:
    struct running_operation {
        std::uint64_t number = 0;
        std::size_t weight = 0; ///< As a transfer.
        canceler cancel{};
    };
    /// A session, and what runs there.
    struct place {
        std::shared_ptr<client_link> link;
        bool is_opening = false;
        std::vector<running_operation> running{};

        [[nodiscard]] std::size_t weight_of_transfers() const;
    };
    using waiting_operation = std::shared_ptr<client_step::operate>;

    void find_directory(client_link::turn mine);
    void advance();
    void begin_steps();
    [[nodiscard]] bool takes_more(const place& where) const;
    [[nodiscard]] bool has_room() const;
    std::shared_ptr<place> find_place();
    [[nodiscard]] bool is_main(const place& where) const noexcept { return &where == places_.front().get(); }

    void begin(client_step::operate step);
    void begin(client_step::call step);
    void begin(client_step::pause step);
    void begin_at(const std::shared_ptr<place>& where, const waiting_operation& step);
    void open(const std::shared_ptr<place>& where, const waiting_operation& step);
    void fail(const waiting_operation& step, operation_error why);
    [[nodiscard]] bool has_lost_server() const noexcept;
    void start(const std::shared_ptr<place>& where, const waiting_operation& step);
    void end_step();
    void finish();

    client_engine& engine_;
    std::shared_ptr<client_task> task_;
    std::function<void(client_result<void>)> done_; ///< Empty: it is over.
    time_limit until_;
    asio::steady_timer limit_;
    std::error_code end_{}; ///< Why it is to end before it is done.

    std::size_t max_places_;
    std::vector<std::shared_ptr<place>> places_; ///< The first is on the main session.
    std::deque<waiting_operation> refused_;      ///< Their session could not be opened; another one takes them.
    std::size_t failed_openings_ = 0;            ///< Of the main session, one after the other.
    std::size_t all_failed_openings_ = 0;        ///< The same, whatever has succeeded between them.
    operation_error why_not_open_{};             ///< The last of them.
    std::vector<std::shared_ptr<asio::steady_timer>> pauses_;
    std::uint64_t last_operation_ = 0;
    std::size_t steps_ = 0;      ///< That have begun and not ended.
    client_link::turn turn_ = 0; ///< Of the main session.
    canceler search_;            ///< For the directory to begin in, and what comes before.
    bool is_ready_ = false;      ///< That is over.
    bool is_advancing_ = false;
};

} // namespace libftp::net
