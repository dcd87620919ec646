// A server on an event loop that the program has made and runs.
#include "running_server.hpp"

#include <libftp/net/async_client.hpp>
#include <libftp/session/session_observer.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/store/single_file.hpp>
#include <libftp/store/store_decorator.hpp>

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t more_than_sockets_hold = 64U << 20U;

std::shared_ptr<file_store> files_for_guests()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    files->add_file("/big", std::string(more_than_sockets_hold, 'x'));
    return files;
}

/// Works on threads, and takes its time to open one file.
class slow_store final : public store_decorator {
public:
    explicit slow_store(std::function<void()> when_slow)
        : store_decorator(files_for_guests()), when_slow_(std::move(when_slow))
    {
    }
    [[nodiscard]] bool blocks() const noexcept override { return true; }
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override
    {
        if (path.string() == "/a.txt") {
            when_slow_();
            std::promise<void> never;
            never.get_future().wait_for(300ms);
        }
        return store_decorator::open_read(path, offset);
    }

private:
    std::function<void()> when_slow_;
};

net::server_options for_guests(std::shared_ptr<file_store> files = files_for_guests())
{
    net::server_options options;
    options.threads = 7; // means nothing on the program's loop
    options.authenticator = std::make_shared<anonymous_authenticator>(
        account{.store = std::move(files), .allowed = permissions::read_only()});
    return options;
}

/// Lets everybody in, but not before the gate opens.
class gated_logins final : public authenticator {
public:
    result<account> authenticate(const credentials& /*who*/) override
    {
        ++checked;
        open_.wait();
        return account{.store = std::make_shared<memory_store>()};
    }

    std::promise<void> gate;
    std::atomic<int> checked = 0;

private:
    std::shared_future<void> open_ = gate.get_future().share();
};

class closed_count final : public session_observer {
public:
    void closed(const session_facts& /*session*/, close_reason /*reason*/) override { ++count; }

    int count = 0;
};

/// A client that downloads on the same loop as its server, and calls `at_first_piece` when the first of the file comes.
class guest {
public:
    guest(asio::io_context& loop, std::uint16_t port, const std::string& path,
          std::function<void()> at_first_piece = {})
        : client_(loop.get_executor()), at_first_piece_(std::move(at_first_piece))
    {
        auto take = [this](std::string_view piece) -> result<void> {
            if (bytes == 0 && at_first_piece_)
                at_first_piece_();
            bytes += piece.size();
            return {};
        };
        client_.async_connect("127.0.0.1", port, [](const client_result<reply>& /*greeting*/) {});
        client_.async_login("anonymous", secret{"guest@"}, [](const client_result<reply>& /*answer*/) {});
        client_.async_download(path, make_callback_writer(take), {},
                               [this](const client_result<transfer_result>& done) {
                                   has_all = done.has_value();
                                   is_done = true;
                                   client_.close();
                               });
    }

    std::uint64_t bytes = 0;
    bool has_all = false;
    bool is_done = false;

private:
    net::async_client client_;
    std::function<void()> at_first_piece_;
};

} // namespace

TEST_CASE("A server on the program's loop serves while that runs, which ends when the server is drained")
{
    asio::io_context loop{1};
    net::server server{loop.get_executor(), for_guests()};
    const auto port = server.listen({ip_address::loopback_v4(), 0}).value().port;
    CHECK(server.get_executor() == loop.get_executor());
    CHECK_THROWS_AS(server.run(), std::logic_error);

    guest reader{loop, port, "/big", [&] {
                     CHECK(server.sessions().size() == 1);
                     server.drain(1h); // lets the transfer come to its end
                 }};
    loop.run();
    CHECK(reader.has_all);
    CHECK(reader.bytes == more_than_sockets_hold);
    CHECK(server.sessions().empty());
    CHECK(server.listen({ip_address::loopback_v4(), 0}).error() == std::errc::operation_canceled);
}

