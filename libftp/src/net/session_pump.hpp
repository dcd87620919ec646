// Drives one session, a server's or a client's, over a control connection: bytes, one timer, data connections.
#pragma once

#include "asio_types.hpp"
#include "data_channel.hpp"
#include "lingering_close.hpp"
#include "socket_stream.hpp"

#include <libftp/error.hpp>
#include <libftp/secret.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace libftp::net {

/// After anything happened: write output, carry out actions, read if input is wanted, keep the timer. No decision about
/// the protocol is made here. Everything happens on one executor that runs one handler at a time.
///
/// `Session` is server_session or client_session. `Derived` carries out the actions that only its session has, hears of
/// each round by pumped(), and has the listeners() and the file_worker(), which is nullptr where files are read and
/// written on the session's own executor. It makes the TLS of its side: make_control_tls(socket), and
/// make_data_tls(socket, TLS of the control connection); nullptr: there is none.
template <class Derived, class Session>
class session_pump : public data_events, public std::enable_shared_from_this<Derived> {
public:
    Session& session() noexcept { return session_; }
    [[nodiscard]] bool is_closed() const noexcept { return closed_; }

    /// Does what the session wants now; to be called once to begin, and after every call of the session from outside.
    /// The object must be held by a shared_ptr; its pending work keeps it alive until the session is closed.
    void pump()
    {
        if (std::exchange(pumping_, true))
            return; // an event inside the loop below, which goes on
        for (bool busy = true; busy && !closed_;) {
            // What a short download says at its beginning and at its end goes out together, and wakes the peer once.
            busy = (!is_output_awaited() && take_connections()) || write_output();
            if constexpr (speaks_tls)
                busy = busy || carry_on_tls();
            busy = carry_out_actions() || busy || take_connections();
        }
        pumping_ = false;
        derived().pumped();
        if (closed_)
            return;
        wait_for_input();
        if (!waits_to_read_ && break_wait_ == break_wait::none && !tls_is_changing_)
            wait_for_break();
        keep_timer();
    }

    /// Closes everything at once, whatever the session still waits for.
    void drop()
    {
        if (!closed_)
            derived().carry_out(action::close_control{});
    }

    /// Closes the sockets at once, for a session that nobody asks about any more: its loop may have stopped.
    void cut_off()
    {
        closed_ = true;
        timer_.cancel();
        if (channel_)
            std::exchange(channel_, nullptr)->close();
        std::error_code ignored;
        socket_.close(ignored);
    }

    bool has_peer_left() override
    {
        if (!session_.wants_input())
            return false; // what it said last counts
        char byte = 0;
        std::error_code error;
        socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
        return error && error != asio::error::would_block;
    }
    void data_listening(op_id id, result<endpoint> where) override
    {
        session_.data_listening(id, std::move(where), now());
        pump();
    }
    void data_connected(op_id id, result<endpoint> peer) override
    {
        const bool was_output_awaited = is_output_awaited();
        session_.data_connected(id, std::move(peer), now());
        // Beginning TLS is an action, which servers do not expect before the command.
        if (was_output_awaited)
            write_output();
        carry_out_actions(); // one may be to reject it, before it is kept
        pump();
    }
    void data_secured(op_id id, result<tls_facts> outcome) override
    {
        if constexpr (speaks_tls) {
            session_.data_secured(id, std::move(outcome), now());
            pump();
        }
    }
    void transfer_progressed(op_id id, std::uint64_t bytes) override
    {
        session_.transfer_progressed(id, bytes, now());
        pump();
    }
    void transfer_held(op_id id) override
    {
        if constexpr (requires { session_.transfer_held(id, now()); }) {
            session_.transfer_held(id, now());
            pump();
        }
    }
    void transfer_marked(op_id id, const restart_mark& mark) override
    {
        if constexpr (requires { session_.transfer_marked(id, mark, now()); }) {
            session_.transfer_marked(id, mark, now());
            pump();
        }
    }
    void transfer_finished(op_id id, const transfer_outcome& outcome) override
    {
        if (channel_ && channel_->transfer() == op_id::none && !channel_->is_left_open())
            channel_.reset();
        session_.transfer_finished(id, outcome, now());
        pump();
    }

protected:
    /// `socket` has its control options, and other programs do not inherit it.
    template <class... Arguments>
    session_pump(tcp::socket socket, const ip_address& local, Arguments&&... for_session)
        : socket_(std::move(socket)), timer_(socket_.get_executor()), local_(local),
          session_(std::forward<Arguments>(for_session)...)
    {
        std::error_code ignored;
        socket_.non_blocking(true, ignored);
    }
    ~session_pump() override = default;

