// The asynchronous client against our server: completion tokens, executors, cancellation, limits, the end.
#include "running_server.hpp"
#include "scratch_folder.hpp"
#include "silent_server.hpp"

#include <libftp/net/async_client.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/store/single_file.hpp>
#include <libftp/testing/odd_server.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>

#if __has_include(<asio/deferred.hpp>)
#include <asio/deferred.hpp>
#endif

#include <optional>
#include <string>
#include <thread>

using namespace libftp;
using namespace libftp::testing;

namespace {

std::shared_ptr<memory_store> some_files()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    files->add_file("/big", std::string(1'000'000, 'x'));
    return files;
}

/// A download that takes minutes, and can only be ended from outside.
transfer_options slowly()
{
    return {.rate = std::make_shared<rate_limit>(1'024)};
}

std::unique_ptr<file_writer> nowhere()
{
    return make_callback_writer([](std::string_view) { return result<void>{}; });
}

/// A client with the loop it runs on.
struct looped_client {
    asio::io_context context;
    std::optional<net::async_client> client;

    explicit looped_client(client_options options = {}) { client.emplace(context.get_executor(), std::move(options)); }
    looped_client(const running_server& server, client_options options = {}) : looped_client(std::move(options))
    {
        wait<reply>([&](auto done) { client->async_connect("127.0.0.1", server.port(), std::move(done)); }).value();
        wait<reply>([&](auto done) { client->async_login("ann", secret{"secret"}, std::move(done)); }).value();
    }

    /// Connects and logs in, without waiting for it.
    template <class Handler>
    void begin_connecting(std::uint16_t port, Handler handler)
    {
        ftp_url url;
        url.host = "127.0.0.1";
        url.port = port;
        url.user = "ann";
        url.password = secret{"secret"};
        client->async_connect(url, std::move(handler));
    }

    /// Runs the loop until the handler that `begin` gets was called.
    template <class T, class Begin>
    client_result<T> wait(Begin begin)
    {
        std::optional<client_result<T>> outcome;
        begin([&outcome](client_result<T> end) { outcome = std::move(end); });
        CHECK_FALSE(outcome.has_value()); // never inside the initiating function
        run_until([&outcome] { return outcome.has_value(); });
        return std::move(*outcome);
    }
    template <class Condition>
    void run_until(const Condition& has_come_about)
    {
        context.restart();
        while (!has_come_about() && context.run_one() != 0) {
        }
        REQUIRE(has_come_about());
    }
    void run_until_bytes_move()
    {
        bool moving = false;
        client->on_event([&moving](const client_event& event) {
            moving = moving || std::holds_alternative<event::progress>(event);
        });
        run_until([&moving] { return moving; });
        client->on_event({});
    }
    client_result<void> keep_alive()
    {
        return wait<void>([&](auto done) { client->async_keep_alive(std::move(done)); });
    }
};

} // namespace

TEST_CASE("With callbacks a client logs in, uploads, lists, downloads and quits")
{
    const auto files = some_files();
    const running_server server{files};
    scratch_folder folder;
    looped_client looped{server};
    auto& client = *looped.client;
    CHECK(client.is_connected());
    CHECK(client.features().mlst);

    folder.write("up", "0123456789");
    const auto up = looped.wait<transfer_result>(
        [&](auto done) { client.async_upload(folder.path("up"), "n", transfer_options{}, std::move(done)); });
    CHECK(up.value_or(transfer_result{}).bytes == 10);
    CHECK(files->content("/n").value() == "0123456789");
    const auto listed = looped.wait<parsed_listing>([&](auto done) { client.async_list("", std::move(done)); });
    REQUIRE(listed.has_value());
    CHECK(listed->entries.size() == 3);
    const auto down = looped.wait<transfer_result>(
        [&](auto done) { client.async_download("n", folder.path("down"), transfer_options{}, std::move(done)); });
    CHECK(down.has_value());
    CHECK(folder.read("down") == "0123456789");
    CHECK(looped.wait<void>([&](auto done) { client.async_remove_file("n", std::move(done)); }).has_value());
    CHECK(looped.wait<std::string>([&](auto done) { client.async_working_directory(std::move(done)); }).value() == "/");
    CHECK(looped.wait<void>([&](auto done) { client.async_quit(std::move(done)); }).has_value());
    CHECK_FALSE(client.is_connected());
}

TEST_CASE("With futures a program waits for a client whose loop runs on another thread")
{
    const running_server server{some_files()};
    asio::io_context context;
    auto work = asio::make_work_guard(context);
    net::async_client client{context.get_executor()};
    std::thread loop{[&context] { context.run(); }};
    client.async_connect("127.0.0.1", server.port(), asio::use_future).get().value();
    client.async_login("ann", secret{"secret"}, asio::use_future).get().value();
    std::string text;
    auto transferred =
        client.async_download("a.txt", make_text_writer(text), transfer_options{}, asio::use_future).get();
    CHECK(transferred.has_value());
    CHECK(text == "hello");
    CHECK_FALSE(client.async_size("none", asio::use_future).get().has_value());
    CHECK(client.async_quit(asio::use_future).get().has_value());
    work.reset();
    loop.join();
}

#if defined(ASIO_HAS_CO_AWAIT)
TEST_CASE("With coroutines a client reads as if it were blocking")
{
    const running_server server{some_files()};
    asio::io_context context;
    net::async_client client{context.get_executor()};
    std::string text;
    const auto session = [&]() -> asio::awaitable<std::uint64_t> {
        (co_await client.async_connect("127.0.0.1", server.port(), asio::use_awaitable)).value();
        (co_await client.async_login("ann", secret{"secret"}, asio::use_awaitable)).value();
        auto done =
            co_await client.async_download("a.txt", make_text_writer(text), transfer_options{}, asio::use_awaitable);
        co_await client.async_quit(asio::use_awaitable);
        co_return std::move(done).value().bytes;
    };
    auto bytes = asio::co_spawn(context, session(), asio::use_future);
    context.run();
    CHECK(bytes.get() == 5);
    CHECK(text == "hello");
}
#endif

#if __has_include(<asio/deferred.hpp>)
TEST_CASE("A deferred operation begins when it is called")
{
    const running_server server{some_files()};
    looped_client looped{server};
    auto size = looped.client->async_size("a.txt", asio::deferred);
    CHECK(looped.wait<std::uint64_t>([&](auto done) { std::move(size)(std::move(done)); }).value() == 5);
}
#endif

TEST_CASE("A handler that is bound to an executor is called there, and its loop waits for it")
{
    const running_server server{some_files()};
    looped_client looped{server};
    asio::io_context other;
    std::optional<client_result<std::uint64_t>> outcome;
    looped.client->async_size("a.txt", asio::bind_executor(other, [&](client_result<std::uint64_t> size) {
                                  CHECK(other.get_executor().running_in_this_thread());
                                  outcome = std::move(size);
                              }));
    std::thread loop{[&looped] {
        looped.context.restart();
        looped.context.run_for(std::chrono::seconds{10});
    }};
    other.run();
    looped.context.stop();
    loop.join();
    REQUIRE(outcome.has_value());
    CHECK(outcome->value() == 5);
}

TEST_CASE("Operations that are begun together take their turns")
{
    const running_server server{some_files()};
    looped_client looped{server};
    std::string order;
    looped.client->async_make_directory("d", [&](const client_result<void>& end) { order += end ? "1" : "x"; });
    looped.client->async_change_directory("d", [&](const client_result<void>& end) { order += end ? "2" : "x"; });
    CHECK(
        looped.wait<std::string>([&](auto done) { looped.client->async_working_directory(std::move(done)); }).value() ==
        "/d");
    CHECK(order == "12");
}

TEST_CASE("What is asked while the client connects waits for the end of the login")
{
    odd_server server;
    server.files().add_file("/a.txt", "hello");
    looped_client looped;
    auto& client = *looped.client;
    std::string order;
    std::string text;
    looped.begin_connecting(server.port(), [&](const client_result<reply>& end) { order += end ? "1" : "x"; });
    client.async_size("a.txt", [&](const client_result<std::uint64_t>& end) { order += end ? "2" : "x"; });
    client.async_login("bob", secret{"secret"}, [&](const client_result<reply>& end) { order += end ? "3" : "x"; });
    client.async_download("a.txt", make_text_writer(text), transfer_options{},
                          [&](const client_result<transfer_result>& end) { order += end ? "4" : "x"; });
    looped.run_until([&order] { return order.size() == 4; });
    CHECK(order == "1234");
    CHECK(text == "hello");
    const auto heard = server.heard();
    REQUIRE(heard.size() > 3);
    CHECK(heard[0] == "USER ann");
    CHECK(heard[2] == "FEAT");
}

TEST_CASE("What waits for the end of a login can be canceled, has its time limit, and ends with the client")
{
    odd_server server;
    server.on("USER").stays_silent();
    looped_client looped;
    auto& client = *looped.client;
    std::string ends;
    const auto note = [&ends](const auto& end) {
        REQUIRE_FALSE(end.has_value());
        ends += end.error().code == protocol_errc::canceled    ? 'c'
                : end.error().code == protocol_errc::timed_out ? 't'
                                                               : '?';
    };
    looped.begin_connecting(server.port(), note);
    asio::cancellation_signal signal;
    client.async_keep_alive(asio::bind_cancellation_slot(signal.slot(), note));
    asio::post(looped.context, [&signal] { signal.emit(asio::cancellation_type::terminal); });
    looped.run_until([&ends] { return ends.size() == 1; });
    client.set_time_limit(std::chrono::milliseconds{1});
    client.async_keep_alive(note);
    looped.run_until([&ends] { return ends.size() == 2; });
    client.set_time_limit(std::nullopt);
    asio::post(looped.context, [&] {
        client.async_keep_alive(note);
        client.async_download("a", nowhere(), transfer_options{}, note);
        client.close();
    });
    looped.run_until([&ends] { return ends.size() == 5; });
    CHECK(ends == "ctccc");
}

TEST_CASE("What waits for a connection that fails has none")
{
    odd_server server;
    server.on_connection().answers("421 Not now.").then_closes();
    looped_client looped;
    std::optional<client_result<void>> waited;
    looped.client->async_connect("127.0.0.1", server.port(), [](const client_result<reply>&) {});
    looped.client->async_keep_alive([&waited](client_result<void> end) { waited = std::move(end); });
    looped.run_until([&waited] { return waited.has_value(); });
    REQUIRE_FALSE(waited->has_value());
    CHECK(waited->error().code == protocol_errc::not_connected);
}

TEST_CASE("Cancellation by slot calls a download off, and the session goes on")
{
    const running_server server{some_files()};
    looped_client looped{server};
    asio::cancellation_signal signal;
    looped.client->on_event([&](const client_event& event) {
        if (std::holds_alternative<event::progress>(event))
            asio::post(looped.context, [&signal] { signal.emit(asio::cancellation_type::terminal); });
    });
    const auto end = looped.wait<transfer_result>([&](auto done) {
        looped.client->async_download("big", nowhere(), slowly(),
                                      asio::bind_cancellation_slot(signal.slot(), std::move(done)));
    });
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().code == protocol_errc::canceled);
    CHECK(looped.client->is_connected());
    CHECK(looped.keep_alive().has_value());
}

