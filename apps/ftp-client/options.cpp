// Reads the command line with CLI11, and hides passwords from whoever looks at this process.
#include "options.hpp"

#include "session.hpp"
#include "terminal.hpp"
#include "words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
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

} // namespace

std::variant<shell_options, exit_now> parse_options(int argc, char** argv)
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
    app.add_option("HOST", host, "The server, or ftp://user@host:port/path");
    app.add_option("PORT", port, "Its port (21)")->check(CLI::Range(1, 65535));
    app.add_option("--local-dir", options.local_directory, "Where local files are (the working directory)")
        ->check(CLI::ExistingDirectory);
    app.add_flag("--active", active, "The server opens the data connections, not this client");

    try {
        app.parse(argc, argv);
        options.password = take_password_from_environment();
        if (active)
            options.data_mode = libftp::data_mode::active;
        if (!host.empty())
            options.server = to_server(host, port);
        hide_passwords(argc, argv);
        return options;
    } catch (const CLI::ParseError& fault) {
        std::ostringstream sentence;
        const int code = app.exit(fault, std::cout, sentence);
        std::cerr << without_url_password(sentence.str());
        return exit_now{code == 0 ? 0 : 2};
    }
}
