// The server on real sockets: what the network layer adds to the session.
#include "running_server.hpp"
#include "scratch_folder.hpp"

#include <libftp/store/disk_store.hpp>
#include <libftp/store/store_decorator.hpp>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <sched.h>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<memory_store> some_files()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    files->add_file("/big", std::string(64U << 20U, 'x')); // more than all socket buffers hold
    return files;
}

/// Counts the sessions that run on each thread.
class thread_counts final : public session_observer {
public:
    [[nodiscard]] std::vector<std::size_t> sessions() const
    {
        const std::lock_guard lock{mutex_};
        std::vector<std::size_t> counts;
        for (const auto& [thread, count] : counts_)
            counts.push_back(count);
        return counts;
    }

    void opened(const session_facts& /*session*/) override
    {
        const std::lock_guard lock{mutex_};
        ++counts_[std::this_thread::get_id()];
    }
    void closed(const session_facts& /*session*/, close_reason /*reason*/) override
    {
        const std::lock_guard lock{mutex_};
        --counts_[std::this_thread::get_id()];
    }

private:
    mutable std::mutex mutex_;
    std::map<std::thread::id, std::size_t> counts_;
};

/// A memory store that claims to block, and whose stat() of /slow waits until it is released.
class gated_store final : public store_decorator {
public:
    using store_decorator::store_decorator;

    void wait_until_entered()
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return entered_; });
    }
    void release()
    {
        const std::lock_guard lock{mutex_};
        released_ = true;
        changed_.notify_all();
    }

    [[nodiscard]] bool blocks() const noexcept override { return true; }
    result<file_info> stat(const store_path& path) override
    {
        if (path.string() == "/slow") {
            std::unique_lock lock{mutex_};
            entered_ = true;
            changed_.notify_all();
            changed_.wait(lock, [this] { return released_; });
        }
        return store_decorator::stat(path);
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool entered_ = false;
    bool released_ = false;
};

} // namespace

TEST_CASE("A store call that blocks holds up no other session")
{
    auto store = std::make_shared<gated_store>(some_files());
    running_server server{store};
    bare_connection slow{server.port()};
    slow.log_in();
    slow.send("TYPE I\r\nSIZE /slow\r\n");
    store->wait_until_entered();

    bare_connection quick{server.port()};
    quick.log_in();
    CHECK(quick.ask("TYPE I") == 200);
    CHECK(quick.ask("SIZE /a.txt") == 213);

    store->release();
    CHECK(slow.next_reply().code == 200);
    CHECK(slow.next_reply().code == 550);
}

TEST_CASE("An own command that blocks does not hold up others")
{
    std::promise<void> entered;
    std::promise<void> released;
    net::server_options options;
    options.session.commands.add({.text = "XWAIT"}, [&](const command_context&) {
        entered.set_value();
        released.get_future().wait();
        return reply{200, {"Waited."}};
    });
    running_server server{some_files(), options};
    bare_connection slow{server.port()};
    slow.log_in();
    slow.send("XWAIT\r\n");
    entered.get_future().wait();

    bare_connection quick{server.port()};
    quick.log_in();
    CHECK(quick.ask("NOOP") == 200);

    released.set_value();
    CHECK(slow.next_reply().code == 200);
}

TEST_CASE("SITE WHO names the sessions that are there, and no others")
{
    account administrator{"root", some_files(), {}, permissions{permission::administer}};
    net::server_options options;
    options.authenticator = std::make_shared<anonymous_authenticator>(administrator);
    running_server server{some_files(), options};
    bare_connection control{server.port()};
    control.next_reply();
    control.ask("USER ftp");
    CHECK(control.ask("PASS me@example.org") == 230);
    auto other = std::make_unique<bare_connection>(server.port(), "127.0.0.2");
    CHECK(other->next_reply().code == 220);
    const auto named_in = [&control](std::string_view address) {
        control.send("SITE WHO\r\n");
        return control.next_reply().to_string().find(address) != std::string::npos;
    };
    CHECK(named_in("127.0.0.1:"));
    CHECK(named_in("127.0.0.2:"));
    CHECK(other->ask("QUIT") == 221);
    CHECK(other->next_reply().code == 0);
    CHECK_FALSE(named_in("127.0.0.2:"));
}

TEST_CASE("NOOP, STAT and ABOR are answered while the peer does not read the data connection")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR big") == 150);
    CHECK(control.ask("NOOP") == 200);
    CHECK(control.ask("STAT") == 211);
    CHECK(control.ask("ABOR") == 426);
    CHECK(control.next_reply().code == 226);
    CHECK(control.ask("PWD") == 257);
}

