// Starts the server as a service, and prints how it serves.
#include "serve.hpp"

#include "configured_server.hpp"
#include "exposed_secrets.hpp"
#include "notices.hpp"
#include "service/service.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/resource.h>

namespace {

/// Each session needs a descriptor or two; the usual soft limit is low for no reason.
void raise_descriptor_limit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

std::string_view describe(const tls_choices& tls)
{
    switch (tls.mode) {
    case tls_mode::off: return "TLS is off: passwords and files travel in clear.";
    case tls_mode::require: return "TLS is required, for the login and for data.";
    case tls_mode::allow:
    case tls_mode::automatic: break;
    }
    return "TLS is offered; clients that do not ask for it are served in clear.";
}

std::string describe_users(const account_choices& accounts)
{
    std::string sources = accounts.users_file.empty() ? "" : "the accounts of the users file";
    if (!accounts.pam_service.empty())
        sources += std::string{sources.empty() ? "" : " and "} + "the accounts of this system";
    return sources;
}

std::string_view describe(anonymous_access access)
{
    switch (access) {
    case anonymous_access::none: return "";
    case anonymous_access::read: return "everybody, read-only";
    case anonymous_access::upload: return "everybody, who may leave files";
    case anonymous_access::write: break;
    }
    return "everybody, who may change it";
}

/// What is shared with whom: accounts may have another root.
std::string describe_shares(const serve_options& options)
{
    std::error_code ignored;
    const auto directory = std::filesystem::absolute(options.directory, ignored).lexically_normal().string();
    const auto& root = options.accounts.root.empty() ? directory : options.accounts.root;
    const auto users = describe_users(options.accounts);
    const auto everybody = describe(options.accounts.anonymous);
    if (users.empty())
        return fmt::format("{} with {}", directory, everybody);
    if (everybody.empty())
        return fmt::format("{} with {}", root, users);
    if (root == directory)
        return fmt::format("{} with {} and {}", root, users, everybody);
    return fmt::format("{} with {}, and {} with {}", root, users, directory, everybody);
}

void print(configured_server& configured, const service& running, const std::vector<std::string>& warnings)
{
    const auto& options = configured.options();
    std::uint16_t last = 0;
    for (const auto& listener : configured.server().listeners()) {
        if (listener.where.port != last)
            say("{} on port {}\n",
                listener.start == libftp::control_start::in_tls ? "Implicit TLS" : "Server listening",
                listener.where.port);
        last = listener.where.port;
    }
    say("{}\n", describe(options.tls));
    if (options.tls.mode == tls_mode::automatic)
        say("The certificate is self-signed; its SHA-256 fingerprint is {}\n", configured.fingerprint());
    if (options.tls.mode == tls_mode::automatic && options.tls.certificates.empty())
        say("Each start makes another certificate, which clients do not know: --tls-cert FILE keeps it.\n");
    say("{}\n", running.describe());
    for (const auto& warning : warnings)
        say("{}\n", libftp::escape_controls(warning));
    say("Sharing {}. Ctrl+C ends it.\n", describe_shares(options));
}

/// SIGHUP.
void renew(const service& running, configured_server& configured, int argc, char** argv)
try {
    configured.reopen_logs(); // first: who rotates them need not know that the configuration has a fault
    auto options = reread_options(argc, argv);
    const auto written = options.written;
    const bool has_new_service = options.service != configured.options().service;
    running.demand_reach(options);
    try {
        for (const auto& option : configured.renew(std::move(options)))
            say("{}what is new about {} counts from the next start on.\n", written[option], option);
    } catch (const option_error& error) {
        throw std::runtime_error(written[error.option()] + error.what());
    }
    if (has_new_service)
        say("The options of the service count from the next start on.\n");
    say("The configuration was read again.\n");
    if (!configured.fingerprint().empty())
        say("The certificates were read again; the first one has the SHA-256 fingerprint {}\n",
            configured.fingerprint());
} catch (const std::exception& error) {
    say("Everything stays as it was: {}\n", libftp::escape_controls(error.what()));
}

} // namespace

void serve(serve_options options, int argc, char** argv)
{
    raise_descriptor_limit();
    const auto warnings = warnings_of_exposed_secrets(options); // before the server is confined
    service running{options, argv};
    auto& configured = running.open(std::move(options));
    running.run([&] { renew(running, configured, argc, argv); }, [&] { print(configured, running, warnings); });
}
