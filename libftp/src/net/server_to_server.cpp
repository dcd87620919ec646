// The conversation with two servers that makes one send a file to the other.
#include "server_to_server.hpp"

#include "../session/client_replies.hpp"
#include "../session/transfer_replies.hpp"

#include <libftp/protocol/address_codec.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace libftp::net {

namespace {

/// A target that says nothing before it has the data connection gets it nevertheless.
constexpr std::chrono::milliseconds patience_with_target{500};
constexpr std::chrono::seconds longest_abort{10};

/// One of the two servers. What touches its engine happens on that one's executor; everything else, and all handlers,
/// at home.
class side : public std::enable_shared_from_this<side> {
public:
    using reply_handler = std::function<void(client_result<reply>)>;

    side(std::shared_ptr<client_engine> engine, asio::any_io_executor home)
        : engine_(std::move(engine)), home_(std::move(home))
    {
    }

    /// The server's end of the control connection, as soon as it has answered.
    [[nodiscard]] const endpoint& peer() const noexcept { return peer_; }
    [[nodiscard]] const client_engine* engine() const noexcept { return engine_.get(); }
    [[nodiscard]] const client_options& options() const noexcept { return engine_->context()->options; }
    /// Whether the last reply to what was asked is still to come, wanted or not.
    [[nodiscard]] bool owes_reply() const noexcept { return owes_reply_; }

    /// Waits until nobody else has the turn there; from then on until leave() no other operation comes between.
    void enter(const time_limit& until, std::function<void(client_result<void>)> done)
    {
        const auto told = at_home<client_result<void>>(std::move(done));
        const auto begun = run_there([self = shared_from_this(), until, told] {
            auto entered = [self, told](client_result<client_link::turn> mine) {
                if (!mine)
                    return told(std::move(mine.error()));
                self->turn_ = *mine;
                const auto* session = self->engine_->main_link()->session();
                // Two servers would both wait for a handshake: one of them would have to act as a client (SSCN, CPSV).
                if (session != nullptr && session->protects_data())
                    return told(operation_error{.code = protocol_errc::not_supported});
                told({});
            };
            self->cancel_ = self->engine_->main_link()->wait_for_turn(until, entered);
        });
        if (!begun)
            told(gone());
    }

    void leave()
    {
        run_there([self = shared_from_this()] {
            if (self->turn_ == 0 && self->cancel_)
                self->cancel_();
            self->engine_->main_link()->release(self->turn_);
        });
    }

    /// `begun` hears a 1yz reply.
    void ask(
        operation::command what, const time_limit& until, reply_handler done,
        std::function<void(const reply&)> begun = [](const reply&) {})
    {
        owes_reply_ = true;
        const auto told = at_home<client_result<reply>>(
            [self = shared_from_this(), done = std::move(done)](client_result<reply> answer) {
                self->owes_reply_ = !answer && is_given_up(answer.error());
                done(std::move(answer));
            });
        const auto asked = run_there([self = shared_from_this(), what = std::move(what), until, told,
                                      begun = at_home<reply>(std::move(begun))]() mutable {
            client_link::handlers handlers;
            handlers.done = [self, told](event::operation_done end) {
                if (const auto* session = self->engine_->main_link()->session())
                    asio::post(self->home_, [self, peer = session->peer()] { self->peer_ = peer; });
                told(take_value<operation::command>(std::move(end)));
            };
            handlers.preliminary = begun;
            self->cancel_ = self->engine_->start(std::move(what), until, std::move(handlers), self->turn_);
        });
        if (!asked)
            told(gone());
    }

    /// ABOR instead of whatever is awaited; without an answer the session is closed.
    void abort(std::function<void()> done)
    {
        const auto told = at_home<bool>([done = std::move(done)](bool) { done(); });
        const auto begun = run_there([self = shared_from_this(), told] {
            if (self->cancel_)
                self->cancel_();
            self->engine_->start(operation::command{"ABOR", {}},
                                 now() + std::min(longest_abort, self->options().reply_limit),
                                 {.done =
                                      [self, told](const event::operation_done& end) {
                                          if (end.answer.code == 0)
                                              self->engine_->main_link()->drop();
                                          told(true);
                                      }},
                                 self->turn_);
        });
        if (!begun)
            told(true);
    }

private:
    /// The command was sent, and nobody waits for its reply any more.
    static bool is_given_up(const operation_error& why) noexcept
    {
        return why.answer.code == 0 && why.step != operation_step::arguments && why.session == session_state::usable;
    }

