// Drives one session, a server's or a client's, over a control connection: bytes, one timer, data connections.
#pragma once

#include "asio_types.hpp"
#include "data_channel.hpp"

#include <libftp/secret.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>

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
/// written on the session's own executor.
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
            busy = write_output();
            while (auto next = session_.next_action()) {
                busy = true;
                std::visit([this](auto&& asked) { derived().carry_out(std::forward<decltype(asked)>(asked)); },
                           std::move(*next));
            }
        }
        pumping_ = false;
        derived().pumped();
        if (closed_)
            return;
        wait_for_input();
        keep_timer();
    }

    /// Closes everything at once, whatever the session still waits for.
    void drop()
    {
        if (!closed_)
            carry_out(action::close_control{});
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
        session_.data_connected(id, std::move(peer), now());
        pump();
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
        if (channel_ && channel_->transfer() == op_id::none)
            channel_.reset(); // a data connection serves one transfer
        session_.transfer_finished(id, outcome, now());
        pump();
    }

protected:
    template <class... Arguments>
    session_pump(tcp::socket socket, const ip_address& local, Arguments&&... for_session)
        : socket_(std::move(socket)), timer_(socket_.get_executor()), local_(local),
          session_(std::forward<Arguments>(for_session)...)
    {
        std::error_code ignored;
        socket_.non_blocking(true, ignored);
        close_on_exec(socket_.native_handle());
        socket_.set_option(tcp::no_delay{true}, ignored);
        socket_.set_option(asio::socket_base::keep_alive{true}, ignored);
        // Some clients send ABOR as urgent data (RFC 959 4.1.3); those bytes belong into the stream.
        socket_.set_option(asio::socket_base::out_of_band_inline{true}, ignored);
    }
    ~session_pump() override = default;

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
    void carry_out(action::send_data asked) { channel_->send(std::move(asked)); }
    void carry_out(action::receive_data asked) { channel_->receive(std::move(asked)); }
    void carry_out(action::close_control /*asked*/)
    {
        closed_ = true;
        if (channel_)
            std::exchange(channel_, nullptr)->close();
        std::error_code ignored;
        timer_.cancel();
        socket_.cancel(ignored);
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
        linger();
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
    static constexpr std::chrono::seconds linger_limit{2};

    Derived& derived() noexcept { return static_cast<Derived&>(*this); }

    void new_channel(op_id id)
    {
        if (channel_)
            channel_->close();
        channel_ =
            std::make_shared<data_channel>(socket_.get_executor(), derived().file_worker(), this->weak_from_this(), id);
    }

    bool write_output()
    {
        bool wrote = false;
        while (!waits_to_write_ && !session_.output().empty()) {
            std::error_code error;
            const auto n = socket_.write_some(asio::buffer(session_.output()), error);
            if (error == asio::error::would_block) {
                waits_to_write_ = true;
                socket_.async_wait(tcp::socket::wait_write, [self = this->shared_from_this()](std::error_code failed) {
                    self->waits_to_write_ = false;
                    if (!failed)
                        self->pump();
                });
            } else if (error) {
                session_.connection_lost(now());
            } else {
                session_.output_sent(n, now());
            }
            wrote = true;
        }
        return wrote;
    }

    void wait_for_input()
    {
        if (waits_to_read_ || !session_.wants_input())
            return;
        waits_to_read_ = true;
        socket_.async_wait(tcp::socket::wait_read, [self = this->shared_from_this()](std::error_code failed) {
            self->waits_to_read_ = false;
            if (failed || self->closed_)
                return;
            self->read();
            self->pump();
        });
    }

    /// One buffer serves all sessions of a thread: an idle one costs none.
    void read()
    {
        thread_local std::array<char, 16 * 1024> buffer;
        std::error_code error;
        const auto n = socket_.read_some(asio::buffer(buffer), error);
        if (!error) {
            session_.received({buffer.data(), n}, now());
            wipe(buffer.data(), n); // it may have held a password
        } else if (error == asio::error::eof) {
            session_.received_eof(now());
        } else if (error != asio::error::would_block) {
            session_.connection_lost(now());
        }
    }

    /// The armed timer may be earlier than the deadline, which moves on with every command: then it is armed anew when
    /// it expires, not each time.
    void keep_timer()
    {
        const auto deadline = session_.deadline();
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

    /// Closing while the peer still sends would reset the connection and could take the last reply from it: what comes
    /// is read and dropped until the peer closes too, for a while.
    void linger()
    {
        timer_.expires_after(linger_limit);
        timer_.async_wait([self = this->shared_from_this()](std::error_code) {
            std::error_code ignored;
            self->socket_.close(ignored);
        });
        drop_input();
    }

    void drop_input()
    {
        std::array<char, 4096> dropped;
        std::error_code error;
        for (int pieces = 0; pieces < 16 && !error; ++pieces)
            socket_.read_some(asio::buffer(dropped), error);
        if (error && error != asio::error::would_block) {
            timer_.cancel();
            return;
        }
        socket_.async_wait(tcp::socket::wait_read, [self = this->shared_from_this()](std::error_code failed) {
            if (!failed)
                self->drop_input();
        });
    }

    tcp::socket socket_;
    asio::steady_timer timer_;
    ip_address local_; ///< Where data connections are bound.
    std::shared_ptr<data_channel> channel_;
    std::optional<clock::time_point> armed_;
    bool pumping_ = false;
    bool waits_to_read_ = false;
    bool waits_to_write_ = false;
    bool closed_ = false;

protected:
    Session session_;
};

} // namespace libftp::net
