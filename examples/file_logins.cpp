// Checks logins against a file of `name hash` lines by an authenticator of its own: file_logins PORT FOLDER LOGINS
#include <libftp/auth/login_throttle.hpp>
#include <libftp/auth/user_table.hpp>
#include <libftp/net/now.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/disk_store.hpp>

#include <fstream>
#include <iostream>
#include <string>

using namespace libftp;

/// The file is read at each login, so a change counts at once. Several threads may ask at the same time.
class file_logins final : public authenticator {
public:
    file_logins(std::string file, std::shared_ptr<file_store> store) : file_(std::move(file)), store_(std::move(store))
    {
    }

    result<account> authenticate(const credentials& who) override
    {
        std::ifstream lines{file_};
        if (!lines)
            return std::make_error_code(std::errc::io_error); // nobody can log in now
        std::string known = decoy_;                           // so that who is unknown takes as long
        bool is_known = false;
        for (std::string name, hash; lines >> name >> hash;)
            if (name == who.user) {
                known = hash;
                is_known = true;
            }
        if (!verify_password(who.password, known) || !is_known)
            return std::make_error_code(std::errc::permission_denied);
        return account{.name = who.user, .store = store_, .allowed = permissions::full()};
    }

private:
    std::string file_;
    std::shared_ptr<file_store> store_;
    std::string decoy_ = hash_password(secret{"nobody's"}).value();
};

int main(int argc, char** argv)
try {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121);
    const auto store = disk_store::open(argc > 2 ? argv[2] : ".").value();
    const auto logins = std::make_shared<file_logins>(argc > 3 ? argv[3] : "logins", store);
    // An address that has guessed five times in vain has to wait, longer each time; each wrong password waits too.
    net::server_options options{.authenticator = std::make_shared<throttled_authenticator>(logins, net::now)};
    options.session.denial_delay = std::chrono::milliseconds{500};
    net::server server{std::move(options)};
    std::cout << "Serving on " << server.listen({ip_address::loopback_v4(), port}).value().to_string() << std::endl;
    server.drain_on_signals(std::chrono::seconds{10});
    server.run();
} catch (const std::exception& error) {
    std::cerr << "file_logins: " << error.what() << '\n';
    return 1;
}
