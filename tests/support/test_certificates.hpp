// Certificates for tests: an authority that signs whatever it is asked to.
#pragma once

#include <libftp/net/tls.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace libftp::testing {

enum class key_kind : unsigned char { elliptic_curve, rsa };

struct certificate_wish {
    std::vector<std::string> names{}; ///< Hosts and addresses; `mail:` before a mailbox.
    std::string common_name = "test";
    std::chrono::hours valid_from{-1}; ///< From now.
    std::chrono::hours valid_until{24};
    key_kind key = key_kind::elliptic_curve;
};

class test_authority {
public:
    explicit test_authority(const std::string& name = "Test CA");
    ~test_authority();
    test_authority(const test_authority&) = delete;
    test_authority& operator=(const test_authority&) = delete;

    /// PEM.
    [[nodiscard]] std::string certificate() const;
    [[nodiscard]] net::tls_identity issue(const certificate_wish& wish) const;
    /// For one host, valid today.
    [[nodiscard]] net::tls_identity issue_for(const std::string& name) const { return issue({.names = {name}}); }

private:
    struct state;
    std::unique_ptr<state> state_;
};

net::tls_identity clone(const net::tls_identity& identity);

/// Its SHA-256.
std::string fingerprint_of(const net::tls_identity& identity);

} // namespace libftp::testing
