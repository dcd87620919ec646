// Tasks as both clients run them: on several sessions, over lost ones, within limits.
#include "running_server.hpp"
#include "scratch_folder.hpp"
#include "scripted_task.hpp"
#include "silent_server.hpp"

#include <libftp/net/async_client.hpp>
#include <libftp/net/client.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/testing/odd_server.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <functional>
#include <future>
#include <optional>
#include <thread>
#include <utility>

using namespace libftp;
using namespace libftp::testing;

namespace {

net::client logged_in_client(const running_server& server, client_options options = {})
{
    net::client client{std::move(options)};
    client.connect("127.0.0.1", server.port()).value();
    client.login("ann", secret{"secret"}).value();
    return client;
}

std::vector<operation::command> many(std::size_t count, const operation::command& each)
{
    return std::vector<operation::command>(count, each);
}

/// Calls `job`, and goes on so until it is canceled.
class calling_task final : public client_task {
public:
    using value_type = int;

    explicit calling_task(std::function<void()> job) : job_(std::move(job)) {}

    std::optional<client_task_step> next_step() override
    {
        if (is_canceled_ || std::exchange(is_running_, true))
            return std::nullopt;
        return client_step::call{job_, [this] { is_running_ = false; }};
    }
    void cancel() override { is_canceled_ = true; }
    [[nodiscard]] bool is_done() const noexcept override { return is_canceled_ && !is_running_; }
    client_result<value_type> take_result() { return operation_error{.code = protocol_errc::canceled}; }

private:
    std::function<void()> job_;
    bool is_canceled_ = false;
    bool is_running_ = false;
};

/// How often a command was sent.
struct command_counter {
    explicit command_counter(net::client& client, std::string_view line)
    {
        client.on_event([this, line](const client_event& event) {
            if (const auto* sent = std::get_if<event::command_sent>(&event))
                count += sent->line == line ? 1 : 0;
        });
    }
    int count = 0;
};

} // namespace

TEST_CASE("A task gets as many sessions as it has use for, in the main one's directory, and they are dismissed")
{
    const auto files = std::make_shared<memory_store>();
    files->add_directory("/d");
    const running_server server{files};
    auto client = logged_in_client(server);
    client.change_directory("d").value();
    const command_counter logins{client, "USER ann"};
    scripted_task task{many(12, {"PWD", {}}), 3};
    const auto ends = client.run_task(task, 8).value();
    REQUIRE(ends.size() == 12);
    CHECK(logins.count == 2);
    for (const auto& end : ends) {
        REQUIRE(end.outcome.has_value());
        CHECK(end.answer.text().starts_with("\"/d\""));
    }
    const command_counter leaving{client, "QUIT"};
    scripted_task more{many(2, {"NOOP", {}}), 2};
    CHECK(client.run_task(more, 2).has_value());
    CHECK(leaving.count == 1);
    CHECK(client.keep_alive().has_value());
}

TEST_CASE("Sessions that the server refuses are done without")
{
    net::server_options options;
    options.max_sessions = 2;
    const running_server server{std::make_shared<memory_store>(), options};
    auto client = logged_in_client(server);
    scripted_task task{many(20, {"NOOP", {}}), 5};
    const auto ends = client.run_task(task, 5).value();
    REQUIRE(ends.size() == 20);
    for (const auto& end : ends)
        CHECK(end.outcome.has_value());
    CHECK(client.keep_alive().has_value());
}

TEST_CASE("A session that was closed during a task is opened again where it was")
{
    const auto files = std::make_shared<memory_store>();
    files->add_directory("/d");
    const running_server server{files};
    auto client = logged_in_client(server, {.pipelining = pipelining::off});
    client.change_directory("d").value();
    scripted_task task{{{"QUIT", {}}, {"NOOP", {}}, {"PWD", {}}}, 1};
    const auto ends = client.run_task(task).value();
    // The second may be sent before the end of the connection is seen.
    REQUIRE(ends[2].outcome.has_value());
    CHECK(ends[2].answer.text().starts_with("\"/d\""));
    CHECK(client.is_connected());
    CHECK(client.working_directory().value() == "/d");
}

