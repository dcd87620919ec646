// Sessions of clients that a proxy passes on.
#include "running_server.hpp"

#include <libftp/error.hpp>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* proxy = "127.0.0.2";
constexpr const char* client = "127.0.0.5";

std::string header_of(const std::string& address)
{
    return "PROXY TCP4 " + address + " 203.0.113.1 40000 21\r\n";
}

/// Notes who came, and which proxies failed.
class visitors final : public session_observer {
public:
    void opened(const session_facts& session) override { note(session.peer.to_string()); }
    void turned_away(const endpoint& peer, clock::time_point) override
    {
        note("turned away " + peer.address.to_string());
    }
    void proxy_failed(const endpoint& where, std::error_code error, clock::time_point) override
    {
        note(where.address.to_string() + " " + error.message());
    }
    /// Waits for the next.
    std::string next()
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return next_ < notes_.size(); });
        return notes_[next_++];
    }

private:
    void note(std::string what)
    {
        const std::lock_guard lock{mutex_};
        notes_.push_back(std::move(what));
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> notes_;
    std::size_t next_ = 0;
};

net::server_options behind_proxy(visitors& seen)
{
    net::server_options options;
    options.observer = &seen;
    options.proxies = {ip_network::parse(proxy).value()};
    return options;
}

std::shared_ptr<memory_store> some_files()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    return files;
}

} // namespace

TEST_CASE("A session that comes by a proxy is the client's whom the header names")
{
    visitors seen;
    running_server server{some_files(), behind_proxy(seen)};
    bare_connection control{server.port(), proxy};
    control.send(header_of("192.0.2.7") + "USER ann\r\n");
    CHECK(control.next_reply().code == 220);
    CHECK(control.next_reply().code == 331);
    CHECK(control.ask("PASS secret") == 230);
    CHECK(seen.next() == "192.0.2.7:40000");
    CHECK(server.server().sessions().at(0).facts.peer.to_string() == "192.0.2.7:40000");
}

TEST_CASE("The greeting waits for the whole header")
{
    visitors seen;
    running_server server{some_files(), behind_proxy(seen)};
    bare_connection control{server.port(), proxy};
    for (const char byte : header_of("192.0.2.7")) {
        CHECK(control.socket().available() == 0);
        control.send({&byte, 1});
    }
    CHECK(control.next_reply().code == 220);
}

TEST_CASE("A connection of the proxy's own is a session from there")
{
    visitors seen;
    running_server server{some_files(), behind_proxy(seen)};
    bare_connection control{server.port(), proxy};
    control.send("PROXY UNKNOWN\r\n");
    CHECK(control.next_reply().code == 220);
    CHECK(seen.next() == control.socket().local_endpoint().address().to_string() + ":" +
                             std::to_string(control.socket().local_endpoint().port()));
}

TEST_CASE("A proxy that sends no header is not answered, and told of")
{
    visitors seen;
    running_server server{some_files(), behind_proxy(seen)};
    bare_connection control{server.port(), proxy};
    control.send("USER ann\r\n");
    CHECK(control.read_to_end().empty());
    CHECK(seen.next() == "127.0.0.2 the connection does not begin with a PROXY header");
}

TEST_CASE("A header that does not come in time is not waited for")
{
    visitors seen;
    auto options = behind_proxy(seen);
    options.session.login_limit = 0s;
    running_server server{some_files(), options};
    bare_connection control{server.port(), proxy};
    CHECK(control.read_to_end().empty());
    CHECK(seen.next() == "127.0.0.2 the peer took too long");
}

TEST_CASE("From others than the listed proxies a header is not read")
{
    visitors seen;
    running_server server{some_files(), behind_proxy(seen)};
    bare_connection control{server.port(), client};
    CHECK(control.next_reply().code == 220);
    CHECK(seen.next().starts_with("127.0.0.5:"));
    control.send(header_of("192.0.2.7"));
    CHECK(control.next_reply().code == 500);
    CHECK(server.server().sessions().at(0).facts.peer.address.to_string() == "127.0.0.5");
}

