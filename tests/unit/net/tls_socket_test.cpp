// Rules of the socket as OpenSSL sees it.
#include "net/tls_socket.hpp"
#include "support/tls_pair.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>

using namespace libftp;

TEST_CASE("Reading stops as if nothing were there when the budget is used up, and goes on with a new one")
{
    const testing::socket_pair sockets;
    std::size_t budget = 10;
    const auto bio = net::openssl::make_socket_bio(sockets.server(), budget);
    REQUIRE(bio);
    testing::socket_pair::send(sockets.client(), std::string(30, 'x'));
    std::array<char, 8> room{};
    CHECK(BIO_read(bio.get(), room.data(), room.size()) == 8);
    CHECK(BIO_read(bio.get(), room.data(), room.size()) == 8); // which uses it up
    CHECK(BIO_read(bio.get(), room.data(), room.size()) == -1);
    CHECK(BIO_should_read(bio.get()) != 0);
    budget = 10;
    CHECK(BIO_read(bio.get(), room.data(), room.size()) == 8);
}
