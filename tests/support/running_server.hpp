// A server on loopback for a test's lifetime, and bare sockets to talk to it.
#pragma once

#include <doctest/doctest.h>

#include <libftp/auth/authenticator.hpp>
#include <libftp/net/server.hpp>
#include <libftp/protocol/address_codec.hpp>
#include <libftp/protocol/reply_parser.hpp>
#include <libftp/store/memory_store.hpp>

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace libftp::testing {

/// Serves `files` to `ann`, password `secret`, or to whom the options' authenticator lets in, on its own thread, on a
/// free port of 127.0.0.1 and of ::1. With `tls` it offers that too, and has a port for implicit TLS.
class running_server {
public:
    explicit running_server(std::shared_ptr<file_store> files = std::make_shared<memory_store>(),
                            net::server_options options = {}, const net::tls_server_options* tls = nullptr)
        : server_(with_account(std::move(options), std::move(files), tls != nullptr))
    {
        if (tls != nullptr) {
            server_.use_tls(*tls).value();
            implicit_port_ = server_.listen({ip_address::loopback_v4(), 0}, control_start::in_tls).value().port;
        }
        port_ = server_.listen({ip_address::loopback_v4(), 0}).value().port;
        port_v6_ = server_.listen({ip_address::loopback_v6(), 0}).value().port;
        thread_ = std::thread{[this] { server_.run(); }};
    }
    ~running_server()
    {
        server_.stop();
        if (thread_.joinable())
            thread_.join();
    }

    net::server& server() noexcept { return server_; }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::uint16_t port_v6() const noexcept { return port_v6_; }
    [[nodiscard]] std::uint16_t implicit_port() const noexcept { return implicit_port_; }
    /// Waits until run() has returned by itself.
    void wait() { thread_.join(); }

private:
    class one_user final : public authenticator {
    public:
        explicit one_user(std::shared_ptr<file_store> files) : files_(std::move(files)) {}
        [[nodiscard]] bool blocks() const noexcept override { return true; }
        result<account> authenticate(const credentials& who) override
        {
            if (who.user != "ann" || who.password.reveal() != "secret")
                return std::make_error_code(std::errc::permission_denied);
            return account{"ann", files_, {}, permissions::full()};
        }

    private:
        std::shared_ptr<file_store> files_;
    };

    static net::server_options with_account(net::server_options options, std::shared_ptr<file_store> files,
                                            bool offers_tls)
    {
        options.session.tls.is_offered = options.session.tls.is_offered || offers_tls;
        if (!options.authenticator)
            options.authenticator = std::make_shared<one_user>(std::move(files));
        return options;
    }

    net::server server_;
    std::uint16_t port_ = 0;
    std::uint16_t port_v6_ = 0;
    std::uint16_t implicit_port_ = 0;
    std::thread thread_;
};

/// Commands and replies, over whatever carries the bytes.
class dialogue {
public:
    virtual ~dialogue() = default;

    virtual void send(std::string_view bytes) = 0;
    /// The next reply; code 0 at the end of the connection.
    reply next_reply()
    {
        while (true) {
            std::string_view input = received_;
            const auto status = parser_.read(input);
            received_.erase(0, received_.size() - input.size());
            if (status == reply_parser::status::complete)
                return std::exchange(parser_.value(), {});
            std::array<char, 4096> piece;
            const auto count = receive(piece);
            if (count == 0)
                return {};
            received_.append(piece.data(), count);
        }
    }
    int ask(const std::string& line)
    {
        send(line + "\r\n");
        return next_reply().code;
    }
    /// EPSV: the port to connect to.
    std::uint16_t ask_for_data_port()
    {
        send("EPSV\r\n");
        const auto answer = next_reply();
        CHECK(answer.code == 229);
        return parse_extended_passive_reply(answer.text()).value();
    }

private:
    /// Waits for bytes; 0 at the end.
    virtual std::size_t receive(std::span<char> room) = 0;

    std::string received_;
    reply_parser parser_;
};

/// A blocking control or data connection without any FTP of its own.
class bare_connection : public dialogue {
public:
    /// `from` chooses the local address: every 127.x.y.z is this host.
    explicit bare_connection(std::uint16_t port, const char* from = "127.0.0.1", const char* to = "127.0.0.1")
        : socket_(context_)
    {
        using asio::ip::tcp;
        const tcp::endpoint target{asio::ip::make_address(to), port};
        socket_.open(target.protocol());
        socket_.bind({asio::ip::make_address(from), 0});
        socket_.connect(target);
    }

    void send(std::string_view bytes) override { asio::write(socket_, asio::buffer(bytes)); }
    void log_in()
    {
        CHECK(next_reply().code == 220);
        CHECK(ask("USER ann") == 331);
        CHECK(ask("PASS secret") == 230);
    }
    std::string read_to_end()
    {
        std::string all;
        std::error_code end;
        asio::read(socket_, asio::dynamic_buffer(all), end);
        return all;
    }
    void close() { socket_.close(); }
    /// Closes by a reset; what was sent and not read yet may be lost.
    void reset()
    {
        socket_.set_option(asio::socket_base::linger{true, 0});
        socket_.close();
    }
    void end_output() { socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }
    asio::ip::tcp::socket& socket() noexcept { return socket_; }

private:
    std::size_t receive(std::span<char> room) override
    {
        std::error_code end;
        return socket_.read_some(asio::buffer(room.data(), room.size()), end);
    }

    asio::io_context context_;
    asio::ip::tcp::socket socket_;
};

/// A free port below those that systems assign by themselves: no other program gets it by chance.
inline std::uint16_t unassigned_port()
{
    std::random_device random;
    asio::io_context context;
    while (true) {
        const auto port = static_cast<std::uint16_t>(std::uniform_int_distribution<>{20'000, 30'000}(random));
        asio::ip::tcp::acceptor acceptor{context, asio::ip::tcp::v4()};
        std::error_code taken;
        acceptor.bind({asio::ip::address_v4::loopback(), port}, taken);
        if (!taken)
            return port;
    }
}

} // namespace libftp::testing
