// Reads the command line with CLI11, and hides passwords from whoever looks at this process.
#include "options.hpp"

#include "session.hpp"
#include "terminal.hpp"
#include "words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <sstream>

namespace {

constexpr const char* password_variable = "FTP_PASSWORD";

/// The programs that `!` starts do not inherit it.
std::optional<libftp::secret> take_password_from_environment()
{
    const char* password = std::getenv(password_variable);
    if (password == nullptr || *password == '\0')
        return std::nullopt;
    libftp::secret taken{password};
    unsetenv(password_variable);
    return taken;
}

void hide_passwords(int argc, char** argv)
{
    for (char* argument : std::vector<char*>(argv, argv + argc)) {
        const std::string_view text{argument};
        if (const auto password = libftp::find_url_password(text))
            std::fill_n(argument + (password->data() - text.data()), password->size(), '*');
    }
}

libftp::ftp_url to_server(const std::string& host, int port)
{
    auto server = read_server(host);
    if (!server || server->host.empty())
        throw CLI::ValidationError("HOST", "this is neither a host nor a URL of the form ftp://user@host:port/path");
    const bool is_url = host.find("://") != std::string::npos;
    if (port != 0 && is_url)
        throw CLI::ValidationError("PORT", "goes into the URL: ftp://host:port/");
    if (port != 0)
        server->port = static_cast<std::uint16_t>(port);
    if (server->password)
        terminal::complain("A password in the arguments is visible to others; FTP_PASSWORD is the place for it.");
    return std::move(*server);
}

/// The name of a style, or what a server answers to SYST.
libftp::listing_style to_style(const std::string& hint)
{
    using style = libftp::listing_style;
    for (const auto known : {style::facts, style::unix_ls, style::dos, style::eplf, style::vms, style::mvs,
                             style::mvs_member, style::mvs_job, style::os400, style::zvm, style::nonstop,
                             style::netware, style::os2, style::os9, style::vxworks, style::macos, style::other}) {
        if (to_string(known) == hint)
            return known;
    }
    if (const auto told = libftp::listing_style_of_system(hint))
        return *told;
    throw CLI::ValidationError("--hint", "'" + hint + "' is neither a style nor an answer to SYST that tells one");
}

void add_parse_list(CLI::App& app, parse_list_options& options, std::string& now, int& zone, std::string& hint)
{
    app.add_option("FILE", options.file, "The listing (standard input)")->check(CLI::ExistingFile);
    app.add_option("--now", now, "YYYYMMDDHHMMSS in UTC: decides the year of dates without one (the clock)");
    app.add_option("--zone", zone, "How many minutes the server's clock is ahead of UTC (0)")
        ->check(CLI::Range(-24 * 60, 24 * 60));
    app.add_option("--hint", hint, "The style of the listing, or what the server answered to SYST");
}

libftp::listing_context to_context(const std::string& now, int zone, const std::string& hint)
{
    libftp::listing_context context{
        .now = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now()),
        .time_zone = std::chrono::minutes{zone}};
    if (!now.empty()) {
        const auto time = libftp::parse_timestamp(now);
        if (!time)
            throw CLI::ValidationError("--now", "'" + now + "' is not a time of the form YYYYMMDDHHMMSS");
        context.now = *time;
    }
    if (!hint.empty())
        context.hint = to_style(hint);
    return context;
}

} // namespace

std::variant<shell_options, parse_list_options, exit_now> parse_options(int argc, char** argv)
{
    CLI::App app{"Transfers files by FTP. Type HELP at its prompt. FTP_PASSWORD may hold the password.", "ftp-client"};
    app.failure_message([](const CLI::App*, const CLI::Error& fault) {
        return std::string{"ftp-client: "} + fault.what() + "\nRun with --help for more information.\n";
    });
    app.set_version_flag("--version", "ftp-client " LIBFTP_VERSION);

    shell_options options;
    std::string host;
    int port = 0;
    bool active = false;
    app.add_option("HOST", host, "The server, or ftp://user@host:port/path; ftps:// and ftpes:// demand TLS");
    app.add_option("PORT", port, "Its port (21)")->check(CLI::Range(1, 65535));
    app.add_option("--local-dir", options.local_directory, "Where local files are (the working directory)")
        ->check(CLI::ExistingDirectory);
    app.add_flag("--active", active, "The server opens the data connections, not this client");
    tls_arguments tls;
    tls.add_to(app);

    parse_list_options listing;
    std::string now;
    std::string hint;
    int zone = 0;
    auto* parse = app.add_subcommand("parse-list", "Print a server's directory listing as JSON, one entry a line");
    add_parse_list(*parse, listing, now, zone, hint);

    try {
        app.parse(argc, argv);
        if (parse->parsed()) {
            if (!host.empty())
                throw CLI::ExtrasError("parse-list", {host});
            listing.context = to_context(now, zone, hint);
            return listing;
        }
        options.password = take_password_from_environment();
        if (active)
            options.data_mode = libftp::data_mode::active;
        if (!host.empty())
            options.server = to_server(host, port);
        options.tls = tls.read(app, options.server ? &*options.server : nullptr);
        hide_passwords(argc, argv);
        return options;
    } catch (const CLI::ParseError& fault) {
        std::ostringstream sentence;
        const int code = app.exit(fault, std::cout, sentence);
        std::cerr << without_url_password(sentence.str());
        return exit_now{code == 0 ? 0 : 2};
    }
}
