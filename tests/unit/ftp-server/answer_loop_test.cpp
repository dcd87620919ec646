// Those who ask and those who only seem to, at the few places that there are.
#include "../../../apps/ftp-server/service/answer_loop.hpp"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <system_error>

using asio::ip::tcp;

namespace {

/// Answers what ends by a dot, at three places.
struct answering {
    asio::io_context context{};
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    answer_loops<tcp> loops{acceptor,
                            {".", 100, std::chrono::minutes{1}},
                            [](std::string_view request) { return "you said " + std::string{request}; },
                            3};

    answering() { loops.accept(); }

    tcp::socket peer_that_says(std::string_view text)
    {
        tcp::socket peer{context};
        peer.connect(acceptor.local_endpoint());
        asio::write(peer, asio::buffer(text));
        return peer;
    }

    std::string read_all(tcp::socket& peer)
    {
        std::string text;
        bool has_ended = false;
        asio::async_read(peer, asio::dynamic_buffer(text), [&](std::error_code, std::size_t) { has_ended = true; });
        while (!has_ended)
            context.run_one();
        return text;
    }
};

} // namespace

TEST_CASE("Each who asks is answered, and left")
{
    answering all;
    for (int i = 0; i < 5; ++i) {
        auto peer = all.peer_that_says("hello.");
        CHECK(all.read_all(peer) == "you said hello");
    }
}

TEST_CASE("Of those who do not say what they want the first goes when all places are taken, and others are answered")
{
    answering all;
    std::list<tcp::socket> silent;
    for (int i = 0; i < 3; ++i)
        silent.push_back(all.peer_that_says("hel"));
    auto peer = all.peer_that_says("hello.");
    CHECK(all.read_all(peer) == "you said hello");
    CHECK(all.read_all(silent.front()).empty());
    // Had nobody had to go, all that have places would have gone when the minute was over.
    auto& last = silent.back();
    last.non_blocking(true);
    char byte = 0;
    std::error_code error;
    last.receive(asio::buffer(&byte, 1), 0, error);
    CHECK(error == asio::error::would_block);
    asio::write(last, asio::buffer("lo.", 3));
    CHECK(all.read_all(last) == "you said hello");
}