TEST_CASE("An upload that is canceled before the server says that it begins leaves the old file as it was")
{
    odd_server server;
    server.files().add_file("/f", "old");
    server.on("STOR").holds();
    looped_client looped;
    auto& client = *looped.client;
    looped.wait<reply>([&](auto done) { client.async_connect("127.0.0.1", server.port(), std::move(done)); }).value();
    looped.wait<reply>([&](auto done) { client.async_login("ann", secret{"secret"}, std::move(done)); }).value();

    asio::cancellation_signal signal;
    client.on_event([&](const client_event& event) {
        const auto* const sent = std::get_if<event::command_sent>(&event);
        if (sent == nullptr || !sent->line.starts_with("STOR"))
            return;
        asio::post(looped.context, [&] {
            signal.emit(asio::cancellation_type::terminal);
            asio::post(looped.context, [&] { asio::post(looped.context, [&server] { server.release(); }); });
        });
    });
    const auto end = looped.wait<transfer_result>([&](auto done) {
        client.async_upload(make_text_reader("new"), "f", transfer_options{},
                            asio::bind_cancellation_slot(signal.slot(), std::move(done)));
    });
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().code == protocol_errc::canceled);
    CHECK(looped.keep_alive().has_value()); // the server has answered STOR
    CHECK(server.files().content("/f").value() == "old");
}

