// The server's data connections on real sockets: how they end, what limits them, where they come from.
#include "running_server.hpp"
#include "scratch_folder.hpp"

#include <libftp/protocol/address_codec.hpp>
#include <libftp/store/disk_store.hpp>
#include <libftp/store/store_decorator.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <vector>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;
using asio::ip::tcp;

namespace {

std::shared_ptr<memory_store> some_files()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", "hello");
    files->add_file("/medium", std::string(300'000, 'x')); // the server's socket buffer holds it
    files->add_file("/big", std::string(64U << 20U, 'x')); // more than all socket buffers hold
    return files;
}

/// Tells why uploads were discarded.
class discard_recorder final : public store_decorator {
public:
    using store_decorator::store_decorator;

    std::error_code next_discard()
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return !discards_.empty(); });
        const auto reason = discards_.front();
        discards_.erase(discards_.begin());
        return reason;
    }
    bool has_discards()
    {
        const std::lock_guard lock{mutex_};
        return !discards_.empty();
    }

    [[nodiscard]] bool blocks() const noexcept override { return true; }
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override
    {
        auto opened = store_decorator::open_write(path, options);
        if (!opened)
            return opened;
        return std::make_unique<writer>(*this, *std::move(opened));
    }

private:
    class writer final : public file_writer {
    public:
        writer(discard_recorder& recorder, std::unique_ptr<file_writer> real)
            : recorder_(recorder), real_(std::move(real))
        {
        }
        result<void> write(std::string_view bytes) override
        {
            if (bytes.starts_with("too much"))
                return std::make_error_code(std::errc::no_space_on_device);
            return real_->write(bytes);
        }
        result<void> commit() override { return real_->commit(); }
        void discard(std::error_code reason) override
        {
            const std::lock_guard lock{recorder_.mutex_};
            recorder_.discards_.push_back(reason);
            recorder_.changed_.notify_all();
        }

    private:
        discard_recorder& recorder_;
        std::unique_ptr<file_writer> real_;
    };

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::error_code> discards_;
};

/// A data connection of a peer whose own buffer takes little.
struct narrow_connection {
    explicit narrow_connection(std::uint16_t port)
    {
        socket.open(tcp::v4());
        socket.set_option(asio::socket_base::receive_buffer_size{4096});
        socket.connect({asio::ip::address_v4::loopback(), port});
    }

    asio::io_context context;
    tcp::socket socket{context};
};

/// Where a client waits for an active data connection.
struct waiting_client {
    explicit waiting_client(const char* at = "127.0.0.1") : acceptor(context, {asio::ip::make_address(at), 0}) {}

    [[nodiscard]] std::string eprt() const
    {
        const auto here = acceptor.local_endpoint();
        return std::string{"EPRT |"} + (here.address().is_v4() ? "1|" : "2|") + here.address().to_string() + '|' +
               std::to_string(here.port()) + '|';
    }
    /// The file that comes, and the port that it comes from.
    std::pair<std::string, std::uint16_t> receive()
    {
        auto socket = acceptor.accept();
        const auto from = socket.remote_endpoint().port();
        std::string all;
        std::error_code end;
        asio::read(socket, asio::dynamic_buffer(all), end);
        return {all, from};
    }

    asio::io_context context;
    tcp::acceptor acceptor;
};

void fetch_active(bare_connection& control, waiting_client& client)
{
    CHECK(control.ask(client.eprt()) == 200);
    CHECK(control.ask("RETR a.txt") == 150);
    CHECK(client.receive().first == "hello");
    CHECK(control.next_reply().code == 226);
}

} // namespace

TEST_CASE("An upload in MODE B is complete at its end mark, though the client keeps the data connection open")
{
    using namespace std::string_literals;
    const auto files = some_files();
    running_server server{files};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    CHECK(control.ask("MODE B") == 200);
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("STOR n") == 150);
    data.send("\0\0\3abc"s);
    data.send("\x40\0\2de"s);
    CHECK(control.next_reply().code == 226);
    CHECK(files->content("/n").value() == "abcde");
}