TEST_CASE("A server on the program's loop ends by stop() of another thread, and the loop goes on with what else it has")
{
    asio::io_context loop{1};
    closed_count closed;
    auto options = for_guests();
    options.observer = &closed;
    net::server server{loop.get_executor(), std::move(options)};
    const auto port = server.listen({ip_address::loopback_v4(), 0}).value().port;
    server.drain_on_signals(1h);
    server.on_signal(SIGUSR1, [] {});
    std::optional<std::thread> other;
    guest reader{loop, port, "/big", [&] { other.emplace([&] { server.stop(); }); }};
    loop.run();
    REQUIRE(other);
    other->join();
    CHECK(reader.is_done);
    CHECK_FALSE(reader.has_all);
    CHECK(server.sessions().empty());
    CHECK(closed.count == 0); // as for a server that has loops of its own

    bool is_run = false;
    loop.restart();
    asio::post(loop, [&] { is_run = true; });
    loop.run();
    CHECK(is_run);
}

TEST_CASE("A handler of the program's loop may destroy a server in the middle of transfers, logins and waits")
{
    asio::io_context loop{1};
    closed_count closed;
    auto options = for_guests();
    options.observer = &closed;
    bool is_gone = false;
    options.session.commands.after("", [&](const command_context&, int) { CHECK_FALSE(is_gone); });
    options.proxies.push_back(ip_network::parse("127.0.0.9").value());
    std::optional<net::server> server{std::in_place, loop.get_executor(), std::move(options)};
    const auto port = server->listen({ip_address::loopback_v4(), 0}).value().port;
    const auto other = server->listen({ip_address::loopback_v4(), 0}).value();
    server->drain_on_signals(1h);
    bare_connection idle{port};
    bare_connection behind_proxy{port, "127.0.0.9"}; // whose header never comes
    guest reader{loop, port, "/big", [&] {
                     server->stop_listening(other);
                     server->drain(1h);
                     asio::post(loop, [&] {
                         server.reset();
                         is_gone = true;
                     });
                 }};
    loop.run(); // comes to its end, so nothing of the server is left on it
    CHECK(is_gone);
    CHECK(reader.is_done);
    CHECK_FALSE(reader.has_all);
    CHECK(closed.count == 0); // nobody hears of a server that is gone
    CHECK(idle.next_reply().code == 220);
    idle.read_to_end();
    behind_proxy.read_to_end();
}

TEST_CASE("The program's loop goes on for a server that listens nowhere, until that is drained, stopped or destroyed")
{
    const std::vector<std::function<void(std::optional<net::server>&)>> ends{[](auto& server) { server->drain(1h); },
                                                                             [](auto& server) { server->stop(); },
                                                                             [](auto& server) { server.reset(); }};
    for (const auto& end : ends) {
        asio::io_context loop{1};
        std::optional<net::server> server{std::in_place, loop.get_executor(), for_guests()};
        server->stop_listening(server->listen({ip_address::loopback_v4(), 0}).value());
        loop.poll();
        CHECK_FALSE(loop.stopped());
        end(server);
        loop.poll();
        CHECK(loop.stopped());
    }
}

TEST_CASE("Logins that wait when a server ends are not checked, and hooks hear no more of those that are")
{
    for (const bool is_destroyed : {false, true}) {
        asio::io_context loop{1};
        const auto logins = std::make_shared<gated_logins>();
        auto options = for_guests();
        options.authenticator = logins;
        options.login_threads = 1;
        std::optional<net::server> server;
        bool is_over = false;
        int passwords = 0;
        const auto end = [&] {
            if (is_destroyed) {
                logins->gate.set_value(); // what is being checked is waited for
                server.reset();
                is_over = true;
                return;
            }
            server->stop();
            asio::post(loop, [&] { // behind what that has posted
                is_over = true;
                logins->gate.set_value();
            });
        };
        options.session.commands.before("", [&](const command_context& asked) -> std::optional<reply> {
            CHECK_FALSE(is_over);
            if (asked.name == "PASS" && ++passwords == 2)
                asio::post(loop, end);
            return {};
        });
        options.session.commands.after("", [&](const command_context&, int) { CHECK_FALSE(is_over); });
        server.emplace(loop.get_executor(), std::move(options));
        const auto port = server->listen({ip_address::loopback_v4(), 0}).value().port;
        std::array<bare_connection, 2> clients{bare_connection{port}, bare_connection{port}};
        for (auto& each : clients)
            each.send("USER ann\r\nPASS secret\r\nNOOP\r\n");
        loop.run();
        CHECK(is_over);
        if (!is_destroyed)
            CHECK(logins->checked <= 1);
    }
}