TEST_CASE("Where a session cannot be opened again the step fails with the reason")
{
    auto server = std::make_optional<running_server>();
    auto client = logged_in_client(*server);
    server.reset();
    CHECK_FALSE(client.keep_alive().has_value());
    scripted_task task{many(2, {"NOOP", {}}), 1};
    const auto ends = client.run_task(task).value();
    CHECK(ends[0].outcome.error().code == std::errc::connection_refused);
    CHECK(ends[0].outcome.error().step == operation_step::connect);
    CHECK(ends[1].outcome.error().code == std::errc::connection_refused);

    net::client nowhere;
    scripted_task early{many(1, {"NOOP", {}}), 1};
    CHECK(nowhere.run_task(early).value()[0].outcome.error().code == protocol_errc::not_connected);
}

TEST_CASE("A time limit ends a task, and what it says is that the time was up")
{
    const silent_server server{"220 Hello.\r\n"};
    net::client client;
    client.connect("127.0.0.1", server.port()).value();
    client.set_time_limit(std::chrono::milliseconds{20});
    scripted_task task{many(1'000, {"NOOP", {}}), 1};
    const auto end = client.run_task(task);
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().code == protocol_errc::timed_out);
}

TEST_CASE("interrupt() ends a download from another thread, and the session goes on")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/big", std::string(1'000'000, 'x'));
    const running_server server{files};
    auto client = logged_in_client(server);
    client.interrupt(); // nothing runs
    std::promise<void> moving;
    client.on_event([&, told = false](const client_event& event) mutable {
        if (std::holds_alternative<event::progress>(event) && !std::exchange(told, true))
            moving.set_value();
    });
    std::thread other{[&] {
        moving.get_future().wait();
        client.interrupt();
    }};
    const auto end = client.download("big", make_callback_writer([](std::string_view) { return result<void>{}; }),
                                     {.rate = std::make_shared<rate_limit>(1'024)});
    other.join();
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().code == protocol_errc::canceled);
    CHECK(client.is_connected());
    CHECK(client.keep_alive().has_value());
}

TEST_CASE("interrupt() ends a wait for a server that says nothing")
{
    const silent_server server{"220 Hello.\r\n"};
    net::client client;
    client.connect("127.0.0.1", server.port()).value();
    std::promise<void> sent;
    client.on_event([&](const client_event& event) {
        if (std::holds_alternative<event::command_sent>(event))
            sent.set_value();
    });
    std::thread other{[&] {
        sent.get_future().wait();
        client.interrupt();
    }};
    CHECK(client.keep_alive().error().code == protocol_errc::canceled);
    other.join();
}

TEST_CASE("A second interrupt() does not wait for a server that does not call the transfer off")
{
    asio::io_context context;
    asio::ip::tcp::acceptor data{context, {asio::ip::address_v4::loopback(), 0}}; // nothing ever comes from there
    const auto port = std::to_string(data.local_endpoint().port());
    const silent_server server{"220 Hello.\r\n",
                               {{"EPSV", "229 Here (|||" + port + "|)\r\n"},
                                {"RETR", "150 Here it comes.\r\n"},
                                {"ABOR", ""},
                                {"", "200 Well.\r\n"}}};
    net::client client{{.abort_limit = std::chrono::hours{1}}};
    client.connect("127.0.0.1", server.port()).value();
    std::promise<void> began;
    std::promise<void> aborted;
    client.on_event([&](const client_event& event) {
        const auto* const answered = std::get_if<event::reply_received>(&event);
        const auto* const sent = std::get_if<event::command_sent>(&event);
        if (answered != nullptr && answered->answer.code == 150)
            began.set_value();
        if (sent != nullptr && sent->line == "ABOR")
            aborted.set_value();
    });
    std::thread other{[&] {
        began.get_future().wait();
        client.interrupt();
        aborted.get_future().wait();
        client.interrupt();
    }};
    const auto end = client.download("f", make_callback_writer([](std::string_view) { return result<void>{}; }));
    other.join();
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().code == protocol_errc::canceled);
    CHECK_FALSE(client.is_connected());
}

TEST_CASE("What a task has still to do when a second interrupt() ends it is not done after the function has returned")
{
    net::client client;
    std::promise<void> began;
    std::promise<void> interrupted;
    std::thread other{[&] {
        began.get_future().wait();
        client.interrupt();
        client.interrupt();
        interrupted.set_value();
    }};
    int calls = 0;
    calling_task task{[&] {
        if (++calls != 1)
            return;
        began.set_value();
        interrupted.get_future().wait();
    }};
    CHECK(client.run_task(task).error().code == protocol_errc::canceled);
    other.join();
    CHECK(calls == 1);
    client.catch_up();
    CHECK(calls == 1);
}

TEST_CASE("A tree goes up and comes down on several sessions")
{
    const auto files = std::make_shared<memory_store>();
    const running_server server{files};
    scratch_folder folder;
    std::filesystem::create_directories(folder.path() / "up/x/y");
    for (int i = 0; i < 20; ++i)
        folder.write("up/x/y/file" + std::to_string(i), std::string(100, 'a'));
    folder.write("up/top", "t");
    auto client = logged_in_client(server);
    CHECK(client.upload_tree(folder.path("up"), "tree", {.sessions = 3}).value().transferred == 21);
    CHECK(files->content("/tree/top").value() == "t");
    CHECK(client.download_tree("tree", folder.path("not/there/yet"), {.sessions = 3}).value().transferred == 21);
    CHECK(folder.read("not/there/yet/x/y/file7") == std::string(100, 'a'));
    const auto cut_off = client.download_tree("tree", folder.path("cut") + '\0' + "off");
    CHECK(cut_off.error().code == std::errc::invalid_argument);
    CHECK_FALSE(std::filesystem::exists(folder.path("cut")));
    CHECK(client.remove_tree("tree").value().removed == 24);
    CHECK(client.list().value().entries.empty());
    CHECK_FALSE(client.upload_tree(folder.path("none"), "tree").has_value());
}

TEST_CASE("The small files of a tree share a data connection, and large ones between them get their own")
{
    const auto files = std::make_shared<memory_store>();
    const running_server server{files};
    scratch_folder folder;
    std::filesystem::create_directories(folder.path() / "up");
    const std::size_t sizes[] = {0, 1, 3, 16'383, 16'384, 65'535, 65'536};
    std::vector<std::string> contents;
    for (std::size_t i = 0; i < 70; ++i) {
        contents.emplace_back(i == 35 ? 1'000'000 : sizes[i % std::size(sizes)], static_cast<char>('a' + i % 26));
        folder.write("up/" + std::to_string(i), contents.back());
    }
    auto client = logged_in_client(server);
    const command_counter connections{client, "EPSV"};
    CHECK(client.upload_tree(folder.path("up"), "tree").value().transferred == contents.size());
    CHECK(client.download_tree("tree", folder.path("down")).value().transferred == contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
        CAPTURE(i);
        const bool is_up = files->content("/tree/" + std::to_string(i)).value() == contents[i];
        const bool is_down = folder.read("down/" + std::to_string(i)) == contents[i];
        CHECK(is_up);
        CHECK(is_down);
    }
    // Three listings and, each way, the first file, what is behind it, the large file, and what is behind that.
    CHECK(connections.count <= 11);
}

#ifndef _WIN32 // where the store follows no links
TEST_CASE("What a local link leads to goes up as a file if links are followed, unless it is outside of the tree")
{
    const auto files = std::make_shared<memory_store>();
    const running_server server{files};
    scratch_folder folder;
    folder.write("outside", "secret");
    std::filesystem::create_directories(folder.path() / "up/d");
    folder.write("up/d/file", "content");
    std::filesystem::create_symlink("d/file", folder.path() / "up/inside");
    std::filesystem::create_symlink("../outside", folder.path() / "up/out");
    auto client = logged_in_client(server);
    const auto mirrored = client.upload_tree(folder.path("up"), "tree", {.links = mirror_links::follow}).value();
    CHECK(mirrored.transferred == 2);
    REQUIRE(mirrored.failures.size() == 1);
    CHECK(mirrored.failures[0].path == "out");
    CHECK(mirrored.failures[0].error.code == store_errc::permission_denied);
    CHECK(files->content("/tree/inside").value() == "content");
    CHECK_FALSE(files->content("/tree/out").has_value());
}

TEST_CASE("A tree that comes down is never written through a local link, whether links are followed or not")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/tree/f", "new");
    const running_server server{files};
    scratch_folder folder;
    folder.write("other", "as it was");
    std::filesystem::create_directories(folder.path() / "down");
    folder.write("down/other", "as it was");
    std::filesystem::create_symlink("other", folder.path() / "down/f");
    auto client = logged_in_client(server);
    client.download_tree("tree", folder.path("down"), {.links = mirror_links::follow}).value();
    CHECK(folder.read("down/other") == "as it was");
}
#endif