TEST_CASE("Cancellation ends an operation that waits for its turn, and a connect to a server that says nothing")
{
    const silent_server server;
    looped_client looped;
    for (const auto type : {asio::cancellation_type::partial, asio::cancellation_type::total}) {
        asio::cancellation_signal signal;
        const auto end = looped.wait<reply>([&](auto done) {
            looped.client->async_connect("127.0.0.1", server.port(),
                                         asio::bind_cancellation_slot(signal.slot(), std::move(done)));
            asio::post(looped.context, [&signal, type] { signal.emit(type); });
        });
        REQUIRE_FALSE(end.has_value());
        CHECK(end.error().code == protocol_errc::canceled);
        CHECK_FALSE(looped.client->is_connected());
    }

    const running_server good{some_files()};
    looped_client with_turns{good};
    asio::cancellation_signal signal;
    std::optional<client_result<transfer_result>> first;
    with_turns.client->async_download(
        "big", nowhere(), slowly(),
        asio::bind_cancellation_slot(signal.slot(), [&](const client_result<transfer_result>& end) { first = end; }));
    asio::cancellation_signal second_signal;
    const auto second = with_turns.wait<std::uint64_t>([&](auto done) {
        with_turns.client->async_size("a.txt", asio::bind_cancellation_slot(second_signal.slot(), std::move(done)));
        asio::post(with_turns.context, [&] { second_signal.emit(asio::cancellation_type::terminal); });
    });
    CHECK_FALSE(second.has_value());
    CHECK_FALSE(first.has_value());
    signal.emit(asio::cancellation_type::terminal);
    with_turns.run_until([&first] { return first.has_value(); });
    CHECK(first->error().code == protocol_errc::canceled);
}