TEST_CASE("ABOR sent as urgent data, with Telnet IP and Synch before it, is understood")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in();
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR big") == 150);
    control.send("\xff\xf4");
    control.socket().send(asio::buffer("\xff", 1), asio::socket_base::message_out_of_band);
    control.send("\xf2"
                 "ABOR\r\n");
    CHECK(control.next_reply().code == 426);
    CHECK(control.next_reply().code == 226);
}

TEST_CASE("An upload of a client that dies is not committed, though its data connection is closed in order")
{
    struct end_waiter final : session_observer {
        std::promise<int> code;
        void transfer_ended(const session_facts&, const transfer_report& report) override
        {
            code.set_value(report.reply_code);
        }
    } observer;
    net::server_options options;
    options.observer = &observer;
    auto files = some_files();
    running_server server{files, options};
    bare_connection control{server.port()};
    control.log_in();
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("STOR a.txt") == 150);
    data.send("half a fi");
    control.close(); // the kernel closes a dead program's connections in the order they were opened
    data.close();
    CHECK(observer.code.get_future().get() == 426);
    CHECK(files->content("/a.txt").value() == "hello");
}

TEST_CASE("A file that becomes shorter during its transfer does not end in 226")
{
    scratch_folder folder;
    folder.write("f", std::string(64U << 20U, 'x'));
    running_server server{disk_store::open(folder.path().string()).value()};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR f") == 150);
    std::filesystem::resize_file(folder.path() / "f", 1'000);
    CHECK(data.read_to_end().size() < 64U << 20U);
    CHECK(control.next_reply().code == 451);
}

TEST_CASE("A resumed upload that comes to nothing takes nothing from the file")
{
    scratch_folder folder;
    folder.write("f", "0123456789");
    running_server server{disk_store::open(folder.path().string()).value()};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    CHECK(control.ask("REST 2") == 350);
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("STOR f") == 150);
    CHECK(control.ask("ABOR") == 426);
    CHECK(control.next_reply().code == 226);
    CHECK(std::filesystem::file_size(folder.path() / "f") == 10);
}

TEST_CASE("A server can be destroyed while logins wait for their turn")
{
    auto store = std::make_shared<gated_store>(some_files());
    net::server_options options;
    options.store_threads = 1;
    running_server server{store, options};
    std::vector<std::unique_ptr<bare_connection>> waiting;
    for (int i = 0; i < 4; ++i) {
        waiting.push_back(std::make_unique<bare_connection>(server.port()));
        waiting.back()->log_in();
        waiting.back()->send("TYPE I\r\nSIZE /slow\r\n");
        CHECK(waiting.back()->next_reply().code == 200);
    }
    store->wait_until_entered();
    server.server().stop();
    server.wait();
    store->release();
}

TEST_CASE("A drain sends the idle away, refuses the new, and lets a transfer finish")
{
    running_server server{some_files()};
    bare_connection idle{server.port()};
    idle.log_in();
    bare_connection busy{server.port()};
    busy.log_in();
    busy.ask("TYPE I");
    bare_connection data{busy.ask_for_data_port()};
    CHECK(busy.ask("RETR big") == 150);

    server.server().drain(60s);
    CHECK(idle.next_reply().code == 421);
    CHECK(idle.next_reply().code == 0);
    CHECK(data.read_to_end().size() == 64U << 20U);
    CHECK(busy.next_reply().code == 226);
    CHECK(busy.next_reply().code == 421);
    busy.close();
    idle.close();
    server.wait();
}

TEST_CASE("Connections over the limit are told 421, and there is room again when one left")
{
    struct counter final : session_observer {
        std::atomic<int> turned_away_ones = 0;
        void turned_away(const endpoint&, clock::time_point) override { ++turned_away_ones; }
    } observer;
    net::server_options options;
    options.observer = &observer;
    options.max_sessions = 1;
    running_server server{some_files(), options};
    bare_connection first{server.port()};
    first.log_in();
    bare_connection second{server.port()};
    CHECK(second.next_reply().code == 421);
    CHECK(second.next_reply().code == 0);
    CHECK(observer.turned_away_ones == 1);
    CHECK(first.ask("QUIT") == 221);
    CHECK(first.next_reply().code == 0);
    // The place is free as soon as the server has noted the end; until then 421 comes again.
    int code = 421;
    while (code == 421)
        code = bare_connection{server.port()}.next_reply().code;
    CHECK(code == 220);
}

TEST_CASE("A session that ends makes place for another before its client hears of it")
{
    net::server_options options;
    options.threads = 1;
    options.max_sessions = 1;
    options.max_sessions_per_address = 1;
    running_server server{some_files(), options};
    bare_connection first{server.port()};
    CHECK(first.ask("QUIT") == 220);
    CHECK(first.next_reply().code == 221);
    CHECK(first.next_reply().code == 0);
    CHECK(bare_connection{server.port()}.next_reply().code == 220); // while the first is still connected
}

