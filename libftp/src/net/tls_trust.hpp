// Whether a client goes on with a server whose certificate is not verified.
#pragma once

#include <libftp/net/tls.hpp>

#include <system_error>

namespace libftp::net {

/// On the control connection: no error if the options name the certificate, the pin file has it, or whoever may decide
/// trusts it; else why not. options.fingerprints are in their normal form. May ask, and write the pin file.
std::error_code judge_server(const tls_client_options& options, untrusted_certificate shown);

/// On a data connection, where nobody is asked: `control` is what the server has shown on the control connection, or
/// nullptr.
std::error_code judge_data_peer(const tls_client_options& options, const certificate_facts* control,
                                const certificate_facts& shown);

} // namespace libftp::net