TEST_CASE("The asynchronous client runs tasks on its own loop, and on its thread what may block")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/tree/a", "a");
    files->add_file("/tree/b", "b");
    const running_server server{files};
    scratch_folder folder;
    asio::io_context context;
    net::async_client client{context.get_executor()};
    std::string ends;
    client.async_connect("127.0.0.1", server.port(), [&](const client_result<reply>& connected) {
        ends += connected ? "1" : "x";
        client.async_login("ann", secret{"secret"}, [&](const client_result<reply>& logged_in) {
            ends += logged_in ? "2" : "x";
            client.async_download_tree("tree", folder.path("down"), {.sessions = 2},
                                       [&](const client_result<mirror_result>& mirrored) {
                                           ends += mirrored ? "3" : "x";
                                           client.async_quit([&](const client_result<void>&) { ends += "4"; });
                                       });
        });
    });
    context.run();
    CHECK(ends == "1234");
    CHECK(folder.read("down/a") == "a");
    CHECK(folder.read("down/b") == "b");
}

TEST_CASE("A directory that is found out while the next is asked for already is not taken for the last one")
{
    const auto files = std::make_shared<memory_store>();
    files->add_directory("/a");
    files->add_directory("/b");
    const running_server server{files};
    asio::io_context context;
    net::async_client client{context.get_executor()};
    client.async_connect("127.0.0.1", server.port(), [](const client_result<reply>&) {});
    client.async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    client.async_change_directory("/a", [](const client_result<void>&) {});
    client.async_working_directory([](const client_result<std::string>&) {});
    std::optional<scripted_task::value_type> ends;
    client.async_change_directory("/b", [&](const client_result<void>&) {
        client.async_run_task(std::make_shared<scripted_task>(many(4, {"PWD", {}}), 2), 2,
                              [&](client_result<scripted_task::value_type> end) { ends = std::move(end).value(); });
    });
    while (!ends && context.run_one() != 0) {
    }
    REQUIRE(ends.has_value());
    REQUIRE(ends->size() == 4);
    for (const auto& end : *ends)
        CHECK(end.answer.text().starts_with("\"/b\""));
}

