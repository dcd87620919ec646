// What is set on an asynchronous client while it works: for what it holds, and from when on.
#include "running_server.hpp"
#include "silent_server.hpp"

#include <libftp/net/async_client.hpp>

#include <asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("A listener may set another one, and goes on with what it has captured itself")
{
    const running_server server;
    asio::io_context context;
    net::async_client client{context.get_executor()};
    std::string heard;
    const auto kept = std::make_shared<std::string>("mine");
    client.on_event([&, kept](const client_event&) {
        client.on_event(nullptr);
        heard += kept.use_count() == 2 ? *kept : "gone";
    });
    std::optional<client_result<reply>> connected;
    client.async_connect("127.0.0.1", server.port(), [&](client_result<reply> end) { connected = std::move(end); });
    while (!connected && context.run_one() != 0) {
    }
    REQUIRE(connected.has_value());
    CHECK(connected->has_value());
    CHECK(heard == "mine");
    CHECK(kept.use_count() == 1);
}

TEST_CASE("A time limit is that of when the function was called, and not of when its turn comes")
{
    const silent_server server{"220 Hello.\r\n", {{"PWD", "257 \"/\"\r\n"}}};
    asio::io_context context;
    net::async_client client{context.get_executor(), {.reply_limit = std::chrono::hours{1}}};
    std::optional<client_result<std::string>> unlimited;
    std::optional<client_result<void>> limited;
    client.async_connect("127.0.0.1", server.port(), [](const client_result<reply>&) {});
    client.async_working_directory([&](client_result<std::string> end) { unlimited = std::move(end); });
    client.set_time_limit(clock::duration::zero());
    while (!unlimited && context.run_one() != 0) {
    }
    client.async_keep_alive([&](client_result<void> end) { limited = std::move(end); });
    client.set_time_limit(std::nullopt);
    while (!limited && context.run_one() != 0) {
    }
    REQUIRE((unlimited.has_value() && limited.has_value()));
    CHECK(unlimited->has_value());
    CHECK(limited->error().code == protocol_errc::timed_out);
}