TEST_CASE("The limit on sessions of an address counts the client's, not the proxy's")
{
    visitors seen;
    auto options = behind_proxy(seen);
    options.max_sessions_per_address = 1;
    running_server server{some_files(), options};
    bare_connection first{server.port(), proxy};
    first.send(header_of("192.0.2.7"));
    CHECK(first.next_reply().code == 220);
    bare_connection second{server.port(), proxy};
    second.send(header_of("192.0.2.8"));
    CHECK(second.next_reply().code == 220);
    bare_connection third{server.port(), proxy};
    third.send(header_of("192.0.2.7"));
    CHECK(third.next_reply().code == 421);
    for (const auto* expected : {"192.0.2.7:40000", "192.0.2.8:40000", "turned away 192.0.2.7"})
        CHECK(seen.next() == expected);
}

TEST_CASE("Addresses of one IPv6 network are one client's where sessions are counted")
{
    visitors seen;
    auto options = behind_proxy(seen);
    options.max_sessions_per_address = 1;
    running_server server{some_files(), options};
    std::vector<std::unique_ptr<bare_connection>> clients;
    const auto code_for = [&](const std::string& address) {
        clients.push_back(std::make_unique<bare_connection>(server.port(), proxy));
        clients.back()->send("PROXY TCP6 " + address + " 2001:db8:1::1 40000 21\r\n");
        return clients.back()->next_reply().code;
    };
    CHECK(code_for("2001:db8::1") == 220);
    CHECK(code_for("2001:db8::2") == 421);
    CHECK(code_for("2001:db8:0:1::1") == 220);
}

TEST_CASE("Connections that wait for their header count among the sessions")
{
    visitors seen;
    auto options = behind_proxy(seen);
    options.max_sessions = 1;
    running_server server{some_files(), options};
    bare_connection waiting{server.port(), proxy};
    CHECK(bare_connection{server.port()}.next_reply().code == 421);
    CHECK(bare_connection{server.port(), proxy}.next_reply().code == 421);
    waiting.send(header_of("192.0.2.7"));
    CHECK(waiting.next_reply().code == 220);
}

TEST_CASE("Data connections go to the client's address and come from there, not from the proxy")
{
    visitors seen;
    running_server server{some_files(), behind_proxy(seen)};
    bare_connection control{server.port(), proxy};
    control.send(header_of(client));
    control.log_in();
    CHECK(control.ask("TYPE I") == 200);
    CHECK(control.ask("PORT 127,0,0,2,100,0") == 504);
    CHECK(control.ask("PORT 127,0,0,5,100,0") == 200);

    const auto port = control.ask_for_data_port();
    bare_connection of_proxy{port, proxy};
    bare_connection of_client{port, client};
    CHECK(control.ask("RETR a.txt") == 150);
    CHECK(of_client.read_to_end() == "hello");
    CHECK(control.next_reply().code == 226);
    CHECK(of_proxy.read_to_end().empty());
}

TEST_CASE("A drain does not wait for headers, and a server can be destroyed while it waits for one")
{
    visitors seen;
    auto options = behind_proxy(seen);
    options.threads = 2;
    running_server server{some_files(), options};
    std::vector<std::unique_ptr<bare_connection>> waiting;
    for (int i = 0; i < 4; ++i) {
        waiting.push_back(std::make_unique<bare_connection>(server.port(), proxy));
        waiting.back()->send("PROXY ");
    }
    SUBCASE("drained")
    {
        server.server().drain(60s);
        server.wait();
        for (const auto& each : waiting)
            CHECK(each->read_to_end().empty());
    }
    SUBCASE("stopped") {}
}

TEST_CASE("A server that has stopped does not keep those whose header it waits for")
{
    visitors seen;
    auto options = behind_proxy(seen);
    options.threads = 1;
    running_server server{some_files(), options};
    bare_connection waiting{server.port(), proxy};
    CHECK(bare_connection{server.port()}.next_reply().code == 220); // so the one before has been accepted
    server.server().stop();
    server.wait();
    CHECK(waiting.read_to_end().empty());
}

TEST_CASE("A renewal lists other proxies")
{
    visitors seen;
    running_server server{some_files(), behind_proxy(seen)};
    net::server_options options;
    options.authenticator = std::make_shared<anonymous_authenticator>(account{"guest", some_files(), {}, {}});
    REQUIRE(server.server().renew(options));
    CHECK(bare_connection{server.port(), proxy}.next_reply().code == 220);
}
