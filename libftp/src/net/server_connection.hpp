// One server session on its control connection.
#pragma once

#include "busy_poll.hpp"
#include "session_pump.hpp"
#include "tls_context.hpp"

#include <libftp/net/server.hpp>
#include <libftp/protocol/glob.hpp>
#include <libftp/session/server_session.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

namespace libftp::net {

/// What a session is served by, from its beginning to its end.
struct session_terms {
    server_options options;
    std::shared_ptr<const tls_server_context> tls; ///< May be nullptr.
    passive_listeners& listeners;                  ///< Outlives the connection's last event.
};

/// A base of the connection, so that it outlives the session, which refers to what is held.
struct holder_of_terms {
    std::shared_ptr<void> server; ///< Empty where that outlives its connections.
    std::shared_ptr<const session_terms> terms;
};

class server_connection final : private holder_of_terms, public session_pump<server_connection, server_session> {
public:
    /// `observer` and `logins` outlive the connection, as does whatever `current_authenticator` needs. Each login asks
    /// that one: a user whom the server does not know any more must not get in by an old session. `when_ended` is
    /// called once, when the session is over, before the peer can know it; then `when_gone`, when nothing of the
    /// connection is left: no socket, no running job.
    server_connection(std::shared_ptr<void> keeper, tcp::socket socket, std::shared_ptr<const session_terms> valid,
                      std::shared_ptr<store_worker> files, store_worker& logins,
                      std::function<std::shared_ptr<authenticator>()> current_authenticator, session_observer& observer,
                      std::uint64_t id, const endpoint& peer, const endpoint& local, control_start start,
                      std::function<void()> when_ended, std::function<void()> when_gone)
        : holder_of_terms{std::move(keeper), std::move(valid)},
          session_pump(std::move(socket), local.address, terms->options.session, observer, id, peer, local, now(),
                       start),
          files_(std::move(files)), logins_(logins), current_authenticator_(std::move(current_authenticator)),
          when_ended_(std::move(when_ended)), when_gone_(std::move(when_gone))
    {
    }
    ~server_connection() override
    {
        tell_end();
        when_gone_();
    }
    server_connection(const server_connection&) = delete;
    server_connection& operator=(const server_connection&) = delete;

    /// Where the loop goes on, the session hears no more answers either: it would carry on with what was sent before,
    /// and call hooks that may be gone. Jobs whose turn has not come are not done.
    void cut_off()
    {
        is_cut_off_ = true;
        session_pump::cut_off();
    }
    void transfer_finished(op_id id, const transfer_outcome& outcome) override
    {
        if (!is_cut_off_)
            session_pump::transfer_finished(id, outcome);
    }

private:
    friend session_pump;
    using session_pump::carry_out;

    template <class Job, class Done>
    void work(store_worker* where, Job job, Done done)
    {
        session_pump::work(
            where, [this, job = std::move(job)] { return is_cut_off_ ? std::nullopt : std::optional{job()}; },
            [this, done = std::move(done)](auto outcome) {
                if (outcome && !is_cut_off_)
                    done(*std::move(outcome));
            });
    }

    void carry_out(action::listen_data asked)
    {
        renew_ticket();
        session_pump::carry_out(asked);
    }

    void carry_out(action::connect_data asked)
    {
        renew_ticket();
        session_pump::carry_out(asked);
    }

    void carry_out(action::close_control asked)
    {
        is_over_ = true;
        tell_end();
        session_pump::carry_out(asked);
    }

    void carry_out(action::authenticate asked)
    {
        const auto checker = current_authenticator_();
        work(
            checker->blocks() ? &logins_ : nullptr,
            [this, checker, who = std::move(asked.who)]() -> result<account> {
                // Its turn may come long after the session has ended, and others wait for theirs.
                if (is_over_)
                    return std::make_error_code(std::errc::operation_canceled);
                return checker->authenticate(who);
            },
            [this, id = asked.id](result<account> outcome) { session_.authenticated(id, std::move(outcome), now()); });
    }