TEST_CASE("Nothing of a server stays on the program's loop though a download waited for its turn at the store")
{
    asio::io_context loop{1};
    std::optional<net::server> server;
    asio::steady_timer until_queued{loop};
    const auto end_soon = [&] {
        until_queued.expires_after(100ms);
        until_queued.async_wait([&](std::error_code) { server.reset(); });
    };
    auto options = for_guests(std::make_shared<slow_store>([&] { asio::post(loop, end_soon); }));
    options.store_threads = 1;
    server.emplace(loop.get_executor(), std::move(options));
    const auto port = server->listen({ip_address::loopback_v4(), 0}).value().port;
    std::optional<guest> other;
    guest reader{loop, port, "/big", [&] { other.emplace(loop, port, "/a.txt"); }};
    loop.run_for(10s);
    CHECK(loop.stopped());
    CHECK_FALSE(server);
    CHECK(reader.is_done);
    CHECK_FALSE(reader.has_all);
}

TEST_CASE("A connection whose proxy has named the client becomes no session of a server that has gone")
{
    for (int handlers = 1; handlers < 5; ++handlers) {
        asio::io_context loop{1};
        auto options = for_guests();
        options.proxies.push_back(ip_network::parse("127.0.0.9").value());
        std::optional<net::server> server{std::in_place, loop.get_executor(), std::move(options)};
        bare_connection client{server->listen({ip_address::loopback_v4(), 0}).value().port, "127.0.0.9"};
        client.send("PROXY TCP4 127.0.0.5 127.0.0.6 1111 21\r\n");
        for (int i = 0; i < handlers; ++i)
            loop.run_one_for(10ms);
        const bool had_session = !server->sessions().empty();
        server.reset();
        loop.run();
        CHECK(client.read_to_end().empty() == !had_session);
    }
}

TEST_CASE("A server goes before the program's loop, which goes with all that waits on it")
{
    std::optional<bare_connection> idle;
    {
        asio::io_context loop{1};
        net::server server{loop.get_executor(), for_guests()};
        idle.emplace(server.listen({ip_address::loopback_v4(), 0}).value().port);
        server.on_signal(SIGUSR1, [] {});
        while (server.sessions().empty())
            loop.run_one();
    }
    CHECK(idle->next_reply().code == 220);
    idle->read_to_end();
}

TEST_CASE("A server on a strand takes turns with the other work there, on whichever thread")
{
    asio::thread_pool threads{2};
    const auto strand = asio::make_strand(threads);
    net::server server{strand, for_guests()};
    const auto port = server.listen({ip_address::loopback_v4(), 0}).value().port;
    for (int i = 0; i < 20; ++i) {
        net::async_client client{asio::make_strand(threads)};
        client.async_connect("127.0.0.1", port, asio::use_future).get().value();
        client.async_login("anonymous", secret{"guest@"}, asio::use_future).get().value();
        std::string text;
        CHECK(client.async_download("/a.txt", make_text_writer(text), {}, asio::use_future).get().has_value());
        CHECK(text == "hello");
        CHECK(client.async_quit(asio::use_future).get().has_value());
    }
    server.stop();
    threads.join();
}
