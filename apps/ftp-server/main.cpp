// ftp-server: shares a directory by FTP.
#include "accounts.hpp"
#include "certificates.hpp"
#include "event_printer.hpp"
#include "options.hpp"

#include <libftp/net/server.hpp>

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <sys/resource.h>

namespace {

constexpr std::chrono::seconds grace{30}; // for running transfers after Ctrl+C

std::string_view advice_for(std::error_code error)
{
    if (error == std::errc::address_in_use)
        return " Another program uses it: choose another port, or 0 for a free one.";
    if (error == std::errc::permission_denied)
        return " Ports below 1024 need a privilege: choose one from 1024 on.";
    if (error == std::errc::address_not_available)
        return " This machine does not have that address.";
    return "";
}

/// Each session needs a descriptor or two; the usual soft limit is low for no reason.
void raise_descriptor_limit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

libftp::tls_policy to_policy(const tls_choices& tls)
{
    const bool is_required = tls.mode == tls_mode::require;
    return {.is_offered = tls.mode != tls_mode::off,
            .needs = {.login = is_required, .data = is_required},
            .binding = tls.binding};
}

void renew_certificates(libftp::net::server& server, const certificate_source& certificates)
try {
    fmt::print("The certificates were read again; the first one has the SHA-256 fingerprint {}\n",
               certificates.show_by(server));
    std::fflush(stdout);
} catch (const std::exception& error) {
    fmt::print("The certificates stay as they were: {}\n", error.what());
    std::fflush(stdout);
}

std::uint16_t listen(libftp::net::server& server, const std::vector<libftp::ip_address>& addresses, std::uint16_t port,
                     libftp::control_start start)
{
    for (const auto& address : addresses) {
        const auto where = server.listen({address, port}, start);
        if (!where)
            throw std::runtime_error(fmt::format("cannot listen on {}: {}.{}",
                                                 libftp::endpoint{address, port}.to_string(), where.error().message(),
                                                 advice_for(where.error())));
        port = where->port; // 0 chose it; further addresses share it
    }
    return port;
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

void serve(const serve_options& options)
{
    raise_descriptor_limit();
    event_printer printer;
    libftp::net::server_options settings;
    settings.authenticator = open_accounts(options);
    settings.observer = &printer;
    settings.passive_ports = options.passive_ports;
    settings.threads = options.threads;
    settings.session.tls = to_policy(options.tls);
    const certificate_source certificates{options};
    libftp::net::server server{std::move(settings)};
    std::string shown;
    if (options.tls.mode != tls_mode::off) {
        shown = certificates.show_by(server);
        server.on_hangup([&server, &certificates] { renew_certificates(server, certificates); });
    }

    using libftp::control_start;
    const auto port = listen(server, options.addresses, options.port, control_start::in_clear);
    std::optional<std::uint16_t> implicit_port;
    if (options.tls.implicit_port)
        implicit_port = listen(server, options.addresses, *options.tls.implicit_port, control_start::in_tls);
    server.drain_on_signals(grace);

    fmt::print("Server listening on port {}\n", port);
    if (implicit_port)
        fmt::print("Implicit TLS on port {}\n", *implicit_port);
    fmt::print("{}\n", describe(options.tls));
    if (options.tls.mode == tls_mode::automatic)
        fmt::print("The certificate is self-signed; its SHA-256 fingerprint is {}\n", shown);
    const auto* access = !options.users_file.empty()   ? "with the accounts of the users file"
                         : options.anonymous_may_write ? "with everybody, who may change it"
                                                       : "with everybody, read-only";
    fmt::print("Sharing {} {}. Ctrl+C ends it.\n", options.directory, access);
    std::fflush(stdout);
    server.run();
}

} // namespace

int main(int argc, char** argv)
try {
    std::signal(SIGPIPE, SIG_IGN); // whoever reads the events may leave
    const auto asked = parse_options(argc, argv);
    if (const auto* now = std::get_if<exit_now>(&asked))
        return now->code;
    if (const auto* account = std::get_if<add_user_options>(&asked))
        add_user(*account);
    else
        serve(std::get<serve_options>(asked));
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "ftp-server: {}\n", error.what());
    return 1;
}