TEST_CASE("A peer that resets the data connection of a download gets 426")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in();
    {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("RETR big") == 150);
        data.reset();
    }
    CHECK(control.next_reply().code == 426);
    CHECK(control.ask("NOOP") == 200);
}

TEST_CASE("A peer that resets after reading half gets 426, though the server has sent all")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    narrow_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR medium") == 150);
    std::string half(150'000, '\0');
    asio::read(data.socket, asio::buffer(half));
    CHECK(control.ask("NOOP") == 200);
    data.socket.set_option(asio::socket_base::linger{true, 0});
    data.socket.close();
    CHECK(control.next_reply().code == 426);
}

TEST_CASE("A transfer that stalls behind QUIT is told of by 426 and by the events, and the session ends")
{
    struct end_waiter final : session_observer {
        std::promise<int> code;
        std::promise<close_reason> reason;
        void transfer_ended(const session_facts&, const transfer_report& report) override
        {
            code.set_value(report.reply_code);
        }
        void closed(const session_facts&, close_reason why) override { reason.set_value(why); }
    } observer;
    net::server_options options;
    options.observer = &observer;
    options.session.stall_limit = 1s;
    running_server server{some_files(), options};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR big") == 150);
    CHECK(control.ask("QUIT") == 221);
    CHECK(control.next_reply().code == 426);
    CHECK(control.next_reply().code == 0);
    CHECK(observer.code.get_future().get() == 426);
    CHECK(observer.reason.get_future().get() == close_reason::quit);
}

TEST_CASE("A download whose end the peer never takes stalls, and can be aborted")
{
    net::server_options options;
    options.session.stall_limit = 1s;
    running_server server{some_files(), options};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    {
        narrow_connection data{control.ask_for_data_port()};
        CHECK(control.ask("RETR medium") == 150);
        CHECK(control.ask("ABOR") == 426);
        CHECK(control.next_reply().code == 226);
    }
    narrow_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR medium") == 150);
    CHECK(control.next_reply().code == 426);
}

TEST_CASE("A download whose peer takes little, but never nothing, is not cut by a short limit for stalls")
{
    struct progress_counter final : session_observer {
        std::atomic<unsigned> events = 0;
        std::atomic<bool> has_ended = false;
        void count() { ++events, events.notify_one(); }
        void transfer_progressed(const session_facts&, transfer_kind, std::uint64_t) override { count(); }
        void transfer_ended(const session_facts&, const transfer_report&) override { has_ended = true, count(); }
    } observer;
    net::server_options options;
    options.observer = &observer;
    options.session.stall_limit = 4s;
    running_server server{some_files(), options};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    narrow_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR big") == 150);
    std::string little(65'536, '\0'); // more than the window
    for (int i = 0; i < 7 && !observer.has_ended; ++i) {
        const auto heard = observer.events.load();
        data.socket.read_some(asio::buffer(little));
        observer.events.wait(heard);
    }
    CHECK(control.ask("NOOP") == 200);
    CHECK(control.ask("ABOR") == 426);
}

TEST_CASE("A peer that ends its direction first, or sends what nobody asked for, still gets the whole file")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    for (const auto* name : {"a.txt", "medium", "big"}) {
        bare_connection data{control.ask_for_data_port()};
        data.send("nobody reads this");
        data.end_output();
        CHECK(control.ask(std::string{"RETR "} + name) == 150);
        const auto content = data.read_to_end();
        CHECK(content == some_files()->content(std::string{"/"} + name).value());
        CHECK(control.next_reply().code == 226);
    }
}

TEST_CASE("An upload whose data connection is reset is not committed")
{
    auto files = some_files();
    running_server server{files};
    bare_connection control{server.port()};
    control.log_in();
    {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("STOR a.txt") == 150);
        data.send("half a fi");
        data.reset();
    }
    CHECK(control.next_reply().code == 426);
    CHECK(files->content("/a.txt").value() == "hello");
}

