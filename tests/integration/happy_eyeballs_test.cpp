// Connecting to one of several addresses, and within a limit whatever the resolver does.
#include "net/connector.hpp"
#include "net/happy_eyeballs.hpp"
#include "running_server.hpp"

#include <asio/io_context.hpp>

#include <future>

using namespace libftp;
using namespace libftp::testing;

namespace {

endpoint at(const char* address, std::uint16_t port)
{
    return {*ip_address::parse(address), port};
}

/// What becomes of a connection to one of `addresses`.
struct attempt {
    explicit attempt(std::vector<endpoint> addresses)
    {
        const auto race = std::make_shared<net::happy_eyeballs>(
            context.get_executor(), std::move(addresses), [this](std::error_code end, asio::ip::tcp::socket connected) {
                ++answers;
                error = end;
                if (!end)
                    peer = net::from_asio(connected.remote_endpoint());
            });
        race->begin();
        context.run();
    }

    asio::io_context context;
    int answers = 0;
    std::error_code error;
    endpoint peer;
};

/// Listens, and accepts nothing.
class silent_listener {
public:
    explicit silent_listener(const asio::ip::address& address = asio::ip::address_v4::loopback())
        : acceptor_(context_, asio::ip::tcp::endpoint{address, 0})
    {
    }
    [[nodiscard]] endpoint where() const { return net::from_asio(acceptor_.local_endpoint()); }

private:
    asio::io_context context_;
    asio::ip::tcp::acceptor acceptor_;
};

/// Connects to `host` by a resolver that is `answers`.
struct connection {
    client_result<void> outcome{};
    int answers = 0;

    connection(const std::string& host, std::uint16_t port, net::resolver_function resolver,
               std::chrono::milliseconds limit = std::chrono::seconds{60})
    {
        asio::io_context context;
        const auto attempt = std::make_shared<net::connector>(context.get_executor(), std::move(resolver),
                                                              [this](client_result<void> end, asio::ip::tcp::socket) {
                                                                  ++answers;
                                                                  outcome = std::move(end);
                                                              });
        attempt->begin({host, port}, net::now() + limit);
        context.run();
    }
};

} // namespace

TEST_CASE("The families take turns, IPv6 first, in the resolver's order within each")
{
    const std::vector<endpoint> found{at("10.0.0.1", 1), at("10.0.0.2", 1), at("10.0.0.3", 1), at("2001:db8::1", 1),
                                      at("2001:db8::2", 1)};
    CHECK(net::interleave_families(found) == std::vector<endpoint>{at("2001:db8::1", 1), at("10.0.0.1", 1),
                                                                   at("2001:db8::2", 1), at("10.0.0.2", 1),
                                                                   at("10.0.0.3", 1)});
    CHECK(net::interleave_families({}).empty());
}

TEST_CASE("An address that refuses costs no time")
{
    const silent_listener listener;
    const attempt made{{at("127.0.0.1", unassigned_port()), at("127.0.0.2", unassigned_port()), listener.where()}};
    CHECK(made.answers == 1);
    CHECK_FALSE(made.error);
    CHECK(made.peer == listener.where());
}

TEST_CASE("While an address does not answer the next one is tried")
{
    const silent_listener listener;
    // Nobody is there: by RFC 5737 the address is for texts only.
    const attempt made{{at("192.0.2.1", 21), listener.where()}};
    CHECK(made.answers == 1);
    CHECK(made.peer == listener.where());
}

TEST_CASE("Without an address that answers it is the last refusal that counts")
{
    const attempt made{{at("127.0.0.1", unassigned_port()), at("127.0.0.2", unassigned_port())}};
    CHECK(made.answers == 1);
    CHECK(made.error == std::errc::connection_refused);
    CHECK(attempt{{}}.error);
}

TEST_CASE("Who stops an attempt hears nothing of it")
{
    const silent_listener listener;
    asio::io_context context;
    int answers = 0;
    const auto race = std::make_shared<net::happy_eyeballs>(context.get_executor(), std::vector{listener.where()},
                                                            [&](std::error_code, asio::ip::tcp::socket) { ++answers; });
    race->begin();
    race->stop();
    context.run();
    CHECK(answers == 0);
}

TEST_CASE("An address needs no resolver, IPv6 neither")
{
    const auto none = [](const std::string&, std::uint16_t) -> result<std::vector<endpoint>> {
        FAIL("the resolver was asked");
        return std::vector<endpoint>{};
    };
    const silent_listener v4;
    const silent_listener v6{asio::ip::address_v6::loopback()};
    CHECK(connection{"127.0.0.1", v4.where().port, none}.outcome.has_value());
    CHECK(connection{"::1", v6.where().port, none}.outcome.has_value());
}

TEST_CASE("The first of a name's addresses may be dead")
{
    const silent_listener listener;
    const connection made{"name", listener.where().port, [&](const std::string&, std::uint16_t port) {
                              return result<std::vector<endpoint>>{
                                  std::vector{listener.where(), at("::1", port == 0 ? port : unassigned_port())}};
                          }};
    CHECK(made.answers == 1);
    CHECK(made.outcome.has_value());
}

TEST_CASE("A resolver's error says that the name was not resolved")
{
    const connection made{"name", 21, [](const std::string&, std::uint16_t) -> result<std::vector<endpoint>> {
                              return std::make_error_code(std::errc::host_unreachable);
                          }};
    REQUIRE_FALSE(made.outcome.has_value());
    auto error = made.outcome.error();
    CHECK(error.step == operation_step::resolve);
    CHECK(error.code == std::errc::host_unreachable);
}

TEST_CASE("A resolver that hangs does not hold up the end, and its late answer is dropped")
{
    std::promise<void> answer;
    const auto through = std::make_shared<std::promise<void>>();
    const auto is_through = through->get_future();
    // Set when the last copy of the resolver goes, which is its thread's.
    auto life = std::shared_ptr<void>{nullptr, [through](void*) { through->set_value(); }};
    {
        const connection made{"name", 21,
                              [life = std::move(life), wanted = answer.get_future().share()](auto&&...) {
                                  wanted.wait();
                                  return result<std::vector<endpoint>>{std::vector<endpoint>{}};
                              },
                              std::chrono::milliseconds{1}};
        REQUIRE_FALSE(made.outcome.has_value());
        CHECK(made.outcome.error().code == protocol_errc::timed_out);
        CHECK(made.outcome.error().step == operation_step::resolve);
    } // the event loop is gone
    answer.set_value();
    is_through.wait();
}

TEST_CASE("The system's resolver knows this host")
{
    const auto found = net::ask_system_resolver("localhost", 21);
    REQUIRE(found.has_value());
    REQUIRE_FALSE(found->empty());
    CHECK(found->front().address.is_loopback());
    CHECK(found->front().port == 21);
    CHECK_FALSE(net::ask_system_resolver("name.invalid", 21).has_value());
}

TEST_CASE("A name that cannot be looked up just now is worth another try, one that nobody has is not")
{
    const auto now = net::from_asio(asio::error::host_not_found_try_again);
    CHECK(now == failure::transient);
    CHECK(now != failure::permanent);
    CHECK(now.message() == "the host's name cannot be looked up at the moment");
    CHECK(net::from_asio(asio::error::host_not_found) != failure::transient);
}
