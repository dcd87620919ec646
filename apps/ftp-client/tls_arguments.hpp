// The part of ftp-client's command line that is about TLS, and what it means for one server.
#pragma once

#include <libftp/net/tls.hpp>
#include <libftp/protocol/url.hpp>
#include <libftp/result.hpp>
#include <libftp/session/client_options.hpp>

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

/// What becomes of a certificate that is neither verified nor pinned, where there is nobody to ask.
enum class first_use : std::uint8_t { refuse, pin };

struct tls_wishes {
    std::optional<libftp::tls_use> use{}; ///< Nothing: what the URL says.
    libftp::net::certificate_check check = libftp::net::certificate_check::full;
    first_use unasked = first_use::refuse;
    std::string authorities{}; ///< PEM; empty: those of the system.
    std::string pin_file{};    ///< Empty: there is no place for one.
    libftp::net::tls_identity identity{};
    bool nobody_to_ask = false; ///< As in a script; for what runs beside the prompt.
    std::string accepted{};     ///< The server and certificate that a person has accepted for this run.

    [[nodiscard]] tls_wishes clone() const;
};

/// How to connect to the server, or a sentence on what contradicts what.
libftp::result<libftp::tls_use, std::string> tls_use_for(const libftp::ftp_url& server, const tls_wishes& wishes);

/// Has to live until the command line is parsed.
class tls_arguments {
public:
    void add_to(CLI::App& app);
    /// After parsing. Reads the files. `server` is where to connect first; nullptr: nowhere. Throws
    /// CLI::ValidationError.
    [[nodiscard]] tls_wishes read(const CLI::App& app, const libftp::ftp_url* server) const;

private:
    std::string use_{};
    std::string authorities_file_{};
    std::string certificate_file_{};
    std::string key_file_{};
    std::string pin_file_{};
    bool is_implicit_ = false;
    bool is_insecure_ = false;
};
