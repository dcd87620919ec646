// Serves a folder to a user by TLS only: secure_server PORT FOLDER [CERTIFICATE.pem KEY.pem]
#include <libftp/auth/user_table.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/disk_store.hpp>

#include <iostream>
#include <string>

using namespace libftp;

int main(int argc, char** argv)
try {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121);
    const auto store = disk_store::open(argc > 2 ? argv[2] : ".").value();

    const auto hash = hash_password(secret{"open sesame"}).value(); // else from a file that keeps only hashes
    const auto users = user_table::parse("ann:" + hash + ":read-only:").value();
    const auto log_in = [store](const user_entry& user) -> result<account> {
        return account{.name = user.name, .store = store, .allowed = user.allowed};
    };

    net::server_options options{.authenticator = std::make_shared<user_table_authenticator>(users, log_in)};
    options.session.tls = {.is_offered = true,
                           .needs = {.login = true, .data = true}, // nobody logs in or transfers in clear
                           .binding = session_binding::require};   // a data connection is its own client's

    net::tls_server_options certificates;
    const std::string names[]{"localhost", "127.0.0.1"}; // of a certificate that only its fingerprint speaks for
    certificates.identities.push_back(argc > 4 ? net::read_tls_identity(argv[3], argv[4]).value()
                                               : net::make_self_signed_identity(names).value());

    net::server server{std::move(options)};
    server.use_tls(certificates).value();
    const auto where = server.listen({ip_address::loopback_v4(), port}).value();
    server.drain_on_signals(std::chrono::seconds{10});
    std::cout << "fingerprint " << net::inspect(certificates.identities.front()).value().fingerprint << '\n'
              << "serving on " << where.to_string() << std::endl;
    server.run();
} catch (const std::exception& error) {
    std::cerr << "secure_server: " << error.what() << '\n';
    return 1;
}
