// Whether to trust a server's certificate that nobody vouches for: asks a person, and tells a script what would help.
#pragma once

#include "reporter.hpp"
#include "tls_arguments.hpp"

#include <libftp/net/tls.hpp>
#include <libftp/protocol/url.hpp>
#include <libftp/tls_facts.hpp>

#include <optional>
#include <string>
#include <utility>

class trust_prompt {
public:
    trust_prompt(reporter& out, tls_wishes wishes) : out_(out), wishes_(std::move(wishes)) {}
    trust_prompt(const trust_prompt&) = delete;
    trust_prompt& operator=(const trust_prompt&) = delete;
    ~trust_prompt() = default;

    [[nodiscard]] const tls_wishes& wishes() const noexcept { return wishes_; }
    /// For a session beside this one, which has nobody to ask but may rely on what was accepted here.
    [[nodiscard]] tls_wishes wishes_for_others() const;
    /// For the next connection, which must not outlive this.
    libftp::net::tls_client_options options();

    /// What can be done about the certificate because of which that connection did not come about, in sentences that
    /// are yet to be escaped. Empty: it was not for that.
    [[nodiscard]] std::string advice() const;
    /// `TLS 1.3, certificate of example.org (verified)`.
    [[nodiscard]] std::string describe(const libftp::ftp_url& server, const libftp::tls_facts& session) const;

private:
    libftp::net::trust decide(const libftp::net::untrusted_certificate& shown);
    [[nodiscard]] bool has_nobody_to_ask() const;
    [[nodiscard]] libftp::net::trust decide_unasked() const;
    [[nodiscard]] libftp::net::trust ask() const;
    [[nodiscard]] const char* reason_to_trust(const libftp::ftp_url& server,
                                              const libftp::certificate_facts& certificate) const;

    reporter& out_;
    tls_wishes wishes_;
    // Of the connection that options() was for:
    std::optional<libftp::net::untrusted_certificate> shown_{};
    libftp::net::trust decision_ = libftp::net::trust::refuse;
};

/// Line by line, for a person.
void print_certificate(reporter& out, const libftp::certificate_facts& certificate);
