// Reads the command line with CLI11; every fault is named before anything is started.
#include "options.hpp"

#include "tls_arguments.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <string_view>

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return port;
}

libftp::ip_address parse_address(const std::string& text)
{
    if (text == "localhost")
        return libftp::ip_address::loopback_v4();
    if (const auto address = libftp::ip_address::parse(text))
        return *address;
    throw CLI::ValidationError("--listen",
                               "'" + text + "' is not an IP address; 0.0.0.0 means every IPv4 address, :: every IPv6");
}

libftp::net::port_range parse_range(const std::string& text)
{
    const auto dash = text.find('-');
    if (dash != std::string::npos) {
        const auto first = parse_port(std::string_view{text}.substr(0, dash));
        const auto last = parse_port(std::string_view{text}.substr(dash + 1));
        if (first && last && *first > 0 && *first <= *last)
            return {*first, *last};
    }
    throw CLI::ValidationError("--passive-ports", "'" + text + "' is not a range of ports such as 50000-50100");
}

/// [PORT] [DIRECTORY]; a single argument that is no number is the directory.
void take_places(const std::vector<std::string>& places, serve_options& options)
{
    auto next = places.begin();
    if (next == places.end())
        return;
    if (const auto port = parse_port(*next)) {
        options.port = *port;
        ++next;
    } else if (places.size() == 2 || next->find_first_not_of("0123456789") == std::string::npos) {
        throw CLI::ValidationError("PORT", "'" + *next + "' is not a port from 0 to 65535");
    }
    if (next != places.end())
        options.directory = *next;
}

} // namespace

std::variant<serve_options, add_user_options, exit_now> parse_options(int argc, char** argv)
{
    CLI::App app{"Shares a directory by FTP. Without options: read-only, to everybody on this machine.", "ftp-server"};
    app.failure_message([](const CLI::App*, const CLI::Error& fault) {
        return std::string{"ftp-server: "} + fault.what() + "\nRun with --help for more information.\n";
    });
    app.set_version_flag("--version", "ftp-server " LIBFTP_VERSION);

    serve_options serve;
    std::vector<std::string> places;
    std::vector<std::string> addresses;
    std::string range;
    app.add_option("PORT DIRECTORY", places, "Port (2121; 0 for a free one) and directory (the current one)")
        ->expected(0, 2);
    app.add_option("--listen", addresses, "Address to listen on (127.0.0.1); may be repeated")->allow_extra_args(false);
    app.add_flag("--write", serve.anonymous_may_write, "Anonymous users may change files");
    app.add_option("--users", serve.users_file, "Only the accounts in this file may log in; see 'user add'");
    app.add_option("--passive-ports", range, "Ports for passive data connections, MIN-MAX");
    app.add_option("--threads", serve.threads, "Network threads (1)")->check(CLI::Range(1, 256));
    tls_arguments tls;
    tls.add_to(app);

    auto* user = app.add_subcommand("user", "Manage the accounts of a users file");
    user->require_subcommand(1);
    auto* add = user->add_subcommand("add", "Add an account, or change it; asks for the password (or reads one line)");
    add_user_options account;
    std::string allowed = "full";
    add->add_option("NAME", account.name, "The name to log in with")->required();
    add->add_option("--users", account.users_file, "The users file; made if it is not there")->required();
    add->add_option("--root", account.root, "The directory that this user sees (the server's)");
    add->add_option("--permissions", allowed,
                    "full, read-only, or a list of list,read,write,append,delete,remove,rename,make,times,mode,admin");

    try {
        app.parse(argc, argv);
        if (add->parsed()) {
            const auto permissions = libftp::permissions::parse(allowed);
            if (!permissions)
                throw CLI::ValidationError("--permissions", "'" + allowed + "' is not full, read-only or a list of " +
                                                                libftp::permissions::full().to_string());
            account.allowed = *permissions;
            return account;
        }
        take_places(places, serve);
        if (!addresses.empty()) {
            serve.addresses.clear();
            for (const auto& address : addresses)
                serve.addresses.push_back(parse_address(address));
        }
        if (!range.empty())
            serve.passive_ports = parse_range(range);
        if (serve.anonymous_may_write && !serve.users_file.empty())
            throw CLI::ValidationError("--write", "goes without --users: there each account has its own permissions");
        serve.tls = tls.read(app);
        return serve;
    } catch (const CLI::ParseError& fault) {
        return exit_now{app.exit(fault) == 0 ? 0 : 2};
    }
}
