// The certificates that ftp-server shows: read from files, again and again, or made by itself.
#pragma once

#include "options.hpp"

#include <libftp/net/server.hpp>
#include <libftp/net/tls.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What --tls=auto does where its files are named and not there.
enum class missing_files : std::uint8_t { write, leave };

class certificate_source {
public:
    /// With --tls=auto it makes a certificate, and writes it into the files if they are named and not there. Throws
    /// option_error with a sentence for the user, as show_by() does.
    explicit certificate_source(const serve_options& options, missing_files missing = missing_files::write);

    /// Has the server show what is in the files now. Returns the fingerprint of the first certificate in the form that
    /// people compare: `AA:BB:...`.
    std::string show_by(libftp::net::server& server) const;

private:
    [[nodiscard]] libftp::net::tls_server_options read() const;
    void make(const std::vector<listening_place>& places);

    tls_choices choices_;
    std::optional<libftp::net::tls_identity> made_{}; ///< One that is in no file.
};
