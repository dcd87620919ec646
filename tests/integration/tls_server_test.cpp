// The server's side of TLS against peers that go their own ways, over real sockets.
#include "bare_tls.hpp"
#include "running_server.hpp"

#include <libftp/net/tls.hpp>
#include <libftp/store/store_decorator.hpp>

#include <array>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;

namespace {

net::tls_server_options self_signed()
{
    const std::array<std::string, 1> names{"localhost"};
    net::tls_server_options tls;
    tls.identities.push_back(net::make_self_signed_identity(names).value());
    return tls;
}

/// The names of the commands that a server has run.
class command_recorder final : public session_observer {
public:
    void command_received(const session_facts& /*session*/, std::string_view name,
                          std::string_view /*argument*/) override
    {
        const std::lock_guard lock{mutex_};
        names_.emplace_back(name);
        last_cpu_ = std::clock();
        last_time_ = std::chrono::steady_clock::now();
    }
    void closed(const session_facts& /*session*/, close_reason /*reason*/) override
    {
        const std::lock_guard lock{mutex_};
        has_closed_ = true;
        changed_.notify_all();
    }
    std::vector<std::string> names()
    {
        const std::lock_guard lock{mutex_};
        return names_;
    }
    /// Waits for the end of a session. What share of a core this process has used since the last command; nothing if
    /// that was too short ago.
    std::optional<double> load_of_last_rest()
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return has_closed_; });
        const std::chrono::duration<double> rest = std::chrono::steady_clock::now() - last_time_;
        if (rest < 1s)
            return std::nullopt;
        return static_cast<double>(std::clock() - last_cpu_) / CLOCKS_PER_SEC / rest.count();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool has_closed_ = false;
    std::clock_t last_cpu_ = 0;
    std::chrono::steady_clock::time_point last_time_{};
    std::vector<std::string> names_;
};

/// As far as the handshake.
void begin_tls(bare_connection& connection)
{
    CHECK(connection.next_reply().code == 220);
    CHECK(connection.ask("AUTH TLS") == 234);
}

std::string content_of(std::size_t size)
{
    return std::string(size, static_cast<char>('a' + size % 26));
}

} // namespace

TEST_CASE("Five thousand uploads of a client that never reads a ticket all arrive whole")
{
    const auto files = std::make_shared<memory_store>();
    const auto tls = self_signed();
    net::server_options options;
    options.session.tls.binding = session_binding::require;
    running_server server{files, std::move(options), &tls};
    const auto context = make_client_context();
    bare_connection connection{server.port()};
    begin_tls(connection);
    bare_tls control{context.get(), connection.socket()};
    control.log_in();
    control.ask("TYPE I");
    int whole = 0;
    constexpr int count = 5000;
    for (int i = 0; i < count; ++i) {
        const auto size = static_cast<std::size_t>(i) * 7919 % 102'401;
        bare_connection data{control.ask_for_data_port()};
        const auto session = control.session();
        control.write("STOR f\r\n");
        REQUIRE(control.next_reply().code == 150);
        bare_tls upload{context.get(), data.socket(), session.get()};
        REQUIRE(upload.is_connected());
        upload.write(content_of(size));
        upload.close_output();
        data.close();
        REQUIRE(control.next_reply().code == 226);
        whole += files->content("/f").value() == content_of(size) ? 1 : 0;
    }
    CHECK(whole == count);
}

TEST_CASE("An upload that ends without close_notify is not committed")
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto files = std::make_shared<memory_store>();
        files->add_file("/f", "old");
        const auto tls = self_signed();
        running_server server{files, {}, &tls};
        const auto context = make_client_context(version);
        bare_connection connection{server.port()};
        begin_tls(connection);
        bare_tls control{context.get(), connection.socket()};
        control.log_in();
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("STOR f") == 150);
        bare_tls upload{context.get(), data.socket()};
        upload.write("half of it");
        data.end_output();
        CHECK(control.next_reply().code == 426);
        CHECK(files->content("/f").value() == "old");
    }
}

TEST_CASE("Commands in clear behind AUTH are never run, whether TLS follows or not")
{
    command_recorder recorder;
    const auto tls = self_signed();
    running_server server{std::make_shared<memory_store>(), {.observer = &recorder}, &tls};
    const auto context = make_client_context();

    bare_connection connection{server.port()};
    CHECK(connection.next_reply().code == 220);
    connection.send("AUTH TLS\r\nUSER mallory\r\nPASS x\r\nSYST\r\n");
    CHECK(connection.next_reply().code == 234);
    bare_tls control{context.get(), connection.socket()};
    REQUIRE(control.is_connected());
    CHECK(control.ask("NOOP") == 200);
    CHECK(control.ask("QUIT") == 221);
    CHECK(recorder.names() == std::vector<std::string>{"AUTH", "NOOP", "QUIT"});

    bare_connection other{server.port()};
    begin_tls(other);
    other.send("USER mallory\r\n");
    other.read_to_end(); // an alert, and the end
    CHECK(recorder.names().back() == "AUTH");
}