TEST_CASE("A sink hears why it is discarded, once, and nothing after its commit")
{
    const auto store = std::make_shared<discard_recorder>(some_files());
    running_server server{store};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    const auto begin_upload = [&control] {
        auto data = std::make_unique<bare_connection>(control.ask_for_data_port());
        CHECK(control.ask("STOR b") == 150);
        return data;
    };
    begin_upload()->reset();
    CHECK(control.next_reply().code == 426);
    CHECK(store->next_discard() == std::errc::connection_reset);

    const auto aborted = begin_upload();
    CHECK(control.ask("ABOR") == 426);
    CHECK(control.next_reply().code == 226);
    CHECK(store->next_discard() == std::errc::operation_canceled);

    begin_upload()->send("too much");
    CHECK(control.next_reply().code == 452);
    CHECK(store->next_discard() == std::errc::no_space_on_device);

    begin_upload()->send("just right");
    CHECK(control.next_reply().code == 226);
    CHECK_FALSE(store->has_discards());
}

TEST_CASE("A restart marker in an upload that goes on is answered when the store has what is before it")
{
    running_server server{some_files()};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    CHECK(control.ask("MODE B") == 200);
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("REST 5") == 350);
    CHECK(control.ask("STOR a.txt") == 150);
    using namespace std::string_view_literals;
    data.send("\x00\x00\x05hello\x10\x00\x02m1"sv);
    const auto marked = control.next_reply();
    CHECK(marked.code == 110);
    CHECK(marked.text() == "MARK m1 = 10");
    data.send("\x40\x00\x00"sv);
    data.end_output();
    CHECK(control.next_reply().code == 226);
}

TEST_CASE("A transfer within a rate limit arrives whole, both ways")
{
    net::server_options options;
    options.session.max_download_rate = 4'000'000;
    options.session.max_upload_rate = 4'000'000;
    options.session.shared_rates = {std::make_shared<rate_limit>(8'000'000), std::make_shared<rate_limit>(8'000'000)};
    std::string content(500'000, '\0'); // some portions
    for (std::size_t i = 0; i < content.size(); ++i)
        content[i] = static_cast<char>(i * 2654435761U >> 13U);
    scratch_folder folder;
    for (const auto& files : {std::shared_ptr<file_store>{std::make_shared<memory_store>()},
                              std::shared_ptr<file_store>{disk_store::open(folder.path().string()).value()}}) {
        running_server server{files, options};
        bare_connection control{server.port()};
        control.log_in();
        control.ask("TYPE I");
        {
            bare_connection data{control.ask_for_data_port()};
            CHECK(control.ask("STOR f") == 150);
            data.send(content);
        }
        CHECK(control.next_reply().code == 226);
        for (const auto* type : {"TYPE I", "TYPE A"}) {
            control.ask(type);
            bare_connection data{control.ask_for_data_port()};
            CHECK(control.ask("RETR f") == 150);
            const auto received = data.read_to_end();
            CHECK((received == content || type == std::string_view{"TYPE A"}));
            CHECK(received.size() >= content.size());
            CHECK(control.next_reply().code == 226);
        }
    }
}

TEST_CASE("A transfer whose limit others have taken moves nothing, and can be aborted")
{
    net::server_options options;
    options.session.shared_rates = {std::make_shared<rate_limit>(1), std::make_shared<rate_limit>(1)};
    options.session.shared_rates.download->reserve(1'000'000'000'000, {});
    options.session.shared_rates.upload->reserve(1'000'000'000'000, {});
    auto files = some_files();
    running_server server{files, options};
    bare_connection control{server.port()};
    control.log_in();
    for (const auto* command : {"RETR a.txt", "STOR a.txt"}) {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask(command) == 150);
        data.send("something");
        data.end_output();
        CHECK(control.ask("NOOP") == 200);
        CHECK(control.ask("ABOR") == 426);
        CHECK(control.next_reply().code == 226);
        CHECK(data.read_to_end().empty());
    }
    CHECK(files->content("/a.txt").value() == "hello");
}

