// What the examples without Asio need of POSIX: IPv4 sockets as descriptors that close themselves, and the time.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

class descriptor {
public:
    explicit descriptor(int number = -1) noexcept : number_(number) {}
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
    explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_;
};

inline sockaddr_in to_system(const libftp::endpoint& where)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(where.port);
    std::memcpy(&address.sin_addr, where.address.bytes().data(), sizeof address.sin_addr);
    return address;
}

/// `which` end: getsockname for this one, getpeername for the far one.
inline libftp::endpoint end_of(const descriptor& socket, int (*which)(int, sockaddr*, socklen_t*))
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    which(socket.number(), reinterpret_cast<sockaddr*>(&address), &size);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &address.sin_addr, sizeof address.sin_addr);
    return {libftp::ip_address{bytes}, ntohs(address.sin_port)};
}

/// Empty if the system refuses.
inline descriptor listen_at(const libftp::endpoint& where)
{
    descriptor socket{::socket(AF_INET, SOCK_STREAM, 0)};
    const auto address = to_system(where);
    const bool listens = bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                         listen(socket.number(), SOMAXCONN) == 0;
    return listens ? std::move(socket) : descriptor{};
}

/// Waits for the connection, or for its failure: then it is empty.
inline descriptor connect_to(const libftp::endpoint& where)
{
    descriptor socket{::socket(AF_INET, SOCK_STREAM, 0)};
    const auto address = to_system(where);
    const bool connects = connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    return connects ? std::move(socket) : descriptor{};
}

/// Waits for a client.
inline descriptor accept_at(const descriptor& listener)
{
    return descriptor{accept(listener.number(), nullptr, nullptr)};
}

inline std::error_code last_error()
{
    return {errno, std::generic_category()};
}

/// Never runs backwards, and counts from the Unix epoch.
inline libftp::clock::time_point now()
{
    using namespace std::chrono;
    static const auto began = system_clock::now().time_since_epoch() - steady_clock::now().time_since_epoch();
    return libftp::clock::time_point{duration_cast<nanoseconds>(began + steady_clock::now().time_since_epoch())};
}