TEST_CASE("Several threads serve several sessions")
{
    net::server_options options;
    options.threads = 4;
    running_server server{some_files(), options};
    std::vector<std::future<std::size_t>> clients;
    clients.reserve(16);
    for (int i = 0; i < 16; ++i) {
        clients.push_back(std::async(std::launch::async, [port = server.port()] {
            bare_connection control{port};
            control.log_in();
            control.ask("TYPE I");
            bare_connection data{control.ask_for_data_port()};
            control.ask("RETR big");
            const auto bytes = data.read_to_end().size();
            return control.next_reply().code == 226 ? bytes : 0;
        }));
    }
    for (auto& each : clients)
        CHECK(each.get() == 64U << 20U);
}

TEST_CASE("Each thread gets as many sessions as the others, also when some have ended")
{
    thread_counts counts;
    net::server_options options;
    options.threads = 2;
    options.observer = &counts;
    running_server server{some_files(), options};
    std::vector<std::unique_ptr<bare_connection>> clients;
    const auto connect = [&] {
        clients.push_back(std::make_unique<bare_connection>(server.port()));
        CHECK(clients.back()->next_reply().code == 220);
    };
    for (int i = 0; i < 8; ++i)
        connect();
    CHECK(counts.sessions() == std::vector<std::size_t>{4, 4});
    for (const std::size_t i : {6U, 4U, 2U, 0U}) { // all of one thread
        CHECK(clients[i]->ask("QUIT") == 221);
        CHECK(clients[i]->next_reply().code == 0);
        clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(i));
    }
    // A session counts until the server has noted its end, so that the first may still come to the other thread.
    do {
        connect();
    } while (counts.sessions().front() != counts.sessions().back());
    CHECK(clients.size() >= 8);
}

TEST_CASE("Without a number of threads a server on one CPU has one")
{
    cpu_set_t all;
    REQUIRE(::sched_getaffinity(0, sizeof all, &all) == 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (std::size_t cpu = 0; CPU_COUNT(&one) == 0; ++cpu) {
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    }
    REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
    thread_counts counts;
    net::server_options options;
    options.observer = &counts;
    running_server server{some_files(), options};
    CHECK(::sched_setaffinity(0, sizeof all, &all) == 0);
    std::vector<std::unique_ptr<bare_connection>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<bare_connection>(server.port()));
        CHECK(clients.back()->next_reply().code == 220);
    }
    CHECK(counts.sessions() == std::vector<std::size_t>{3});
}

TEST_CASE("A file of the disk arrives byte for byte, from any offset, and is not sent twice by a growing file")
{
    scratch_folder folder;
    std::string content(5'000'000, '\0');
    for (std::size_t i = 0; i < content.size(); ++i)
        content[i] = static_cast<char>(i * 2654435761U >> 13U);
    std::ofstream{folder.path() / "f.bin", std::ios::binary} << content;
    running_server server{disk_store::open(folder.path().string()).value()};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, std::size_t{4'999'999}, content.size()}) {
        CHECK(control.ask("REST " + std::to_string(offset)) == 350);
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("RETR f.bin") == 150);
        CHECK(data.read_to_end() == content.substr(offset));
        CHECK(control.next_reply().code == 226);
    }
}

TEST_CASE("An upload to the disk shows under its name only when it is complete, and leaves no litter")
{
    scratch_folder folder;
    running_server server{disk_store::open(folder.path().string()).value()};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("STOR f.bin") == 150);
        data.send("first half, ");
        CHECK(control.ask("NOOP") == 200);
        CHECK_FALSE(std::filesystem::exists(folder.path() / "f.bin"));
        data.send("second half");
    }
    CHECK(control.next_reply().code == 226);
    CHECK(std::filesystem::file_size(folder.path() / "f.bin") == 23);

    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("STOR g.bin") == 150);
    data.send("never finished");
    CHECK(control.ask("ABOR") == 426);
    CHECK(control.next_reply().code == 226);
    CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("Commands sent before the connection is half closed are all answered")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.send("USER ann\r\nPASS secret\r\nPWD\r\n");
    control.end_output();
    for (const int code : {220, 331, 230, 257, 0})
        CHECK(control.next_reply().code == code);
}

TEST_CASE("A server without a listener ends when it is drained, and one that never ran can be destroyed")
{
    net::server_options options;
    options.authenticator = std::make_shared<anonymous_authenticator>(account{});
    net::server idle{options};
    net::server drained{options};
    drained.drain_on_signals(1s);
    drained.drain(1s);
    drained.run();
}

TEST_CASE("A port in use is an error that says so")
{
    running_server first;
    running_server second;
    const auto outcome = second.server().listen({ip_address::loopback_v4(), first.port()});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error() == std::errc::address_in_use);
}