TEST_CASE("A transfer that waits for its limit longer than a peer may stall goes on")
{
    net::server_options options;
    options.session.stall_limit = 1s;
    options.session.shared_rates.download = std::make_shared<rate_limit>(1'000);
    running_server server{some_files(), options};
    bare_connection control{server.port()};
    control.log_in();
    control.ask("TYPE I");
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("RETR a.txt") == 150); // the bytes that nobody used lately are free
    CHECK(data.read_to_end() == "hello");
    CHECK(control.next_reply().code == 226);

    const auto now = std::chrono::system_clock::now().time_since_epoch();
    options.session.shared_rates.download->reserve(2'500, clock::time_point{now});
    bare_connection later{control.ask_for_data_port()};
    CHECK(control.ask("RETR a.txt") == 150);
    CHECK(later.read_to_end() == "hello");
    CHECK(control.next_reply().code == 226);
}

TEST_CASE("One server serves both families at once, each with every kind of data connection that it has")
{
    running_server server{some_files()};
    bare_connection v4{server.port()};
    bare_connection v6{server.port_v6(), "::1", "::1"};
    for (auto* control : {&v4, &v6}) {
        control->log_in();
        control->ask("TYPE I");
    }
    bare_connection data_v4{v4.ask_for_data_port()};
    bare_connection data_v6{v6.ask_for_data_port(), "::1", "::1"};
    CHECK(v4.ask("RETR a.txt") == 150);
    CHECK(v6.ask("RETR a.txt") == 150);
    CHECK(data_v4.read_to_end() == "hello");
    CHECK(data_v6.read_to_end() == "hello");
    CHECK(v4.next_reply().code == 226);
    CHECK(v6.next_reply().code == 226);

    v4.send("PASV\r\n");
    bare_connection data{parse_passive_reply(v4.next_reply().text()).value().port};
    CHECK(v4.ask("RETR a.txt") == 150);
    CHECK(data.read_to_end() == "hello");
    CHECK(v4.next_reply().code == 226);
    CHECK(v6.ask("PASV") == 501);

    waiting_client here_v4{"127.0.0.1"};
    waiting_client here_v6{"::1"};
    fetch_active(v4, here_v4);
    fetch_active(v6, here_v6);
    CHECK(v4.ask(here_v6.eprt()) == 522);
    CHECK(v6.ask(here_v4.eprt()) == 522);
}

TEST_CASE("Both wildcard addresses can share a port, one for each family")
{
    running_server server{some_files()};
    const auto port = unassigned_port(); // one that the system chose for one family may be taken in the other
    REQUIRE(server.server().listen({ip_address{std::array<std::uint8_t, 16>{}}, port}).has_value());
    REQUIRE(server.server().listen({ip_address{}, port}).has_value());
    bare_connection v4{port};
    bare_connection v6{port, "::1", "::1"};
    v4.log_in();
    v6.log_in();
    bare_connection data{v6.ask_for_data_port(), "::1", "::1"};
    CHECK(v6.ask("RETR a.txt") == 150);
    CHECK(data.read_to_end() == "hello");
}

TEST_CASE("Active data connections come from the port below the control port where asked for, else from any")
{
    net::server_options options;
    options.session.active_from = active_port::control_port_minus_one;
    running_server server{some_files(), options};
    const auto port = unassigned_port();
    server.server().listen({ip_address::loopback_v4(), port}).value();
    bare_connection control{port};
    control.log_in();
    waiting_client client;
    const auto source_port = [&] {
        CHECK(control.ask(client.eprt()) == 200);
        CHECK(control.ask("RETR a.txt") == 150);
        const auto [content, from] = client.receive();
        CHECK(content == "hello");
        CHECK(control.next_reply().code == 226);
        return from;
    };
    CHECK(source_port() == port - 1);
    source_port(); // to the same port, while the system remembers the first connection

    tcp::acceptor holder{client.context, {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port - 1)}};
    waiting_client other;
    CHECK(control.ask(other.eprt()) == 200);
    CHECK(control.ask("RETR a.txt") == 150);
    CHECK(other.receive().second != port - 1);
    CHECK(control.next_reply().code == 226);
}