    void carry_out(action::start_tls asked) { tls_start_ = asked.id; }
    void carry_out(action::stop_tls asked) { tls_stop_ = asked.id; }
    void carry_out(action::listen_data asked)
    {
        new_channel(asked.id);
        channel_->listen(derived().listeners(), local_, asked.from);
    }
    void carry_out(action::connect_data asked)
    {
        new_channel(asked.id);
        channel_->connect({local_, asked.local_port}, asked.to);
    }
    void carry_out(action::reject_data asked)
    {
        if (channel_ && channel_->id() == asked.id)
            channel_->reject();
    }
    void carry_out(action::close_data asked)
    {
        if (channel_ && channel_->id() == asked.id)
            std::exchange(channel_, nullptr)->close();
    }
    void carry_out(action::secure_data asked)
    {
        if (channel_ && channel_->id() == asked.id && stream_.tls() != nullptr)
            channel_->secure(derived().make_data_tls(channel_->descriptor(), *stream_.tls()));
        else
            data_secured(asked.id, tls_errc::not_available);
    }
    void carry_out(action::send_data asked)
    {
        if (channel_)
            channel_->send(std::move(asked));
        else
            tell_of_no_channel(asked.id);
    }
    void carry_out(action::receive_data asked)
    {
        if (channel_)
            channel_->receive(std::move(asked));
        else
            tell_of_no_channel(asked.id);
    }
    void tell_of_no_channel(op_id transfer)
    {
        transfer_finished(transfer,
                          {0, transfer_fault::connection, std::make_error_code(std::errc::connection_aborted)});
    }
    void carry_out(action::close_control /*asked*/)
    {
        closed_ = true;
        if (channel_)
            std::exchange(channel_, nullptr)->close();
        std::error_code ignored;
        timer_.cancel();
        socket_.cancel(ignored);
        if (!stream_.is_clear() && !waits_to_write_)
            stream_.tls()->close();
        close_lingering(this->shared_from_this(), socket_, timer_, peer_has_ended_);
    }

    /// Runs `job` on the worker, or here without one, then `done(what it gave)` here.
    template <class Job, class Done>
    void work(store_worker* where, Job job, Done done)
    {
        if (where == nullptr)
            return done(job());
        where->run(socket_.get_executor(), std::move(job),
                   [self = this->shared_from_this(), done = std::move(done)](auto outcome) mutable {
                       done(std::move(outcome));
                       self->pump();
                   });
    }

private:
    static constexpr std::uint64_t max_backlog_bytes = 4096; // far less than a socket takes

    Derived& derived() noexcept { return static_cast<Derived&>(*this); }

    bool awaits_data_connection() const noexcept
    {
        if constexpr (requires { session_.awaits_data_connection(); })
            return session_.awaits_data_connection();
        return true;
    }

    bool is_output_awaited() const noexcept
    {
        if constexpr (requires { session_.is_output_awaited(); })
            return session_.is_output_awaited();
        return true;
    }

    /// Whether there were any.
    bool carry_out_actions()
    {
        bool found = false;
        while (auto next = session_.next_action()) {
            found = true;
            std::visit([this](auto&& asked) { derived().carry_out(std::forward<decltype(asked)>(asked)); },
                       std::move(*next));
        }
        return found;
    }

    /// Whether one came, which the session has heard of.
    bool take_connections() { return channel_ && awaits_data_connection() && channel_->take_connections(); }

    void new_channel(op_id id)
    {
        if (channel_)
            channel_->close();
        channel_ =
            std::make_shared<data_channel>(socket_.get_executor(), derived().file_worker(), this->weak_from_this(), id);
    }