TEST_CASE("HOST before AUTH brings that host's certificate to a client without SNI, and is known in TLS")
{
    auto tls = self_signed();
    const std::array<std::string, 1> names{"two.test"};
    tls.identities.push_back(net::make_self_signed_identity(names).value());
    running_server server{std::make_shared<memory_store>(), {}, &tls};
    const auto context = make_client_context();
    bare_connection connection{server.port()};
    CHECK(connection.next_reply().code == 220);
    CHECK(connection.ask("HOST two.test") == 220);
    CHECK(connection.ask("AUTH TLS") == 234);
    bare_tls control{context.get(), connection.socket()};
    control.log_in();
    const net::openssl::certificate_ptr shown{SSL_get1_peer_certificate(control.handle())};
    CHECK(X509_check_host(shown.get(), "two.test", 0, 0, nullptr) == 1);
    CHECK(server.server().sessions().back().facts.host == "two.test");
}

TEST_CASE("TLS begins behind the header of a proxy, also where both come in one piece")
{
    const auto tls = self_signed();
    running_server server{std::make_shared<memory_store>(), {.proxies = {*ip_network::parse("127.0.0.1")}}, &tls};
    const auto context = make_client_context();
    for (const int flags : {0, static_cast<int>(MSG_MORE)}) {
        bare_connection connection{server.implicit_port()};
        constexpr std::string_view header = "PROXY TCP4 192.0.2.7 203.0.113.1 40000 990\r\n";
        connection.socket().send(asio::buffer(header), flags);
        bare_tls control{context.get(), connection.socket()};
        REQUIRE(control.is_connected());
        CHECK(control.next_reply().code == 220);
        control.log_in();
        CHECK(server.server().sessions().back().facts.peer.address.to_string() == "192.0.2.7");
    }
}

TEST_CASE("A data connection in clear gets nothing under PROT P, and a stranger's session is not this one's")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/f", "private");
    const auto tls = self_signed();
    net::server_options options;
    options.session.tls.binding = session_binding::require;
    running_server server{files, std::move(options), &tls};
    const auto context = make_client_context();
    bare_connection connection{server.port()};
    begin_tls(connection);
    bare_tls control{context.get(), connection.socket()};
    control.log_in();

    bare_connection in_clear{control.ask_for_data_port()};
    CHECK(control.ask("RETR f") == 150);
    in_clear.send("GET / HTTP/1.0\r\n\r\n");
    CHECK(control.next_reply().code == 522);
    CHECK(in_clear.read_to_end().find("private") == std::string::npos);

    bare_connection unbound{control.ask_for_data_port()};
    CHECK(control.ask("RETR f") == 150);
    bare_tls unbound_tls{context.get(), unbound.socket()};
    CHECK(unbound_tls.read_to_end().empty());
    CHECK(control.next_reply().code == 522);

    bare_connection connection_of_stranger{server.port()};
    begin_tls(connection_of_stranger);
    bare_tls stranger_control{context.get(), connection_of_stranger.socket()};
    stranger_control.log_in(); // so that its tickets are read
    const auto session_of_stranger = stranger_control.session();
    bare_connection stolen{control.ask_for_data_port()};
    CHECK(control.ask("RETR f") == 150);
    bare_tls stolen_tls{context.get(), stolen.socket(), session_of_stranger.get()};
    CHECK(stolen_tls.read_to_end().empty());
    CHECK(control.next_reply().code == 522);

    const auto own_session = control.session();
    bare_connection own{control.ask_for_data_port()};
    CHECK(control.ask("RETR f") == 150);
    bare_tls own_tls{context.get(), own.socket(), own_session.get()};
    CHECK(own_tls.is_resumed());
    CHECK(own_tls.read_to_end() == "private");
    CHECK(own_tls.was_closed());
    CHECK(control.next_reply().code == 226);
}

TEST_CASE("A hundred and fifty half-finished handshakes hold nobody up, spin no core, and end at the login limit")
{
    const auto tls = self_signed();
    net::server_options options;
    options.session.login_limit = 2s;
    running_server server{std::make_shared<memory_store>(), std::move(options), &tls};
    std::deque<bare_connection> halves;
    for (int i = 0; i < 150; ++i) {
        auto& half = halves.emplace_back(i % 2 == 0 ? server.port() : server.implicit_port());
        if (i % 2 == 0) {
            begin_tls(half);
        }
        half.send(std::string_view{"\x16\x03\x01\x02\x00\x01\x00", 7}); // a ClientHello that does not go on
    }
    const auto context = make_client_context();
    bare_connection connection{server.port()};
    begin_tls(connection);
    bare_tls control{context.get(), connection.socket()};
    control.log_in();
    CHECK(control.ask("NOOP") == 200);

    const auto cpu_before = std::clock();
    const auto began = std::chrono::steady_clock::now();
    for (auto& half : halves)
        half.read_to_end();
    const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - began;
    const auto cpu = static_cast<double>(std::clock() - cpu_before) / CLOCKS_PER_SEC;
    if (waited > 1s) // else another program held this one up until the limit had passed
        CHECK(cpu < waited.count() / 2);
    CHECK(control.ask("NOOP") == 200);
}

