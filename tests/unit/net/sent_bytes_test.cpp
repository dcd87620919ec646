// What a socket tells of the bytes that were written to it.
#include "net/system_calls.hpp"

#include <doctest/doctest.h>

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <string>

using namespace libftp;
using net::tcp;

TEST_CASE("What the peer has no room for is unsent, and what it has taken is neither unsent nor unacknowledged")
{
    asio::io_context context;
    tcp::acceptor acceptor{context, tcp::v4()};
    acceptor.set_option(asio::socket_base::receive_buffer_size{4096}); // as those that are accepted have it
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen();
    tcp::socket sender{context};
    sender.connect(acceptor.local_endpoint());
    tcp::socket reader = acceptor.accept();
    const auto descriptor = net::descriptor_of(sender);
    CHECK(net::unsent_bytes(descriptor) == 0);

    sender.non_blocking(true);
    const std::string piece(4096, 'x');
    std::size_t written = 0;
    std::error_code full;
    while (!full)
        written += sender.write_some(asio::buffer(piece), full);
    CHECK(net::unsent_bytes(descriptor) > 0);
    CHECK(net::unsent_bytes(descriptor) <= net::unacknowledged_bytes(descriptor));
    CHECK(net::unacknowledged_bytes(descriptor) <= written);

    std::string all(written, ' ');
    asio::read(reader, asio::buffer(all));
    CHECK(net::unsent_bytes(descriptor) == 0);
}