TEST_CASE("close() ends all that is pending, and the client can connect again")
{
    const running_server server{some_files()};
    looped_client looped{server};
    auto& client = *looped.client;
    std::string ends;
    const auto note = [&ends](const auto& end) {
        const bool is_closed = !end && end.error().session == session_state::closed;
        ends += is_closed && end.error().code == protocol_errc::canceled ? 'c' : '?';
    };
    client.async_download("big", nowhere(), slowly(), note);
    looped.run_until_bytes_move();
    asio::post(looped.context, [&] {
        client.async_size("a.txt", note);
        client.async_keep_alive(note);
        client.close();
        CHECK(ends.empty());
        CHECK_FALSE(client.is_connected());
    });
    looped.run_until([&ends] { return ends.size() == 3; });
    CHECK(ends == "ccc");
    CHECK(looped.wait<void>([&](auto done) { client.async_keep_alive(std::move(done)); }).error().code ==
          protocol_errc::not_connected);
    CHECK(looped.wait<reply>([&](auto done) { client.async_connect("127.0.0.1", server.port(), std::move(done)); })
              .has_value());
}

TEST_CASE("Destruction ends all that is pending, and the loop has nothing left to do")
{
    const running_server server{some_files()};
    looped_client looped{server};
    int ends = 0;
    const auto note = [&ends](const auto& end) {
        CHECK(end.error().code == protocol_errc::canceled);
        ++ends;
    };
    looped.client->async_download("big", nowhere(), slowly(), note);
    looped.run_until_bytes_move();
    looped.client->async_list("", note);
    looped.client->async_connect("127.0.0.1", server.port(), note);
    looped.client->async_remove_tree("d", {}, note);
    looped.client.reset();
    CHECK(ends == 0);
    looped.context.restart();
    looped.context.run();
    CHECK(ends == 4);
}

TEST_CASE("Destruction at any time leaves nothing behind")
{
    const running_server server{some_files()};
    for (int handlers = 1; handlers < 40; ++handlers) {
        looped_client looped{server};
        int ends = 0;
        looped.client->async_list("", [&ends](const auto&) { ++ends; });
        looped.client->async_download("a.txt", nowhere(), transfer_options{}, [&ends](const auto&) { ++ends; });
        looped.context.restart();
        for (int i = 0; i < handlers && ends < 2; ++i)
            looped.context.run_one();
        looped.client.reset();
        looped.context.run();
        CHECK(ends == 2);
    }
}

TEST_CASE("A loop that is destroyed with work in it takes the handlers with it")
{
    const running_server server{some_files()};
    const auto kept = std::make_shared<int>();
    {
        looped_client looped{server};
        looped.client->async_download("big", nowhere(), slowly(), [kept](const auto&) {});
        looped.run_until_bytes_move();
    }
    CHECK(kept.use_count() == 1);
}

TEST_CASE("A time limit ends what waits for a silent server")
{
    const silent_server mute;
    const silent_server polite{"220 Hello.\r\n"};
    looped_client looped;
    looped.client->set_time_limit(std::chrono::milliseconds{20});
    const auto connected =
        looped.wait<reply>([&](auto done) { looped.client->async_connect("127.0.0.1", mute.port(), std::move(done)); });
    REQUIRE_FALSE(connected.has_value());
    CHECK(connected.error().code == protocol_errc::timed_out);
    CHECK(connected.error().session == session_state::closed);

    looped.client->set_time_limit(std::nullopt);
    looped.wait<reply>([&](auto done) { looped.client->async_connect("127.0.0.1", polite.port(), std::move(done)); })
        .value();
    looped.client->set_time_limit(std::chrono::milliseconds{20});
    CHECK(looped.keep_alive().error().code == protocol_errc::timed_out);
    const auto transferred = looped.wait<transfer_result>(
        [&](auto done) { looped.client->async_download("a", nowhere(), transfer_options{}, std::move(done)); });
    CHECK(transferred.error().code == protocol_errc::timed_out);
}

TEST_CASE("A callback that the caller keeps is copied, one that is given away need not be copyable")
{
    const running_server server{some_files()};
    looped_client looped{server};
    int calls = 0;
    auto kept = [&calls, counted = std::make_shared<int>()](const client_result<void>&) { calls += counted ? 1 : 0; };
    looped.client->async_keep_alive(kept);
    looped.client->async_keep_alive(kept);
    looped.client->async_keep_alive(
        [&calls, only = std::make_unique<int>()](const client_result<void>&) { calls += only ? 1 : 0; });
    looped.run_until([&calls] { return calls == 3; });
}

TEST_CASE("A moved client is the same client")
{
    const running_server server{some_files()};
    looped_client looped{server};
    net::async_client moved{std::move(*looped.client)};
    looped.client = std::move(moved);
    CHECK(looped.keep_alive().has_value());
}
