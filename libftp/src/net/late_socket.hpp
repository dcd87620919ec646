// The socket of a data connection.
#pragma once

#include "asio_types.hpp"
#include "system_calls.hpp"

#include <utility>

namespace libftp::net {

/// Asio hears of an accepted socket only when that is to be waited for: telling the kernel of one, and hearing of all
/// that happens to it, takes a good part of the time of a small file, and most of these never have to be waited for.
class late_socket {
public:
    explicit late_socket(const asio::any_io_executor& executor) : socket_(executor) {}
    late_socket(const asio::any_io_executor& executor, const accepted_socket& who)
        : socket_(executor), protocol_(who.peer.protocol()), accepted_(who.descriptor)
    {
    }
    late_socket(late_socket&& other) noexcept
        : socket_(std::move(other.socket_)), protocol_(other.protocol_), accepted_(std::exchange(other.accepted_, none))
    {
    }
    late_socket& operator=(late_socket&& other) noexcept
    {
        close();
        socket_ = std::move(other.socket_);
        protocol_ = other.protocol_;
        accepted_ = std::exchange(other.accepted_, none);
        return *this;
    }
    ~late_socket() { close(); }

    /// The same before and after, so that another thread may use it meanwhile.
    [[nodiscard]] int descriptor() { return accepted_ != none ? accepted_ : descriptor_of(socket_); }
    /// It is Asio's from now on. Where the system has no room for that, whatever is asked of it fails.
    [[nodiscard]] tcp::socket& asio()
    {
        std::error_code shows_later;
        if (accepted_ != none && !socket_.is_open())
            assign(socket_, protocol_, accepted_, shows_later);
        return socket_;
    }
    void shut_down_sending() { net::shut_down_sending(descriptor()); }
    void close()
    {
        std::error_code ignored;
        if (socket_.is_open())
            socket_.close(ignored);
        else if (accepted_ != none)
            close_socket(accepted_);
        accepted_ = none;
    }

private:
    static constexpr int none = -1;

    tcp::socket socket_;
    tcp protocol_ = tcp::v4();
    int accepted_ = none;
};

} // namespace libftp::net
