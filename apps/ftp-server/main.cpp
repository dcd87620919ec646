// ftp-server: shares a directory by FTP.
#include "accounts.hpp"
#include "event_printer.hpp"
#include "options.hpp"

#include <libftp/net/server.hpp>

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <system_error>

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

void serve(const serve_options& options)
{
    raise_descriptor_limit();
    event_printer printer;
    libftp::net::server_options settings;
    settings.authenticator = open_accounts(options);
    settings.observer = &printer;
    settings.passive_ports = options.passive_ports;
    settings.threads = options.threads;
    libftp::net::server server{std::move(settings)};

    auto port = options.port;
    for (const auto& address : options.addresses) {
        const auto where = server.listen({address, port});
        if (!where)
            throw std::runtime_error(fmt::format("cannot listen on {}: {}.{}",
                                                 libftp::endpoint{address, port}.to_string(), where.error().message(),
                                                 advice_for(where.error())));
        port = where->port; // 0 chose it; further addresses share it
    }
    server.drain_on_signals(grace);

    fmt::print("Server listening on port {}\n", port);
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