    void carry_out(action::call_store asked)
    {
        const bool is_spared = asked.store->is_seldom_slow() && files_->may_be_spared();
        const bool is_further = goes_on(asked.request);
        const bool is_of_search = searches(asked.request);
        is_long_ = (is_further && is_long_) || is_of_search || is_turn_over();
        auto* const where = !is_long_ && (!asked.store->blocks() || is_spared) ? nullptr : files_.get();
        work(
            where,
            [this, store = std::move(asked.store), request = std::move(asked.request)] {
                return files_->timed([&] { return perform(store, request); });
            },
            [this, id = asked.id](store_response answer) { session_.store_answered(id, std::move(answer), now()); });
    }

    void carry_out(action::send_data asked)
    {
        asked.seldom_slow = asked.seldom_slow && !std::exchange(is_search_, false);
        session_pump::carry_out(std::move(asked));
    }

    void carry_out(action::run_command asked)
    {
        work(files_.get(), std::move(asked.job),
             [this, id = asked.id](const reply& answer) { session_.command_answered(id, answer, now()); });
    }

    /// Each data connection needs a ticket of its own to continue the control connection's session (RFC 8446 C.4), and
    /// must find it there when it begins.
    void renew_ticket()
    {
        if (auto* const tls = control_tls())
            tls->send_ticket();
    }

    [[nodiscard]] std::unique_ptr<tls_stream> make_control_tls(int socket) const
    {
        return terms->tls ? terms->tls->accept_control(socket, session_.facts().host) : nullptr;
    }
    [[nodiscard]] std::unique_ptr<tls_stream> make_data_tls(int socket, const tls_stream& control) const
    {
        return terms->tls->accept_data(socket, control);
    }

    [[nodiscard]] passive_listeners& listeners() noexcept { return terms->listeners; }
    [[nodiscard]] const std::shared_ptr<store_worker>& file_worker() const noexcept { return files_; }
    void pumped() noexcept { turn_began_.reset(); }
    void expect_answer() noexcept { session_last_told = session_.facts().id; }

    /// Whether this is another step of the task whose step was the last call.
    bool goes_on(const store_request& asked)
    {
        const auto* const step = std::get_if<store_call::run_task>(&asked);
        if (step == nullptr)
            return false;
        const bool is_begun = !begun_task_.owner_before(step->task) && !step->task.owner_before(begun_task_);
        begun_task_ = step->task;
        return is_begun;
    }

    /// Whether it looks for names that fit a pattern, or goes on with that: many may be passed over before one fits.
    bool searches(const store_request& asked)
    {
        const auto* const opens = std::get_if<store_call::open_listing>(&asked);
        return std::exchange(is_search_, opens != nullptr && is_glob(opens->listing.path)) || is_search_;
    }

    /// Whether the calls made here since the thread came to this session have taken long together, as the steps of a
    /// task and commands that were sent at once may, however quick each is. More would keep the thread from its other
    /// sessions, and this one from hearing ABOR.
    bool is_turn_over() noexcept
    {
        const auto time = now();
        if (!turn_began_)
            turn_began_ = time;
        return time - *turn_began_ > store_pace::longest;
    }

    void tell_end()
    {
        if (auto tell = std::exchange(when_ended_, nullptr))
            tell();
    }

    std::shared_ptr<store_worker> files_;
    store_worker& logins_;
    std::function<std::shared_ptr<authenticator>()> current_authenticator_;
    std::atomic<bool> is_over_ = false;           ///< The session; for jobs whose turn comes later.
    std::atomic<bool> is_cut_off_ = false;        ///< For jobs, too.
    std::weak_ptr<store_task> begun_task_;        ///< Whose step was the last one asked for.
    bool is_long_ = false;                        ///< That task, or the turn: the workers do the rest.
    bool is_search_ = false;                      ///< The listing opened last is one.
    std::optional<clock::time_point> turn_began_; ///< When the first call was made in this turn.
    std::function<void()> when_ended_;            ///< Empty when it was called.
    std::function<void()> when_gone_;
};

} // namespace libftp::net