TEST_CASE("A task that looks for its directory, of a server that does not tell, can be canceled")
{
    odd_server server;
    server.on("PWD").stays_silent();
    asio::io_context context;
    net::async_client client{context.get_executor()};
    asio::cancellation_signal signal;
    client.on_event([&](const client_event& event) {
        if (const auto* sent = std::get_if<event::command_sent>(&event); sent != nullptr && sent->line == "PWD")
            asio::post(context, [&signal] { signal.emit(asio::cancellation_type::terminal); });
    });
    client.async_connect("127.0.0.1", server.port(), [](const client_result<reply>&) {});
    client.async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    std::optional<client_result<scripted_task::value_type>> end;
    client.async_change_directory("/", [&](const client_result<void>&) {
        client.async_run_task(
            std::make_shared<scripted_task>(many(1, {"NOOP", {}}), 1), 1,
            asio::bind_cancellation_slot(signal.slot(), [&](client_result<scripted_task::value_type> how) {
                end.emplace(std::move(how));
                client.close();
            }));
    });
    context.run();
    REQUIRE(end.has_value());
    CHECK(end->error().code == protocol_errc::canceled);
}

TEST_CASE("A task that looks for its directory goes with the client that is closed meanwhile")
{
    const running_server server;
    asio::io_context context;
    net::async_client client{context.get_executor()};
    ftp_url url;
    url.host = "127.0.0.1";
    url.port = server.port();
    url.user = "ann";
    url.password = secret{"secret"};
    bool looks_for_directory = false;
    client.on_event([&looks_for_directory](const client_event& event) {
        const auto* sent = std::get_if<event::command_sent>(&event);
        looks_for_directory = looks_for_directory || (sent != nullptr && sent->line == "PWD");
    });
    client.async_connect(url, [](const client_result<reply>&) {});
    client.async_change_directory("/", [](const client_result<void>&) {});
    auto task = std::make_shared<scripted_task>(many(1, {"NOOP", {}}), 1);
    const std::weak_ptr<scripted_task> kept = task;
    std::optional<client_result<scripted_task::value_type>> end;
    client.async_run_task(std::move(task), 1,
                          [&](client_result<scripted_task::value_type> how) { end.emplace(std::move(how)); });
    client.async_login("ann", secret{"secret"}, [](const client_result<reply>&) {});
    while (!looks_for_directory && context.run_one() != 0) {
    }
    CHECK_FALSE(end.has_value());
    client.close();
    context.run();
    REQUIRE(end.has_value());
    CHECK(end->error().code == protocol_errc::canceled);
    CHECK(kept.expired());
}
