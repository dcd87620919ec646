// The steps of a file's transfer as they become ready, what is tried again, and how it ends.
#pragma once

#include <libftp/session/client_task.hpp>
#include <libftp/session/transfer_options.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace libftp {

operation_error near_failure(std::error_code code);
operation_error mismatch(std::error_code code);
/// The server cannot begin in the middle of a file.
bool refuses_restart(const operation_error& why);

/// Whether trying again may help, as far as the failure itself tells. A login that is refused when a session is opened
/// again has worked before: the server may still count the lost session against a limit.
bool may_pass(const operation_error& why);

/// Whether the session ended where the server was asked for a port, as some servers and gateways do that do not know
/// EPSV.
bool has_left_at_address(const operation_error& why);

/// How long to wait before the second attempt and those after it.
clock::duration pause_before(unsigned attempt, const retry_options& retry);

/// Failures whose cause the next session avoids. Commands sent ahead: their order was confused, or the session ended
/// while an operation waited behind another one. And EPSV, where it was not answered. After such a failure the step is
/// repeated at once, and that does not count as one of the attempts that the caller has allowed.
class avoidable_failures {
public:
    /// Whether `why` is one that is made good.
    bool forgive(const operation_error& why) noexcept;

private:
    unsigned left_ = 50; ///< No server that always does it can keep us at it.
    bool has_left_at_address_ = false;
};

/// A derived class is a chain of functions; each asks for the next step and names the function that goes on with what
/// it gave, or ends the transfer. Once it has ended or is canceled no step comes, whoever asks for one. Steps that run
/// keep the object alive.
class transfer_steps : public std::enable_shared_from_this<transfer_steps> {
public:
    explicit transfer_steps(transfer_options options) : options_(std::move(options)) {}
    virtual ~transfer_steps() = default;
    transfer_steps(const transfer_steps&) = delete;
    transfer_steps& operator=(const transfer_steps&) = delete;

    std::optional<client_task_step> next();
    void cancel();
    [[nodiscard]] bool is_done() const noexcept { return outcome_ && running_ == 0; }
    client_result<transfer_result> take_result() { return *std::move(outcome_); }

protected:
    using progress_listener = std::function<void(const transfer_progress&)>;

    virtual void begin() = 0;
    /// The transfer has failed: what runs is to end soon.
    virtual void stop() {}
    /// It has ended and no step runs: what is not committed is to go.
    virtual void release() = 0;

    template <class Operation>
    void operate(Operation what, std::function<void(client_result<typename Operation::value_type>)> then,
                 progress_listener progress = {})
    {
        auto take = [then = std::move(then)](event::operation_done done) {
            then(take_value<Operation>(std::move(done)));
        };
        add(client_step::operate{std::move(what), ending(std::move(take)), listening(std::move(progress))});
    }

    /// `job` runs on whatever thread: it owns what it touches. `then` takes what it gave.
    template <class Job, class Then>
    void call(Job job, Then then)
    {
        const auto given = std::make_shared<std::optional<std::invoke_result_t<Job>>>();
        add(client_step::call{[given, job = std::move(job)]() mutable { given->emplace(job()); },
                              ending([given, then = std::move(then)] { then(*std::move(*given)); })});
    }

    /// Asks what the server has at `path`: again, by try_again(), if the session ends before the answer. `attempt` has
    /// to live as long as `then`.
    void look_up(const std::string& path, unsigned& attempt, std::function<void(client_result<listed_entry>)> then);

    /// After a pause, if trying again may help and there have not been too many attempts; else it fails with `why`.
    void try_again(unsigned& attempt, operation_error why, std::function<void()> then);

    /// Drops all steps and failures until those that run have ended; then goes on with `how`.
    void change_course(std::function<void()> how);

    /// An attempt has succeeded.
    void add_up(const transfer_result& made);
    /// What succeed() gives, and whose bytes fail() tells.
    [[nodiscard]] transfer_result& result_so_far() noexcept { return result_; }
    [[nodiscard]] const transfer_options& options() const noexcept { return options_; }

    void succeed();
    /// The first failure counts. It gets the bytes of all attempts.
    void fail(operation_error why);

private:
    void add(client_task_step step);
    void settle();
    [[nodiscard]] progress_listener listening(progress_listener progress);

    template <class Then>
    auto ending(Then then)
    {
        return [self = shared_from_this(), then = std::move(then)](auto... given) {
            --self->running_;
            then(std::move(given)...);
            self->settle();
        };
    }

    transfer_options options_;
    transfer_result result_;
    std::deque<client_task_step> ready_;
    avoidable_failures avoidable_failures_;
    std::size_t running_ = 0;
    bool has_begun_ = false;
    bool is_canceled_ = false;
    std::function<void()> new_course_;
    std::optional<client_result<transfer_result>> outcome_;
};

} // namespace libftp
