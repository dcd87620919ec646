// A server that limits what may be stored, how fast it goes, and what may be done where: limits PORT FOLDER
#include <libftp/auth/authenticator.hpp>
#include <libftp/auth/session_limit.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/disk_store.hpp>
#include <libftp/store/quota_store.hpp>

#include <iostream>
#include <string>

using namespace libftp;

int main(int argc, char** argv)
try {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121);
    const auto folder = disk_store::open(argc > 2 ? argv[2] : ".", link_rule::refuse).value();

    const quota_limits at_most{.max_bytes = 1'000'000, .max_files = 1'000};
    const auto space = std::make_shared<quota>(at_most, measure_usage(*folder).value());
    account guest{.name = "anonymous", .store = make_quota_store(folder, space)};
    guest.allowed = permissions::full();
    guest.allowed.set(store_path{}.resolve("/archive").value(), permissions::read_only());
    guest.rates.upload = std::make_shared<rate_limit>(5'000'000); // bytes per second, of all sessions of this account

    const auto logins = std::make_shared<anonymous_authenticator>(guest);
    net::server_options options{.authenticator = std::make_shared<limited_authenticator>(logins, 8)}; // sessions a user
    options.max_sessions = 100;
    options.max_sessions_per_address = 10;
    options.session.max_download_rate = 10'000'000; // bytes per second, of each session
    options.session.idle_limit = std::chrono::minutes{2};

    net::server server{std::move(options)};
    std::cout << "Serving on " << server.listen({ip_address::loopback_v4(), port}).value().to_string() << std::endl;
    server.drain_on_signals(std::chrono::seconds{10});
    server.run();
} catch (const std::exception& error) {
    std::cerr << "limits: " << error.what() << '\n';
    return 1;
}
