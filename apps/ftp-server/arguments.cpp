// Names, texts and kinds of the options.
#include "arguments.hpp"

#include "../common/quantities.hpp"
#include "option_kinds.hpp"

#include <libftp/auth/pam_authenticator.hpp>
#include <libftp/protocol/command_table.hpp>

#include <algorithm>
#include <string_view>

namespace {

constexpr std::size_t max_threads = 1024; // each takes some descriptors

std::optional<anonymous_access> parse_access(std::string_view text)
{
    if (text == "no")
        return anonymous_access::none;
    if (text == "read")
        return anonymous_access::read;
    if (text == "upload")
        return anonymous_access::upload;
    if (text == "write")
        return anonymous_access::write;
    return std::nullopt;
}

std::optional<std::string> parse_line(std::string_view text)
{
    for (const char byte : text) {
        if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F)
            return std::nullopt;
    }
    return std::string{text};
}

/// Of one name: a path would be compared with names only, and hide nothing.
std::optional<std::string> parse_pattern(std::string_view text)
{
    return text.find('/') == std::string_view::npos ? parse_line(text) : std::nullopt;
}

std::optional<std::string> parse_lines(std::string_view text)
{
    for (auto rest = text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        if (!parse_line(line))
            return std::nullopt;
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    return std::string{text};
}

/// Commands may be written in small letters, as on the wire. A name that means none would leave open what it was to
/// shut.
void forbid(libftp::command_set& commands, const std::string& text)
{
    const std::string_view name{text};
    const auto space = std::min(name.find(' '), name.size());
    const auto* row = libftp::find_command(name.substr(0, space), commands.rows());
    const bool is_behind_site = row != nullptr && row->text == "SITE" && space != name.size();
    if (is_behind_site)
        row = libftp::find_command(name.substr(space + 1), commands.site_rows());
    else if (space != name.size())
        row = nullptr;
    if (row == nullptr)
        throw CLI::ValidationError("--forbid", "there is no command '" + text + "'; HELP and SITE HELP list them");
    if (is_behind_site)
        commands.forbid_site(row->text);
    else
        commands.forbid(row->text);
}

/// An option in a group.
template <class Value, class Parse>
void add(CLI::App& app, const char* group, const option_words& words, Value& value, Parse parse)
{
    add_option(app, words, value, parse)->group(group);
}

template <class Number>
void add_count(CLI::App& app, const char* group, const char* name, Number& number, const char* description,
               Number most = 1'000'000)
{
    app.add_option(name, number, description)->option_text("NUMBER")->check(CLI::Range(Number{1}, most))->group(group);
}

/// More would keep a processor busy for nothing.
std::optional<std::chrono::microseconds> parse_busy_poll(std::string_view text)
{
    const auto number = parse_number<std::uint16_t>(text);
    return number && *number <= 1000 ? std::optional{std::chrono::microseconds{*number}} : std::nullopt;
}

/// With a limit of 0 each session would end as it begins.
std::optional<std::chrono::seconds> parse_limit(std::string_view text)
{
    const auto time = parse_time(text);
    return time && time->count() != 0 ? time : std::nullopt;
}

} // namespace