    static operation_error gone() { return {.code = protocol_errc::canceled, .session = session_state::closed}; }

    /// False: its client is gone, perhaps with the loop that it ran on.
    template <class Job>
    bool run_there(Job job)
    {
        return engine_->post(std::move(job));
    }

    /// What calls `handler` at home, whose context is kept running until it is called or dropped.
    template <class Argument, class Handler>
    std::function<void(Argument)> at_home(Handler handler)
    {
        const auto home = std::make_shared<asio::executor_work_guard<asio::any_io_executor>>(home_);
        return [home, handler = std::move(handler)](Argument argument) {
            asio::post(home->get_executor(),
                       [home, handler, argument = std::move(argument)]() mutable { handler(std::move(argument)); });
        };
    }

    std::shared_ptr<client_engine> engine_;
    asio::any_io_executor home_;
    endpoint peer_;
    bool owes_reply_ = false;
    // Touched where the engine is.
    canceler cancel_; ///< Of what was asked last.
    client_link::turn turn_ = 0;
};

class server_to_server : public std::enable_shared_from_this<server_to_server> {
public:
    server_to_server(const std::shared_ptr<client_engine>& source, const std::shared_ptr<client_engine>& target,
                     std::string remote, std::string target_remote,
                     std::function<void(client_result<transfer_result>)> done)
        : source_(std::make_shared<side>(source, source->context()->executor)),
          target_(std::make_shared<side>(target, source->context()->executor)), remote_(std::move(remote)),
          target_remote_(std::move(target_remote)), until_(source->limit_from_now()), done_(std::move(done)),
          patience_(source->context()->executor)
    {
    }

    /// Always in the same order, whichever is the source: two transfers could otherwise wait for each other.
    void begin()
    {
        const bool is_target_first = std::less<>{}(target_->engine(), source_->engine());
        const auto first = is_target_first ? target_ : source_;
        const auto second = is_target_first ? source_ : target_;
        first->enter(until_, [self = shared_from_this(), second](client_result<void> entered) {
            if (self->failure_)
                return;
            if (!entered)
                return self->fail(std::move(entered.error()));
            second->enter(self->until_, [self](client_result<void> both) {
                if (self->failure_)
                    return;
                if (!both)
                    return self->fail(std::move(both.error()));
                self->ask(self->target_, {"TYPE", "I"}, &server_to_server::target_is_typed);
            });
        });
    }

    void fail(operation_error why)
    {
        if (failure_ || !done_)
            return;
        failure_ = std::move(why);
        patience_.cancel();
        for (const auto& each : {source_, target_}) {
            if (!each->owes_reply())
                continue;
            ++aborting_;
            each->abort([self = shared_from_this()] {
                --self->aborting_;
                self->finish_failed();
            });
        }
        finish_failed();
    }

private:
    using step = void (server_to_server::*)(const reply&);

    void ask(const std::shared_ptr<side>& whom, operation::command what, step next)
    {
        whom->ask(std::move(what), until_, [self = shared_from_this(), next](client_result<reply> answer) {
            self->take(std::move(answer), next);
        });
    }

    void take(client_result<reply> answer, step next)
    {
        if (failure_)
            return;
        if (!answer)
            return fail(std::move(answer.error()));
        (this->*next)(*answer);
    }

    void target_is_typed(const reply& /*answer*/) { ask(source_, {"TYPE", "I"}, &server_to_server::both_are_typed); }

    void both_are_typed(const reply& /*answer*/)
    {
        const bool is_extended = target_->peer().address.family() == address_family::ipv6;
        result_.data_command = is_extended ? data_command::epsv : data_command::pasv;
        ask(target_, {is_extended ? "EPSV" : "PASV", {}}, &server_to_server::target_listens);
    }

