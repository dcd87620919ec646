// What the floor's programs need of the system: descriptors that close themselves, and listeners on loopback.
#pragma once

#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench_floor {

[[noreturn]] inline void fail(const std::string& what)
{
    throw std::system_error{errno, std::system_category(), what};
}

class descriptor {
public:
    descriptor() = default;
    /// Takes over what a call of the system has returned.
    descriptor(int number, const char* what) : number_(number)
    {
        if (number_ < 0)
            fail(what);
    }
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        other.close();
        return *this;
    }
    ~descriptor() { close(); }

    void close() noexcept
    {
        if (number_ >= 0)
            ::close(std::exchange(number_, -1));
    }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_ = -1;
};

/// A listener on a port of loopback; 0 is a free one.
inline descriptor listen_on(std::uint16_t port, int backlog)
{
    descriptor made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"};
    const int again = 1;
    if (port != 0 && ::setsockopt(made.number(), SOL_SOCKET, SO_REUSEADDR, &again, sizeof again) != 0)
        fail("SO_REUSEADDR");
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(made.number(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
        ::listen(made.number(), backlog) != 0)
        fail("listen");
    return made;
}

inline std::uint16_t port_of(const descriptor& listener)
{
    sockaddr_in where{};
    socklen_t size = sizeof where;
    if (::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&where), &size) != 0)
        fail("getsockname");
    return ntohs(where.sin_port);
}

} // namespace bench_floor