    /// Whether anything was done. A server's connection hears when an answer may come at once.
    bool write_output()
    {
        bool wrote = false;
        if constexpr (requires { session_.is_output_last(); }) {
            if (session_.is_output_last())
                cork(descriptor_of(socket_), corking::on); // the peer is woken once
        }
        while (!waits_to_write_ && !tls_is_changing_ && !session_.output().empty()) {
            const auto step = stream_.write(descriptor_of(socket_), session_.output());
            const bool is_stuck = step.bytes == 0 && step.waits == tls_wait::nothing;
            if (step.error || is_stuck)
                session_.connection_lost(now());
            else if (step.waits != tls_wait::nothing)
                wait_to_write(step.waits);
            else
                session_.output_sent(step.bytes, now());
            wrote = true;
        }
        if constexpr (requires { derived().expect_answer(); }) {
            if (wrote && stream_.is_clear()) // in TLS the peer has to compute before it answers
                derived().expect_answer();
        }
        return wrote;
    }

    void wait_to_write(tls_wait until)
    {
        waits_to_write_ = true;
        socket_.async_wait(to_asio(until), [self = this->shared_from_this()](std::error_code failed) {
            self->waits_to_write_ = false;
            if (!failed)
                self->pump();
        });
    }

    void wait_for_input()
    {
        if (waits_to_read_ || tls_is_changing_ || !session_.wants_input())
            return;
        waits_to_read_ = true;
        auto take = [self = this->shared_from_this()](std::error_code failed) {
            self->waits_to_read_ = false;
            if (failed || self->closed_)
                return;
            if (!self->tls_is_changing_)
                self->read();
            self->pump();
        };
        if (stream_.has_input()) // the socket may stay silent
            asio::post(socket_.get_executor(), [take = std::move(take)] { take({}); });
        else
            socket_.async_wait(to_asio(input_waits_), std::move(take));
    }

    /// While nothing is read, nobody would notice that the peer has gone, and long work for it would go on. A transfer
    /// does notice, and may come to its end without the control connection. Urgent data ends the wait too, and would do
    /// so again and again: the next one begins when there has been input.
    void wait_for_break()
    {
        break_wait_ = break_wait::runs;
        socket_.async_wait(tcp::socket::wait_error, [self = this->shared_from_this()](std::error_code failed) {
            self->break_wait_ = break_wait::is_over;
            const bool has_transfer = self->channel_ && self->channel_->transfer() != op_id::none;
            if (failed || self->closed_ || self->waits_to_read_ || has_transfer ||
                !pending_error(descriptor_of(self->socket_)))
                return;
            self->session_.connection_lost(now());
            self->pump();
        });
    }

    /// One buffer serves all sessions of a thread: an idle one costs none.
    void read()
    {
        if (break_wait_ == break_wait::is_over)
            break_wait_ = break_wait::none;
        thread_local std::array<char, 16 * 1024> buffer;
        const auto step = stream_.read(descriptor_of(socket_), buffer);
        input_waits_ = step.waits;
        if (step.bytes != 0) {
            session_.received({buffer.data(), step.bytes}, now());
            wipe(buffer.data(), step.bytes); // it may have held a password
        }
        peer_has_ended_ = step.has_ended;
        if (step.has_ended || step.error == tls_errc::truncated)
            session_.received_eof(now());
        else if (step.error)
            break_off(step.error);
    }

    /// A fault of TLS may be the peer's late answer to the handshake.
    void break_off(std::error_code error)
    {
        if constexpr (speaks_tls)
            if (error.category() == tls_category())
                session_.tls_started(tls_begun_, error, now());
        session_.connection_lost(now());
    }

    /// What was asked of TLS waits until all output before it has been sent. Whether anything was done.
    bool carry_on_tls()
    {
        if ((tls_start_ == op_id::none && tls_stop_ == op_id::none) || waits_to_write_ || tls_is_changing_ ||
            !session_.output().empty())
            return false;
        tls_is_changing_ = true;
        tls_start_ != op_id::none ? shake_hands() : leave_tls();
        return true;
    }