    void target_listens(const reply& answer)
    {
        auto& where = result_.data_peer;
        where = target_->peer();
        if (result_.data_command == data_command::epsv) {
            const auto port = parse_extended_passive_reply(whole_text(answer));
            where.port = port ? *port : std::uint16_t{0};
        } else {
            const auto announced = parse_passive_reply(whole_text(answer));
            where.port = announced ? announced->port : std::uint16_t{0};
            // Whoever can write this reply could otherwise aim the source at any host.
            if (announced && target_->options().passive_address == passive_address::as_announced)
                where.address = announced->address;
        }
        if (where.port == 0)
            return fail(
                {.code = protocol_errc::address_malformed, .answer = answer, .step = operation_step::data_address});
        const bool is_plain =
            where.address.family() == address_family::ipv4 && source_->peer().address.family() == address_family::ipv4;
        ask(source_,
            is_plain ? operation::command{"PORT", format_host_port(where)}
                     : operation::command{"EPRT", format_extended_port(where)},
            &server_to_server::source_is_told);
    }

    void source_is_told(const reply& /*answer*/)
    {
        begun_at_ = now();
        target_->ask(
            {"STOR", target_remote_}, until_,
            [self = shared_from_this()](client_result<reply> answer) {
                self->take(std::move(answer), &server_to_server::transferred);
            },
            [self = shared_from_this()](const reply& /*answer*/) { self->have_it_sent(); });
        patience_.expires_after(patience_with_target);
        patience_.async_wait([self = shared_from_this()](std::error_code canceled) {
            if (!canceled)
                self->have_it_sent();
        });
    }

    void have_it_sent()
    {
        if (failure_ || std::exchange(is_sending_, true))
            return;
        patience_.cancel();
        source_->ask(
            {"RETR", remote_}, until_,
            [self = shared_from_this()](client_result<reply> answer) {
                self->take(std::move(answer), &server_to_server::transferred);
            },
            [self = shared_from_this()](const reply& answer) {
                self->result_.announced = announced_size(answer);
                if (self->result_.announced)
                    self->result_.announced_by = size_source::preliminary_reply;
            });
    }

    /// One of them has confirmed.
    void transferred(const reply& answer)
    {
        if (!answer.is_completion())
            return fail(
                {.code = protocol_errc::reply_unexpected, .answer = answer, .step = operation_step::confirmation});
        have_it_sent(); // a server may leave the preliminary reply out
        if (source_->owes_reply() || target_->owes_reply())
            return;
        result_.is_confirmed = true;
        result_.time = now() - begun_at_;
        leave();
        std::exchange(done_, nullptr)(std::move(result_));
    }

    void finish_failed()
    {
        if (aborting_ != 0 || !done_)
            return;
        leave();
        std::exchange(done_, nullptr)(std::move(*failure_));
    }

    void leave()
    {
        source_->leave();
        target_->leave();
    }

    std::shared_ptr<side> source_;
    std::shared_ptr<side> target_;
    std::string remote_;
    std::string target_remote_;
    time_limit until_;
    std::function<void(client_result<transfer_result>)> done_; ///< Empty: it is over.
    asio::steady_timer patience_;
    clock::time_point begun_at_{};
    bool is_sending_ = false;
    transfer_result result_;
    std::optional<operation_error> failure_;
    unsigned aborting_ = 0;
};

} // namespace

canceler begin_server_to_server(const std::shared_ptr<client_engine>& source,
                                const std::shared_ptr<client_engine>& target, std::string remote,
                                std::string target_remote, std::function<void(client_result<transfer_result>)> done)
{
    if (source == target) { // one session cannot do both
        done(operation_error{.code = protocol_errc::argument_invalid});
        return {};
    }
    const auto transfer = std::make_shared<server_to_server>(source, target, std::move(remote),
                                                             std::move(target_remote), std::move(done));
    transfer->begin();
    return [weak = std::weak_ptr{transfer}] {
        if (const auto still = weak.lock())
            still->fail({.code = protocol_errc::canceled});
    };
}

} // namespace libftp::net
