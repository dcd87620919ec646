// Runs a server on the program's own event loop and thread, beside its other work: beside_other_work PORT FOLDER
#include <libftp/auth/authenticator.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/disk_store.hpp>

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/signal_set.hpp>
#include <asio/write.hpp>

#include <iostream>
#include <string>

using namespace libftp;
using asio::ip::tcp;

/// The other work: tells everybody who connects how many sessions there are.
class status_port {
public:
    status_port(asio::io_context& loop, const net::server& server)
        : server_(server), acceptor_(loop, {asio::ip::address_v4::loopback(), 0})
    {
        accept();
    }
    [[nodiscard]] unsigned port() const { return acceptor_.local_endpoint().port(); }
    void close() { acceptor_.close(); }

private:
    void accept()
    {
        acceptor_.async_accept([this](std::error_code failed, tcp::socket socket) {
            if (failed)
                return;
            asio::write(socket, asio::buffer(std::to_string(server_.sessions().size()) + " sessions\n"), failed);
            accept();
        });
    }

    const net::server& server_;
    tcp::acceptor acceptor_;
};

int main(int argc, char** argv)
{
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121);
    const account guest{.store = disk_store::open(argc > 2 ? argv[2] : ".").value(),
                        .allowed = permissions::read_only()};
    asio::io_context loop{1};
    net::server server{loop.get_executor(), {.authenticator = std::make_shared<anonymous_authenticator>(guest)}};
    std::cout << "Serving on " << server.listen({ip_address::loopback_v4(), port}).value().to_string() << std::endl;
    status_port status{loop, server};
    std::cout << "Status on 127.0.0.1:" << status.port() << std::endl;
    asio::signal_set signals{loop, SIGINT, SIGTERM};
    signals.async_wait([&](std::error_code, int) {
        status.close();
        server.drain(std::chrono::seconds{10});
    });
    loop.run();
}