void add_listening_options(CLI::App& app, serve_options& options)
{
    constexpr const char* group = "Listening";
    auto& server = options.server;
    add_list(app,
             {"--listen", "ADDRESS[:PORT]",
              "Where to listen (127.0.0.1); may be repeated. 0.0.0.0 means every IPv4 address, [::] every IPv6 one. "
              "Without a port: that of --port",
              "an IP address, or one with a port as in 192.0.2.1:21 and [2001:db8::1]:21; 0.0.0.0 means every IPv4 "
              "address, :: every IPv6"},
             options.places, parse_listening_place)
        ->group(group);
    add(app, group, {"--port", "PORT", "The port (2121; 0 for a free one)", "a port from 0 to 65535"}, options.port,
        parse_port);
    add(app, group,
        {"--passive-ports", "MIN-MAX", "Ports for passive data connections, as the firewall lets them through",
         "a range of ports such as 50000-50100"},
        server.passive_ports, parse_port_range);
    app.add_option_function<std::vector<std::string>>(
           "--passive-address",
           [&server](const std::vector<std::string>& texts) {
               const option_words words{
                   .name = "--passive-address",
                   .kind = "an IPv4 address such as 203.0.113.7, or one for a network: 10.0.0.0/8=10.0.0.1"};
               std::vector<libftp::network_address> networks;
               networks.reserve(texts.size());
               for (const auto& text : texts)
                   networks.push_back(parse_or_complain<libftp::network_address>(words, text, parse_announced_address));
               server.session.passive_address = libftp::passive_address_by_network(std::move(networks));
           },
           "The address that clients are told for passive data connections, where a router stands before this server; "
           "may be repeated for clients of different networks")
        ->option_text("[NETWORK=]ADDRESS")
        ->allow_extra_args(false)
        ->group(group);
    add_list(app,
             {"--proxy", "NETWORK",
              "Connections from there begin with a PROXY header (version 1 or 2), which names the client; may be "
              "repeated",
              "a network such as 10.0.0.0/8, or an address"},
             server.proxies, libftp::ip_network::parse)
        ->group(group);
    add_count<std::size_t>(app, group, "--threads", server.threads,
                           "Network threads (one for each CPU that the server may use)", max_threads);
    add(app, group,
        {"--busy-poll", "MICROSECONDS",
         "How long they stay awake for the next command of clients that are as quick as that (50; 0: they sleep at "
         "once)",
         "a number of microseconds from 0 to 1000"},
        server.busy_poll, parse_busy_poll);
}

void add_account_options(CLI::App& app, serve_options& options)
{
    constexpr const char* group = "Accounts";
    auto& accounts = options.accounts;
    app.add_option("--users", accounts.users_file,
                   "Only the accounts in this file may log in; 'ftp-server user add' makes it")
        ->option_text("FILE")
        ->group(group);
    if (libftp::pam_authenticator::is_available())
        app.add_option("--pam", accounts.pam_service,
                       "The system's accounts may log in, as /etc/pam.d/SERVICE checks them")
            ->option_text("SERVICE")
            ->group(group);
    add(app, group,
        {"--anonymous", "ACCESS",
         "What everybody may do: no, read, upload (leave new files, see none), write (read; no with --users and --pam)",
         "no, read, upload or write"},
        accounts.anonymous, parse_access);
    app.add_flag("--write")->description("The same as --anonymous=write")->group(group);
    app.add_option("--directory", options.directory, "The directory to share (the current one)")
        ->option_text("DIR")
        ->group(group);
    app.add_option("--root", accounts.root,
                   "What accounts see that have no root of their own (the directory); {user} stands for the name, "
                   "{home} for the system's home directory")
        ->option_text("DIR")
        ->group(group);
    add(app, group,
        {"--permissions", "LIST", "Of accounts that PAM knows, as 'user add' takes them (full)",
         "full, read-only or a list such as list,read,write"},
        accounts.allowed, libftp::permissions::parse);
    add(app, group, {"--umask", "BITS", "Mode bits that new files do not get, as 027", "an octal number up to 0777"},
        accounts.umask, parse_umask);
    add(app, group,
        {"--quota", "SIZE", "What may be stored below each account's own root; symbolic links lead nowhere then",
         "a size such as 500M"},
        accounts.quota, parse_size);
    add_list(app,
             {"--hide", "PATTERN", "Names that are not there, such as '.*'; may be repeated",
              "a pattern of names such as '.*': it holds in all directories, and takes no '/'"},
             accounts.hidden, parse_pattern)
        ->group(group);
    app.add_flag_callback(
           "--no-links", [&accounts] { accounts.links = libftp::link_rule::refuse; }, "Symbolic links lead nowhere")
        ->group(group);
}

