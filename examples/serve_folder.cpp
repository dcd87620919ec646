// Serves a folder to everybody, read-only.
#include <libftp/auth/authenticator.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/disk_store.hpp>

#include <iostream>
#include <string>

int main(int argc, char** argv)
try {
    using namespace libftp;
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121);
    const std::string folder = argc > 2 ? argv[2] : ".";

    account guest{.name = "anonymous", .store = disk_store::open(folder).value(), .allowed = permissions::read_only()};
    net::server server{{.authenticator = std::make_shared<anonymous_authenticator>(guest)}};
    const auto where = server.listen({ip_address::loopback_v4(), port}).value();
    server.drain_on_signals(std::chrono::seconds{10});

    std::cout << "Serving " << folder << " on " << where.to_string() << std::endl;
    server.run();
} catch (const std::exception& error) {
    std::cerr << "serve_folder: " << error.what() << '\n';
    return 1;
}
