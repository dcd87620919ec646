// An odd server on a socket, for tests of programs that speak FTP.
#pragma once

#include <libftp/endpoint.hpp>
#include <libftp/testing/odd_script.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace libftp::testing {

/// Listens as long as it lives, on a port that the system chose and a thread of its own, for any number of connections.
/// The functions here and in odd_script may be called from any thread; stop() and the destructor when no other function
/// runs.
class odd_server : public odd_script {
public:
    /// Serves when it returns. Throws std::system_error if the system has no port or thread.
    explicit odd_server(const ip_address& at = ip_address::loopback_v4());
    ~odd_server();

    /// That of where().
    [[nodiscard]] std::uint16_t port() const noexcept { return where().port; }
    /// Where it listens.
    [[nodiscard]] const endpoint& where() const noexcept { return where_; }

    /// Blocks until so many commands in all have come that fit, as for on(); false if the limit is over before.
    [[nodiscard]] bool wait_until_heard(std::string_view command, std::size_t count = 1,
                                        std::chrono::seconds limit = std::chrono::seconds{30}) const;
    /// Blocks until so much in all has been held by a rule, released or not; false if the limit is over before.
    [[nodiscard]] bool wait_until_held(std::size_t count = 1,
                                       std::chrono::seconds limit = std::chrono::seconds{30}) const;

    /// Closes everything; afterwards only what it has heard can be asked. The destructor does the same.
    void stop() noexcept;

private:
    struct engine;
    std::unique_ptr<engine> engine_;
    endpoint where_;
};

} // namespace libftp::testing