void add_limit_options(CLI::App& app, serve_options& options)
{
    constexpr const char* group = "Limits";
    auto& server = options.server;
    auto& session = server.session;
    const auto add_time = [&](const char* name, std::chrono::seconds& value, const char* description) {
        add(app, group, {name, "TIME", description, "a time such as 90s, 5m or 2h"}, value, parse_limit);
    };
    add_count<std::size_t>(app, group, "--max-sessions", server.max_sessions, "Sessions in all (10000)");
    add_count<std::size_t>(app, group, "--max-sessions-per-address", server.max_sessions_per_address,
                           "Sessions from one address, or IPv6 /64 (2500)");
    app.add_option("--max-sessions-per-user", options.accounts.max_sessions,
                   "Sessions of one account of --users or --pam at once (no limit)")
        ->option_text("NUMBER")
        ->check(CLI::Range(1, 1'000'000))
        ->group(group);
    add_count<unsigned>(app, group, "--max-failed-logins", session.max_failed_logins,
                        "After so many a session ends (3)");
    add_count<unsigned>(app, group, "--failures-to-pause", options.accounts.throttle.failures_to_pause,
                        "After so many failed logins an address has to wait, longer each time (5)");
    add_time("--login-limit", session.login_limit, "From the connection to the login (60s)");
    add_time("--idle-limit", session.idle_limit, "Between commands, while nothing is transferred (5m)");
    add_time("--max-idle-limit", session.max_idle_limit, "To what clients may set that, by SITE IDLE (2h)");
    add_time("--data-connect-limit", session.data_connect_limit, "For the data connection to come about (30s)");
    add_time("--stall-limit", session.stall_limit, "For a transfer in which nothing moves (60s)");
}

void add_rate_options(CLI::App& app, serve_options& options)
{
    constexpr const char* group = "Rates";
    const auto add_rate = [&](const char* name, std::uint64_t& value, const char* description) {
        add(app, group, {name, "RATE", description, "a rate such as 500k or 2M"}, value, parse_size);
    };
    const auto add_shared = [&](const char* name, std::shared_ptr<libftp::rate_limit>& limit, const char* description) {
        const option_words words{name, "RATE", description, "a rate such as 500k or 2M"};
        const auto make = [words](std::string_view text) -> std::optional<std::shared_ptr<libftp::rate_limit>> {
            const auto rate = parse_size(text);
            return rate ? std::optional{std::make_shared<libftp::rate_limit>(*rate)} : std::nullopt;
        };
        add(app, group, words, limit, make);
    };
    auto& session = options.server.session;
    add_rate("--download-rate", session.max_download_rate, "Of one session");
    add_rate("--upload-rate", session.max_upload_rate, "Of one session");
    add_rate("--user-download-rate", options.accounts.download_rate,
             "Of all sessions of one account of --users or --pam");
    add_rate("--user-upload-rate", options.accounts.upload_rate, "Of all sessions of one account of --users or --pam");
    add_shared("--total-download-rate", session.shared_rates.download, "Of all sessions together");
    add_shared("--total-upload-rate", session.shared_rates.upload, "Of all sessions together");
}

void add_log_options(CLI::App& app, serve_options& options)
{
    constexpr const char* group = "Logs";
    auto& logs = options.logs;
    app.add_option("--log", logs.file, "One line for each event; - is standard output, off none (-)")
        ->option_text("FILE")
        ->group(group);
    const auto parse_format = [](std::string_view text) -> std::optional<log_format> {
        if (text == "json")
            return log_format::json;
        return text == "text" ? std::optional{log_format::text} : std::nullopt;
    };
    add(app, group,
        {"--log-format", "FORMAT", "text for people, json for programs: an object in each line (text)", "text or json"},
        logs.format, parse_format);
    app.add_option("--xferlog", logs.transfers_file,
                   "The transfers, as programs for the logs of FTP servers read them, in UTC; - and off as for --log")
        ->option_text("FILE")
        ->group(group);
}

void add_protocol_options(CLI::App& app, serve_options& options)
{
    constexpr const char* group = "Protocol";
    auto& session = options.server.session;
    add(app, group,
        {"--greeting", "TEXT", "The first reply to every client (Service ready.); may have several lines",
         "text without control characters"},
        session.greeting, parse_lines);
    add(app, group, {"--welcome", "TEXT", "The reply to a login (Logged in.)", "text without control characters"},
        session.welcome, parse_lines);
    add_list(app,
             {"--host", "NAME", "What clients may ask for by HOST, patterns too (any name); may be repeated",
              "a host's name such as ftp.example.com, or a pattern such as *.example.com"},
             session.hosts, parse_host_pattern)
        ->group(group);
    app.add_option_function<std::vector<std::string>>(
           "--forbid",
           [&session](const std::vector<std::string>& commands) {
               for (const auto& command : commands)
                   forbid(session.commands, command);
           },
           "A command that this server does not know, as SITE or 'SITE CHMOD'; may be repeated")
        ->option_text("COMMAND")
        ->allow_extra_args(false)
        ->group(group);
}
