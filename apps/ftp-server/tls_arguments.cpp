// Which options of TLS go together, and what those mean that are not given.
#include "tls_arguments.hpp"

#include "option_kinds.hpp"

#include <CLI/CLI.hpp>

using libftp::session_binding;
using libftp::net::client_certificates;

namespace {

constexpr const char* tls_group = "TLS";

/// Without TLS they would do nothing, and whoever gave them would not know.
constexpr const char* options_of_tls[] = {"--tls-cert",    "--tls-key",       "--tls-implicit",
                                          "--tls-binding", "--tls-client-ca", "--tls-client-cert"};

tls_mode to_mode(const std::string& text)
{
    if (text == "allow")
        return tls_mode::allow;
    if (text == "require")
        return tls_mode::require;
    return text == "auto" ? tls_mode::automatic : tls_mode::off;
}

session_binding to_binding(const std::string& text)
{
    if (text == "off")
        return session_binding::off;
    return text == "require" ? session_binding::require : session_binding::prefer;
}

std::vector<certificate_files> to_pairs(const std::vector<std::string>& certificates,
                                        const std::vector<std::string>& keys)
{
    if (!keys.empty() && keys.size() != certificates.size())
        throw CLI::ValidationError("--tls-key", "goes with each --tls-cert or with none: then each key is in the file "
                                                "of its certificate");
    std::vector<certificate_files> pairs;
    for (std::size_t i = 0; i < certificates.size(); ++i)
        pairs.push_back({certificates[i], keys.empty() ? certificates[i] : keys[i]});
    return pairs;
}

} // namespace

void tls_arguments::add_to(CLI::App& app)
{
    app.add_option(
           "--tls", mode_,
           "off; allow: clients may use TLS; require: they have to, for the login and for data; auto: as allow, "
           "with a certificate of its own making, which --tls-cert keeps: without, each start makes another (off, or "
           "allow with --tls-cert)")
        ->check(CLI::IsMember({"off", "allow", "require", "auto"}))
        ->option_text("MODE")
        ->group(tls_group);
    app.add_option("--tls-cert", certificates_,
                   "Certificate in PEM, with those that lead to its authority; may be repeated for further hosts")
        ->allow_extra_args(false)
        ->option_text("FILE")
        ->group(tls_group);
    app.add_option("--tls-key", keys_, "Its key in PEM, unless it is in the same file; one for each --tls-cert")
        ->allow_extra_args(false)
        ->option_text("FILE")
        ->group(tls_group);
    add_option(app,
               {"--tls-implicit", "PORT",
                "A further port, where TLS begins with the first byte (usually 990; 0 for a free one)",
                "a port from 0 to 65535"},
               implicit_port_, parse_port)
        ->group(tls_group);
    app.add_option("--tls-binding", binding_,
                   "Data connections continue the TLS session of their control connection: off, prefer, or require, "
                   "which refuses others (prefer)")
        ->check(CLI::IsMember({"off", "prefer", "require"}))
        ->option_text("RULE")
        ->group(tls_group);
    app.add_option("--tls-client-ca", client_authorities_, "The authorities that sign clients' certificates, in PEM")
        ->option_text("FILE")
        ->group(tls_group);
    app.add_option("--tls-client-cert", clients_,
                   "Whether clients must have a certificate: optional or required "
                   "(required with --tls-client-ca)")
        ->check(CLI::IsMember({"optional", "required"}))
        ->option_text("RULE")
        ->group(tls_group);
}

tls_choices tls_arguments::read(const CLI::App& app) const
{
    tls_choices choices;
    choices.mode = mode_.empty() && !certificates_.empty() ? tls_mode::allow : to_mode(mode_);
    choices.certificates = to_pairs(certificates_, keys_);
    if (choices.mode == tls_mode::off) {
        for (const auto* name : options_of_tls) {
            if (app.count(name) != 0)
                throw CLI::ValidationError(name, mode_ == "off" ? "goes without --tls=off"
                                                                : "needs --tls-cert FILE, or --tls=auto");
        }
        return choices;
    }
    if (choices.mode != tls_mode::automatic && certificates_.empty())
        throw CLI::ValidationError("--tls", "needs a certificate: --tls-cert FILE, or --tls=auto makes one");
    if (choices.mode == tls_mode::automatic && certificates_.size() > 1)
        throw CLI::ValidationError("--tls-cert", "--tls=auto makes one certificate only");
    if (app.count("--tls-client-cert") != 0 && client_authorities_.empty())
        throw CLI::ValidationError("--tls-client-cert", "needs --tls-client-ca FILE, which says whom to trust");
    if (!client_authorities_.empty())
        choices.clients = clients_ == "optional" ? client_certificates::optional : client_certificates::required;
    if (app.count("--tls-implicit") != 0)
        choices.implicit_port = implicit_port_;
    choices.client_authorities_file = client_authorities_;
    choices.binding = to_binding(binding_);
    return choices;
}
