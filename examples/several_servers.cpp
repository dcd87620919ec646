// Two servers in one process, one to look and one to work, over the same files: several_servers FOLDER
#include <libftp/auth/user_table.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/disk_store.hpp>

#include <iostream>
#include <string>
#include <thread>

using namespace libftp;

int main(int argc, char** argv)
try {
    const auto folder = disk_store::open(argc > 1 ? argv[1] : ".").value();

    const account guest{.name = "anonymous", .store = folder, .allowed = permissions::read_only()};
    net::server for_all{{.authenticator = std::make_shared<anonymous_authenticator>(guest)}};

    const auto users = user_table::parse("ann:" + hash_password(secret{"open sesame"}).value() + ":full:").value();
    const auto log_in = [folder](const user_entry& user) -> result<account> {
        return account{.name = user.name, .store = folder, .allowed = user.allowed};
    };
    net::server_options staff{.authenticator = std::make_shared<user_table_authenticator>(users, log_in)};
    staff.session.greeting = "For the staff only.";
    net::server for_staff{std::move(staff)};

    for (auto* each : {&for_all, &for_staff}) {
        std::cout << "Serving on " << each->listen({ip_address::loopback_v4(), 0}).value().to_string() << std::endl;
        each->drain_on_signals(std::chrono::seconds{10}); // a signal ends both
    }
    std::thread other{[&for_staff] { for_staff.run(); }};
    for_all.run();
    other.join();
} catch (const std::exception& error) {
    std::cerr << "several_servers: " << error.what() << '\n';
    return 1;
}