TEST_CASE("A client that closes when it has all the bytes, and does not wait for the end of TLS, is answered 226")
{
    const auto files = std::make_shared<memory_store>();
    files->add_file("/f", "whole");
    const auto tls = self_signed();
    running_server server{files, {}, &tls};
    const auto context = make_client_context();
    bare_connection connection{server.port()};
    begin_tls(connection);
    bare_tls control{context.get(), connection.socket()};
    control.log_in();
    for (int i = 0; i < 20; ++i) {
        bare_connection data{control.ask_for_data_port()};
        CHECK(control.ask("RETR f") == 150);
        bare_tls download{context.get(), data.socket()};
        std::array<char, 5> whole;
        REQUIRE(SSL_read(download.handle(), whole.data(), whole.size()) == 5);
        data.close();
        CHECK(control.next_reply().code == 226);
    }
}

TEST_CASE("New keys without end hold nobody else up")
{
    const auto tls = self_signed();
    running_server server{std::make_shared<memory_store>(), {}, &tls};
    const auto context = make_client_context();
    bare_connection connection{server.port()};
    begin_tls(connection);
    bare_tls flood{context.get(), connection.socket()};
    REQUIRE(flood.is_connected());
    std::atomic<bool> is_served = false;
    std::thread flooding{[&] {
        while (!is_served && SSL_key_update(flood.handle(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1 &&
               SSL_do_handshake(flood.handle()) == 1) {
        }
    }};
    for (int i = 0; i < 10; ++i) {
        bare_connection other{server.port()};
        CHECK(other.next_reply().code == 220);
        CHECK(other.ask("NOOP") == 200);
    }
    is_served = true;
    flooding.join();
}

TEST_CASE("A client that asks for data connections and reads nothing spins no core, and is left at the idle limit")
{
    command_recorder recorder;
    const auto tls = self_signed();
    net::server_options options;
    options.observer = &recorder;
    options.session.idle_limit = 2s;
    options.session.close_limit = 1s;
    running_server server{std::make_shared<memory_store>(), std::move(options), &tls};
    const auto context = make_client_context();
    bare_connection connection{server.port()};
    begin_tls(connection);
    bare_tls control{context.get(), connection.socket()};
    control.log_in();
    // So that little fits in between, and the server comes to rest soon.
    connection.socket().set_option(asio::socket_base::receive_buffer_size{4096});
    connection.socket().native_non_blocking(true);
    std::string commands;
    for (int i = 0; i < 100; ++i)
        commands += "EPSV\r\n";
    while (control.write(commands)) {
    }
    CHECK(recorder.load_of_last_rest().value_or(0) < 0.5);
}

TEST_CASE("An upload with a limited rate is written in pieces, not byte by byte")
{
    class counting_store final : public store_decorator {
    public:
        using store_decorator::store_decorator;
        std::atomic<int> writes = 0;

        [[nodiscard]] bool blocks() const noexcept override { return true; }
        result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override
        {
            auto opened = store_decorator::open_write(path, options);
            if (!opened)
                return opened;
            return std::make_unique<writer>(writes, *std::move(opened));
        }

    private:
        class writer final : public file_writer {
        public:
            writer(std::atomic<int>& writes, std::unique_ptr<file_writer> real)
                : writes_(writes), real_(std::move(real))
            {
            }
            result<void> write(std::string_view bytes) override
            {
                ++writes_;
                return real_->write(bytes);
            }
            result<void> commit() override { return real_->commit(); }
            void discard(std::error_code reason) override { real_->discard(reason); }

        private:
            std::atomic<int>& writes_;
            std::unique_ptr<file_writer> real_;
        };
    };
    const auto files = std::make_shared<memory_store>();
    const auto counting = std::make_shared<counting_store>(files);
    const auto tls = self_signed();
    net::server_options options;
    options.session.max_upload_rate = 10'000'000;
    running_server server{counting, std::move(options), &tls};
    const auto context = make_client_context();
    bare_connection connection{server.port()};
    begin_tls(connection);
    bare_tls control{context.get(), connection.socket()};
    control.log_in();
    CHECK(control.ask("TYPE I") == 200);
    bare_connection data{control.ask_for_data_port()};
    CHECK(control.ask("STOR f") == 150);
    bare_tls upload{context.get(), data.socket()};
    upload.write(content_of(60'000));
    upload.close_output();
    data.end_output();
    CHECK(control.next_reply().code == 226);
    CHECK(files->content("/f").value() == content_of(60'000));
    CHECK(counting->writes < 60);
}
