// The client against scripts in memory, however the bytes are cut.
#include <doctest/doctest.h>

#include <libftp/store/memory_store.hpp>
#include <libftp/testing/memory_link.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

/// A store for what the client receives and sends.
struct near_files {
    std::shared_ptr<memory_store> store = std::make_shared<memory_store>();

    std::unique_ptr<file_writer> sink(const std::string& name)
    {
        return store->open_write(store_path{}.resolve(name).value(), {}).value();
    }
    std::unique_ptr<file_reader> source(const std::string& name)
    {
        return store->open_read(store_path{}.resolve(name).value(), 0).value();
    }
};

void log_in(memory_link& link)
{
    REQUIRE(link.run(operation::greeting{}).has_value());
    REQUIRE(link.run(operation::login{"ann", secret{"word"}, secret{}}).has_value());
}

/// However the bytes are cut, and whatever comes first.
void over_all_links(const std::function<void(odd_script&)>& set_up, const client_options& options,
                    const std::function<void(memory_link&, odd_script&)>& check)
{
    for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{1}, std::size_t{3}}) {
        for (const auto order : {link_order::data_first, link_order::replies_first}) {
            CAPTURE(piece);
            CAPTURE(static_cast<int>(order));
            odd_script script;
            set_up(script);
            memory_link link{script, options};
            link.in_pieces_of(piece).in_order(order);
            check(link, script);
        }
    }
}

client_options in_mode(data_mode mode)
{
    client_options options;
    options.data_mode = mode;
    return options;
}

} // namespace

TEST_CASE("Files go both ways, in passive and in active mode")
{
    for (const auto mode : {data_mode::passive, data_mode::active}) {
        over_all_links([](odd_script& script) { script.files().add_file("/a.txt", "hello"); }, in_mode(mode),
                       [](memory_link& link, odd_script& script) {
                           near_files near;
                           log_in(link);
                           for (const std::string name : {"b", "c"}) {
                               const auto got = link.run(operation::download{"/a.txt", near.sink("/" + name)});
                               REQUIRE(got.has_value());
                               CHECK(got->bytes == 5);
                               CHECK(near.store->content("/" + name).value() == "hello");
                           }
                           REQUIRE(link.run(operation::upload{"/up", near.source("/b")}).has_value());
                           CHECK(script.files().content("/up").value() == "hello");
                           CHECK(link.run(operation::quit{}).has_value());
                           CHECK(link.is_closed());
                       });
    }
}

TEST_CASE("Files larger than what is on its way at a time arrive whole")
{
    odd_script script;
    script.files().add_file("/big", std::string(1'000'000, 'x'));
    memory_link link{script};
    near_files near;
    log_in(link);
    REQUIRE(link.run(operation::download{"/big", near.sink("/big")}).has_value());
    REQUIRE(link.run(operation::upload{"/copy", near.source("/big")}).has_value());
    CHECK(script.files().content("/copy").value().size() == 1'000'000);
}

TEST_CASE("The client meets libftp's own server with a program's own options and users")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    anonymous_authenticator everybody{account{.store = files, .allowed = permissions::full()}};
    session_options options;
    options.greeting = "Mine.";
    memory_link link{options, everybody};
    CHECK(link.run(operation::greeting{}).value().text() == "Mine.");
    CHECK_FALSE(link.run(operation::login{"ann", secret{"word"}, secret{}}).has_value());
    REQUIRE(link.run(operation::login{"anonymous", secret{"word"}, secret{}}).has_value());
    CHECK(link.run(operation::size{"/a.txt"}).value() == 5);
}

TEST_CASE("A reset download fails in the client, and the session goes on")
{
    over_all_links([](odd_script& script) { script.on("RETR").sends("hel").resets_data(); }, {},
                   [](memory_link& link, odd_script&) {
                       near_files near;
                       log_in(link);
                       const auto got = link.run(operation::download{"/a.txt", near.sink("/b")});
                       REQUIRE_FALSE(got.has_value());
                       CHECK_FALSE(near.store->content("/b").has_value());
                       CHECK(link.run(operation::command{"NOOP", ""}).has_value());
                   });
}

TEST_CASE("A cut upload fails in the client with the server's words")
{
    over_all_links([](odd_script& script) { script.on("STOR").cuts_data_after(2).replaces(426, "452 full"); }, {},
                   [](memory_link& link, odd_script& script) {
                       near_files near;
                       near.store->add_file("/b", std::string(1'000, 'x'));
                       log_in(link);
                       const auto sent = link.run(operation::upload{"/b", near.source("/b")});
                       REQUIRE_FALSE(sent.has_value());
                       CHECK(sent.error().answer.code == 452);
                       CHECK_FALSE(script.files().content("/b").has_value());
                   });
}

TEST_CASE("A client that is refused at one port comes by the other command")
{
    over_all_links(
        [](odd_script& script) {
            script.on("EPSV").refuses_connections();
            script.files().add_file("/a", "x");
        },
        {},
        [](memory_link& link, odd_script&) {
            near_files near;
            log_in(link);
            CHECK(link.run(operation::download{"/a", near.sink("/a")}).has_value());
            CHECK(link.run(operation::command{"NOOP", ""}).has_value());
        });
}

TEST_CASE("Time passes to the client's limit where a server stays silent, and no further")
{
    odd_script script;
    script.on("NOOP").stays_silent();
    client_options options;
    options.reply_limit = 60s;
    memory_link link{script, options};
    log_in(link);
    const auto before = link.now();
    const auto done = link.run(operation::command{"NOOP", ""});
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == protocol_errc::timed_out);
    CHECK(link.now() - before == 60s);
}

TEST_CASE("Time passes when it is told to, over all deadlines")
{
    odd_script script;
    script.options().idle_limit = 100s;
    memory_link link{script};
    log_in(link);
    const auto before = link.now();
    link.advance(99s);
    CHECK_FALSE(link.is_closed());
    link.advance(2s);
    CHECK(link.now() - before == 101s);
    CHECK(link.is_closed());
}

TEST_CASE("Held data goes on when it is released")
{
    odd_script script;
    script.on("RETR").sends("hello").holds_data_after(3);
    memory_link link{script};
    near_files near;
    log_in(link);
    const auto id = link.client().start(operation::download{"/a", near.sink("/a")}, link.now());
    link.run_until_idle();
    std::vector<op_id> done;
    const auto hear = [&] {
        while (auto news = link.client().next_event())
            if (const auto* end = std::get_if<event::operation_done>(&*news))
                done.push_back(end->operation);
    };
    hear();
    CHECK(done.empty());
    script.release();
    link.run_until_idle();
    hear();
    CHECK(done == std::vector{id});
    CHECK(near.store->content("/a").value() == "hello");
}

TEST_CASE("A broken connection ends both sides")
{
    odd_script script;
    script.on("RETR").sends("hello").holds_data_after(3);
    memory_link link{script};
    near_files near;
    log_in(link);
    link.client().start(operation::download{"/a", near.sink("/a")}, link.now());
    link.run_until_idle();
    link.break_connection();
    CHECK(link.is_closed());
    CHECK_FALSE(near.store->content("/a").has_value());
}

TEST_CASE("The server's end of the connection ends the client's operation")
{
    over_all_links(
        [](odd_script& script) {
            script.on("PWD").then_closes();
            script.on("NOOP").stays_silent().then_resets();
        },
        {},
        [](memory_link& link, odd_script&) {
            log_in(link);
            CHECK(link.run(operation::working_directory{}).has_value());
            CHECK_FALSE(link.run(operation::command{"NOOP", ""}).has_value());
            CHECK(link.is_closed());
        });
}
