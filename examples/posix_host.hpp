// What a session needs of its host on a POSIX system, for the examples that have a loop of their own.
#pragma once

#include "posix_sockets.hpp"

#include <libftp/session/answer_here.hpp>
#include <libftp/session/server_session.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <poll.h>
#include <string_view>

/// Hands the session what has come on the control connection, or waits for it.
template <class Session>
void read_control(Session& session, const descriptor& control)
{
    std::array<char, 4096> buffer;
    const auto count = recv(control.number(), buffer.data(), buffer.size(), 0);
    if (count > 0)
        session.received({buffer.data(), static_cast<std::size_t>(count)}, now());
    else if (count == 0)
        session.received_eof(now());
    else if (errno != EAGAIN && errno != EINTR)
        session.connection_lost(now());
}

/// Sends what the session says, without waiting as much as goes at once.
template <class Session>
void write_control(Session& session, const descriptor& control, int flags = MSG_DONTWAIT)
{
    while (!session.output().empty()) {
        const auto said = session.output();
        const auto count = send(control.number(), said.data(), said.size(), flags | MSG_NOSIGNAL);
        if (count >= 0)
            session.output_sent(static_cast<std::size_t>(count), now());
        else if (errno != EAGAIN)
            session.connection_lost(now());
        else
            return;
    }
}

/// For poll(2), in milliseconds; negative: for ever.
inline int time_until(std::optional<libftp::clock::time_point> deadline)
{
    if (!deadline)
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

/// Does what the session asks of the network besides the control connection, and tells it what came of that. Clear
/// text only. Connecting waits for the peer; nothing else here does if woken() is called when poll(2) says so.
template <class Session>
class data_connection {
public:
    data_connection(Session& session, const descriptor& control) : session_(session), control_(control) {}

    void carry_out(libftp::action::listen_data& asked)
    {
        listening_ = asked.id;
        listener_ = listen_at({end_of(control_, getsockname).address, 0});
        const libftp::result<libftp::endpoint> refused = last_error();
        session_.data_listening(asked.id, listener_ ? end_of(listener_, getsockname) : refused, now());
    }
    void carry_out(libftp::action::connect_data& asked)
    {
        const auto refused = std::make_error_code(std::errc::connection_refused);
        socket_ = connect_to(asked.to);
        session_.data_connected(asked.id, socket_ ? libftp::result<libftp::endpoint>{asked.to} : refused, now());
    }
    void carry_out(libftp::action::reject_data& /*asked*/) { socket_.close(); }
    void carry_out(libftp::action::close_data& /*asked*/)
    {
        listener_.close();
        finish(libftp::transfer_fault::canceled, std::make_error_code(std::errc::operation_canceled));
    }
    void carry_out(libftp::action::send_data& asked)
    {
        transfer_ = asked.id;
        source_ = std::move(asked.source);
    }
    void carry_out(libftp::action::receive_data& asked)
    {
        transfer_ = asked.id;
        sink_ = std::move(asked.sink);
    }

    /// Those that only a host with TLS, and its control connection, have to do.
    void carry_out(auto& /*asked*/) {}

    [[nodiscard]] bool moves() const noexcept { return source_ || sink_; }
    /// What poll(2) is to wait for; its descriptor is negative if that is nothing.
    [[nodiscard]] pollfd awaited() const noexcept
    {
        if (moves())
            return {socket_.number(), static_cast<short>(source_ ? POLLOUT : POLLIN), 0};
        return {socket_ ? -1 : listener_.number(), POLLIN, 0};
    }
    /// Something of it has come: moves one portion, or takes the connection.
    void woken()
    {
        if (source_)
            return send_portion();
        if (sink_)
            return receive_portion();
        socket_ = accept_at(listener_);
        const libftp::result<libftp::endpoint> failed = last_error();
        session_.data_connected(listening_, socket_ ? end_of(socket_, getpeername) : failed, now());
    }

private:
    void send_portion()
    {
        if (unsent_.empty()) {
            const auto count = source_->read(buffer_);
            if (!count)
                return finish(libftp::transfer_fault::store, count.error());
            if (*count == 0)
                return finish(libftp::transfer_fault::none, {});
            unsent_ = {buffer_.data(), *count};
        }
        const auto count = send(socket_.number(), unsent_.data(), unsent_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) {
            unsent_.remove_prefix(static_cast<std::size_t>(count));
            moved(count);
        } else if (errno != EAGAIN) {
            finish(libftp::transfer_fault::connection, last_error());
        }
    }

    void receive_portion()
    {
        const auto count = recv(socket_.number(), buffer_.data(), buffer_.size(), 0);
        if (count < 0)
            return finish(libftp::transfer_fault::connection, last_error());
        const auto written = sink_->write({buffer_.data(), static_cast<std::size_t>(count)});
        if (!written)
            return finish(libftp::transfer_fault::store, written.error());
        if constexpr (requires(const libftp::restart_mark& mark) { session_.transfer_marked(transfer_, mark, now()); })
            while (const auto mark = sink_->next_mark())
                session_.transfer_marked(transfer_, *mark, now());
        if (count != 0)
            moved(count);
        if (count == 0 || sink_->is_complete()) {
            const auto committed = std::exchange(sink_, nullptr)->commit();
            finish(committed ? libftp::transfer_fault::none : libftp::transfer_fault::store,
                   committed ? std::error_code{} : committed.error());
        }
    }

    void moved(ssize_t count)
    {
        session_.transfer_progressed(transfer_, bytes_ += static_cast<std::uint64_t>(count), now());
    }

    void finish(libftp::transfer_fault fault, std::error_code error)
    {
        socket_.close();
        unsent_ = {};
        source_.reset();
        if (const auto unfinished = std::exchange(sink_, nullptr))
            unfinished->discard(error);
        if (const auto id = std::exchange(transfer_, libftp::op_id::none); id != libftp::op_id::none)
            session_.transfer_finished(id, {std::exchange(bytes_, 0), fault, error}, now());
    }

    Session& session_;
    const descriptor& control_;
    descriptor listener_, socket_;
    libftp::op_id listening_{}, transfer_{};
    std::unique_ptr<libftp::file_reader> source_;
    std::unique_ptr<libftp::file_writer> sink_;
    std::array<char, 65536> buffer_{};
    std::string_view unsent_; ///< Part of buffer_.
    std::uint64_t bytes_ = 0;
};

/// A client of a server, with its session.
struct served_client {
    descriptor control;
    libftp::server_session session;
    data_connection<libftp::server_session> data{session, control};

    served_client(descriptor socket, const libftp::session_options& options, libftp::session_observer& observer)
        : control(std::move(socket)),
          session(options, observer, 1, end_of(control, getpeername), end_of(control, getsockname), now())
    {
        // Some clients send ABOR as urgent data (RFC 959 4.1.3), which belongs into the stream.
        const int yes = 1;
        setsockopt(control.number(), SOL_SOCKET, SO_OOBINLINE, &yes, sizeof yes);
    }

    /// Says what the session has to say, and does what it asks for. To be called after anything has happened.
    void catch_up(libftp::authenticator& logins, int flags = MSG_DONTWAIT)
    {
        write_control(session, control, flags);
        while (auto asked = session.next_action()) {
            if (auto of_network = answer_here(session, logins, *std::move(asked), now))
                std::visit([this](auto& each) { data.carry_out(each); }, *of_network);
            write_control(session, control, flags);
        }
    }
};
