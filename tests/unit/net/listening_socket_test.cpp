// Which descriptors are taken for listening sockets, and which are left alone.
#include <doctest/doctest.h>

#include "net/listening_socket.hpp"
#include "net/system_calls.hpp"

#include <array>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace libftp;
using net::adopt_listening_socket;
using net::open_listening_socket;

namespace {

struct descriptor {
    explicit descriptor(int from) : number(from) { REQUIRE(number >= 0); }
    ~descriptor() { ::close(number); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int number;
};

void check_refused(int number)
{
    asio::io_context context;
    const auto outcome = adopt_listening_socket(context.get_executor(), number, control_start::in_clear);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error() == std::errc::invalid_argument);
    CHECK(::fcntl(number, F_GETFD) >= 0); // still the caller's
}

} // namespace

TEST_CASE("A socket that is opened tells where it listens and is not inherited by other programs")
{
    asio::io_context context;
    for (const auto& address : {ip_address::loopback_v4(), ip_address::loopback_v6()}) {
        const auto opened = open_listening_socket(context.get_executor(), {address, 0}, control_start::in_tls).value();
        CHECK(opened->where.address == address);
        CHECK(opened->where.port != 0);
        CHECK(opened->start == control_start::in_tls);
        CHECK(::fcntl(opened->descriptor, F_GETFD) == FD_CLOEXEC);
        const auto taken = open_listening_socket(context.get_executor(), opened->where, control_start::in_clear);
        REQUIRE_FALSE(taken);
        CHECK(taken.error() == std::errc::address_in_use);
    }
}

TEST_CASE("A listening socket that was inherited is the same place, and is passed on to no other program by chance")
{
    asio::io_context context;
    for (const auto& address : {ip_address::loopback_v4(), ip_address::loopback_v6()}) {
        const auto first = open_listening_socket(context.get_executor(), {address, 0}, control_start::in_clear).value();
        const int copy = ::dup(first->descriptor);
        const auto adopted = adopt_listening_socket(context.get_executor(), copy, control_start::in_clear).value();
        CHECK(adopted->where == first->where);
        CHECK(adopted->descriptor == copy);
        CHECK(::fcntl(copy, F_GETFD) == FD_CLOEXEC);
    }
}

TEST_CASE("What is no listening TCP socket is refused, and stays open")
{
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const descriptor reading{ends[0]};
    const descriptor writing{ends[1]};
    check_refused(reading.number);
    check_refused(descriptor{::socket(AF_INET, SOCK_STREAM, 0)}.number);
    check_refused(descriptor{::socket(AF_INET, SOCK_DGRAM, 0)}.number);
    const descriptor local{::socket(AF_UNIX, SOCK_STREAM, 0)};
    const sockaddr nameless{.sa_family = AF_UNIX, .sa_data = {}};
    REQUIRE(::bind(local.number, &nameless, sizeof(sa_family_t)) == 0);
    REQUIRE(::listen(local.number, 1) == 0);
    check_refused(local.number);

    asio::io_context context;
    const auto none = adopt_listening_socket(context.get_executor(), -1, control_start::in_clear);
    REQUIRE_FALSE(none);
    CHECK(none.error() == std::errc::bad_file_descriptor);
}

TEST_CASE("What is accepted has the options of a control connection, and is passed on to no other program")
{
    asio::io_context context;
    for (const auto& address : {ip_address::loopback_v4(), ip_address::loopback_v6()}) {
        const auto listening =
            open_listening_socket(context.get_executor(), {address, 0}, control_start::in_clear).value();
        listening->acceptor.non_blocking(true);
        const auto nobody = net::accept_now(listening->descriptor);
        REQUIRE_FALSE(nobody);
        CHECK(nobody.error() == std::errc::resource_unavailable_try_again);
        net::tcp::socket client{context};
        client.connect(net::to_asio(listening->where));
        const auto arrived = net::accept_now(listening->descriptor).value();
        CHECK(net::from_asio(arrived.peer) == net::from_asio(client.local_endpoint()));
        CHECK(::fcntl(arrived.descriptor, F_GETFD) == FD_CLOEXEC);
        net::tcp::socket accepted{context, arrived.peer.protocol(), arrived.descriptor};
        net::tcp::no_delay no_delay;
        asio::socket_base::keep_alive keep_alive;
        asio::socket_base::out_of_band_inline urgent_in_stream;
        accepted.get_option(no_delay);
        accepted.get_option(keep_alive);
        accepted.get_option(urgent_in_stream);
        CHECK(no_delay.value());
        CHECK(keep_alive.value());
        CHECK(urgent_in_stream.value());
    }
}