    void shake_hands()
    {
        auto tls = derived().make_control_tls(descriptor_of(socket_));
        if (!tls)
            return tls_started(tls_errc::not_available);
        stream_.begin_tls(std::move(tls));
        carry_through(
            socket_, [this] { return handshake_step(); },
            [self = this->shared_from_this()](const tls_step& end) {
                if (self->closed_)
                    return;
                if (end.error)
                    self->tls_started(from_asio(end.error));
                else
                    self->tls_started(self->stream_.tls()->facts());
                self->pump();
            });
    }

    /// It may ask a person, and that time is not the server's.
    tls_step handshake_step()
    {
        const auto began = now();
        const auto made = stream_.tls()->handshake();
        if constexpr (requires { session_.tls_held(tls_start_, now() - began, now()); })
            session_.tls_held(tls_start_, now() - began, now());
        return made;
    }

    void tls_started(result<tls_facts> outcome)
    {
        tls_is_changing_ = false;
        if (!outcome)
            stream_.end_tls(); // nothing can be said through it
        tls_begun_ = std::exchange(tls_start_, op_id::none);
        session_.tls_started(tls_begun_, std::move(outcome), now());
    }
    void leave_tls()
    {
        carry_through(
            socket_, [this] { return stream_.tls()->close(); },
            [self = this->shared_from_this()](const tls_step& end) {
                if (end.error)
                    self->tls_ended(from_asio(end.error));
                else
                    self->tls_ended({});
            });
    }

    void tls_ended(result<void> outcome)
    {
        if (closed_)
            return;
        tls_is_changing_ = false;
        stream_.end_tls();
        session_.tls_ended(std::exchange(tls_stop_, op_id::none), std::move(outcome), now());
        pump();
    }

    /// The armed timer may be earlier than the deadline, which moves on with every command: then it is armed anew when
    /// it expires, not each time. Where a session wants neither input nor the time, because it waits for the end of a
    /// transfer, the timer is what keeps it alive.
    void keep_timer()
    {
        auto deadline = session_.deadline();
        if (!deadline && !waits_to_read_)
            deadline = clock::time_point::max();
        if (!deadline || (armed_ && *armed_ <= *deadline))
            return;
        armed_ = deadline;
        timer_.expires_at(to_steady(*deadline));
        timer_.async_wait([self = this->shared_from_this()](std::error_code canceled) {
            if (canceled || self->closed_)
                return;
            self->armed_.reset();
            self->session_.deadline_passed(now());
            self->pump();
        });
    }

    static constexpr bool speaks_tls = requires(Session & session, result<tls_facts> outcome)
    {
        session.tls_started(op_id::none, outcome, now());
    };

    tcp::socket socket_;
    socket_stream stream_;          ///< Over socket_.
    op_id tls_start_ = op_id::none; ///< Asked for, and not done yet; as tls_stop_.
    op_id tls_stop_ = op_id::none;
    op_id tls_begun_ = op_id::none; ///< Asked for, and done.
    bool tls_is_changing_ = false;  ///< Nothing else is read or written meanwhile.
    asio::steady_timer timer_;
    ip_address local_; ///< Where data connections are bound.
    std::shared_ptr<data_channel> channel_;
    enum class break_wait : std::uint8_t { none, runs, is_over } break_wait_ = break_wait::none;
    std::optional<clock::time_point> armed_;
    bool pumping_ = false;
    bool waits_to_read_ = false;
    bool waits_to_write_ = false;
    tls_wait input_waits_ = tls_wait::readable; ///< TLS may have to answer before it can read on.
    bool peer_has_ended_ = false;               ///< It sends no more.
    bool closed_ = false;

protected:
    /// For its tickets; nullptr: none can be sent now. A peer that does not take them must not block what it says: TLS
    /// reads nothing while a ticket of its own is stuck.
    [[nodiscard]] tls_stream* control_tls()
    {
        if (stream_.is_clear() || waits_to_write_ || tls_is_changing_ ||
            unacknowledged_bytes(descriptor_of(socket_)) > max_backlog_bytes)
            return nullptr;
        return stream_.tls();
    }

    Session session_;
};

} // namespace libftp::net
