// What is set on an asynchronous client while it works: for what it holds, and from when on.
#include "running_server.hpp"
#include "silent_server.hpp"

#include <libftp/net/async_client.hpp>
#include <libftp/store/single_file.hpp>
#include <libftp/testing/odd_server.hpp>

#include <asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace libftp;
using namespace libftp::testing;

namespace {

/// What the server hears of these, and `ends`, to which each adds its number when it ends.
template <class Begin>
std::vector<std::string> heard_of(odd_server& server, std::string& ends, Begin begin)
{
    asio::io_context context;
    net::async_client client{context.get_executor()};
    client.async_connect("127.0.0.1", server.port(), [](const client_result<reply>&) {});
    client.async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    begin(client, [&ends](char number) {
        return [&ends, number](const auto& end) { ends += end.has_value() ? number : 'x'; };
    });
    client.async_quit([](const client_result<void>&) {});
    context.run();
    return server.heard();
}

std::ptrdiff_t place_of(const std::vector<std::string>& heard, std::string_view command)
{
    const auto found = std::ranges::find(heard, command);
    REQUIRE_MESSAGE(found != heard.end(), command);
    return found - heard.begin();
}

} // namespace

TEST_CASE("What is begun behind a transfer waits for its end, however many commands that takes")
{
    odd_server server;
    server.files().add_file("/f", "right");
    server.files().add_file("/sub/f", "wrong");
    std::string text;
    std::string ends;
    const auto heard = heard_of(server, ends, [&](net::async_client& client, auto note) {
        client.async_download("f", make_text_writer(text), transfer_options{}, note('1'));
        client.async_change_directory("sub", note('2'));
        client.async_remove_file("f", note('3'));
        client.async_upload(make_text_reader("new"), "part", transfer_options{}, note('4'));
        client.async_rename("part", "whole", note('5'));
    });
    CHECK(ends == "12345");
    CHECK(text == "right");
    CHECK(place_of(heard, "RETR f") < place_of(heard, "CWD sub"));
    CHECK(place_of(heard, "STOR part") < place_of(heard, "RNFR part"));
    CHECK(place_of(heard, "RNTO whole") < place_of(heard, "QUIT"));
}

TEST_CASE("Tasks take their turns like all else, and each has all of it")
{
    odd_server server;
    for (const auto* name : {"/d/a", "/d/b", "/e/a", "/e/b"})
        server.files().add_file(name, "x");
    std::string ends;
    const auto heard = heard_of(server, ends, [&](net::async_client& client, auto note) {
        client.async_remove_tree("d", {}, note('1'));
        client.async_remove_tree("e", {}, note('2'));
        client.async_make_directory("d", note('3'));
    });
    CHECK(ends == "123");
    CHECK(place_of(heard, "RMD d") < place_of(heard, "DELE e/a"));
    CHECK(place_of(heard, "RMD e") < place_of(heard, "MKD d"));
}

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
