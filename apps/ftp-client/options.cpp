// Reads the command line with CLI11, and hides passwords from whoever looks at this process.
#include "options.hpp"

#include "../common/quantities.hpp"
#include "command_lines.hpp"
#include "help_texts.hpp"
#include "nearest_word.hpp"
#include "one_shot.hpp"
#include "parse_list_arguments.hpp"
#include "server_name.hpp"
#include "terminal.hpp"
#include "typed_command.hpp"
#include "vocabulary.hpp"
#include "words.hpp"

#include <libftp/version.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

bool has_password(std::string_view line)
{
    return without_passwords(read_command(line), line) != line;
}

/// Those of URLs, and the commands of -c that have one, whole.
void hide_passwords(int argc, char** argv, const std::vector<std::string>& commands)
{
    for (char* argument : std::vector<char*>(argv, argv + argc)) {
        const std::string_view text{argument};
        if (const auto password = libftp::find_url_password(text))
            std::fill_n(argument + (password->data() - text.data()), password->size(), '*');
        for (const auto& each : commands)
            if (text.ends_with(each) && std::ranges::any_of(split_commands(each), has_password))
                std::fill_n(argument + (text.size() - each.size()), each.size(), '*');
    }
}

colour_use read_colours(const std::string& text)
{
    if (text == "auto")
        return colour_use::automatic;
    if (text == "always")
        return colour_use::always;
    if (text == "never")
        return colour_use::never;
    throw CLI::ValidationError("--color", "'" + text + "' is not always, never or auto");
}

libftp::port_range read_ports(const std::string& text)
{
    const auto ports = parse_port_range(text);
    if (!ports)
        throw CLI::ValidationError("--active-ports", "'" + text + "' is not two ports such as 50000-50100");
    return *ports;
}

libftp::ip_address read_address(const std::string& text)
{
    const auto address = libftp::ip_address::parse(text);
    if (!address || address->is_unspecified())
        throw CLI::ValidationError("--active-address", "'" + text + "' is not the address of one machine");
    return *address;
}

/// The command line, and what it is read into.
class command_line {
public:
    command_line()
    {
        app_.failure_message([](const CLI::App*, const CLI::Error& fault) {
            return std::string{"ftp-client: "} + fault.what() + "\nRun with --help for more information.\n";
        });
        app_.set_version_flag("--version", "ftp-client " LIBFTP_VERSION)->description("Print the version");
        app_.get_help_ptr()->description("Print this page");
        app_.add_option("HOST", host_);
        app_.add_option("PORT", port_);
        add_connection_options();
        tls_.add_to(app_);
        add_script_options();
        add_output_options();
        forms_.add_to(app_);
        parse_list_.add_to(app_);
    }
    command_line(const command_line&) = delete;
    command_line& operator=(const command_line&) = delete;

    std::variant<shell_options, parse_list_options, exit_now> parse(int argc, char** argv)
    {
        if (const auto page = help_.asked_by(argc, argv)) {
            std::cout << *page;
            return exit_now{0};
        }
        parse_arguments(argc, argv);
        if (auto listing = parse_list_.read()) {
            refuse_host("parse-list");
            return std::move(*listing);
        }
        read_options();
        hide_passwords(argc, argv, commands_);
        return std::move(options_);
    }

    /// Says what is wrong, or what was asked for.
    int exit(const CLI::Error& fault) const
    {
        std::ostringstream sentence;
        const int code = app_.exit(fault, std::cout, sentence);
        std::cerr << without_url_password(sentence.str());
        return code == 0 ? 0 : 2;
    }

private:
    void add_connection_options()
    {
        app_.add_flag("--active")->description("The server opens the data connections, not this client");
        app_.add_option_function<std::string>(
                "--active-ports", [this](const std::string& text) { options_.active.ports = read_ports(text); },
                "As --active, to ports of this range (any that is free)")
            ->option_text("FIRST-LAST");
        app_.add_option_function<std::string>(
                "--active-address", [this](const std::string& text) { options_.active.announced = read_address(text); },
                "As --active, to the address that this machine has outside (its own)")
            ->option_text("ADDRESS");
        app_.add_option("--timeout", time_limit_, "Give up what does not move for so long (60)")
            ->check(CLI::Range(1, 1'000'000))
            ->option_text("SECONDS");
        app_.add_option("--attempts", options_.attempts,
                        "Try each transfer so often in all, going on where it stopped (1; in a tree 3)")
            ->check(CLI::Range(1, 1'000))
            ->option_text("N");
        for (const auto* name : {"--active", "--active-ports", "--active-address", "--timeout", "--attempts"})
            app_.get_option(name)->group("Connections");
    }

    void add_script_options()
    {
        auto* commands = app_.add_option("-c,--command", commands_, "Run these commands, parted by semicolons")
                             ->option_text("COMMANDS")
                             ->take_all()
                             ->allow_extra_args(false);
        app_.add_option("-f,--file", options_.script, "Run the commands of a file (standard input)")
            ->check(CLI::ExistingFile)
            ->option_text("FILE")
            ->excludes(commands);
        app_.add_flag("--keep-going", options_.keeps_going, "Go on behind a failure");
        app_.add_option("--local-dir", options_.local_directory, "Where local files are (the working directory)")
            ->check(CLI::ExistingDirectory)
            ->option_text("DIR");
        for (const auto* name : {"-c", "-f", "--keep-going", "--local-dir"})
            app_.get_option(name)->group("Scripts");
    }

    void add_output_options()
    {
        auto* quiet =
            app_.add_flag("-q,--quiet")->description("Say only what is asked for, errors, and what is left out");
        auto* verbose =
            app_.add_flag("-v,--verbose")->description("Show each command and reply of the protocol")->excludes(quiet);
        auto* debug = app_.add_flag("-d,--debug")
                          ->description("The same with times, and all that is known of transfers and faults")
                          ->excludes(quiet)
                          ->excludes(verbose);
        auto* json = app_.add_flag("--json")->description("One JSON object for each event");
        auto* colours = app_.add_option_function<std::string>(
                                "--color", [this](const std::string& text) { options_.colours = read_colours(text); },
                                "always, never, or auto: on a terminal")
                            ->option_text("WHEN");
        for (auto* option : {quiet, verbose, debug, json, colours})
            option->group("Output");
    }

    void read_options()
    {
        options_.logins->take_from_environment();
        if (app_.count("--active") != 0 || options_.active.ports || options_.active.announced)
            options_.data_mode = libftp::data_mode::active;
        if (time_limit_ != 0)
            options_.time_limit = std::chrono::seconds{time_limit_};
        if (!commands_.empty())
            options_.commands.emplace();
        for (const auto& text : commands_)
            std::ranges::move(split_commands(text), std::back_inserter(*options_.commands));
        read_output_options();
        if (auto form = forms_.read(*options_.logins))
            take(std::move(*form));
        else if (!host_.empty())
            options_.server = read_host();
        const bool shows_password = (options_.server && options_.server->password) ||
                                    (options_.commands && std::ranges::any_of(*options_.commands, has_password));
        if (shows_password && options_.says != talk::quiet)
            terminal::complain("A password in the arguments is visible to others; FTP_PASSWORD and ~/.netrc are places "
                               "for it.");
        options_.tls = tls_.read(app_, options_.server ? &*options_.server : nullptr);
    }

    void read_output_options()
    {
        if (app_.count("--json") != 0)
            options_.form = said_in::json;
        if (app_.count("--quiet") != 0)
            options_.says = talk::quiet;
        if (app_.count("--verbose") != 0)
            options_.says = talk::dialogue;
        if (app_.count("--debug") != 0)
            options_.says = talk::all;
    }

    void take(one_shot form)
    {
        refuse_host("the command");
        if (options_.commands || !options_.script.empty())
            throw CLI::ValidationError("-c and -f", "go without a command on the command line");
        options_.is_one_shot = true;
        options_.commands = {std::move(form.line)};
        options_.server = std::move(form.server);
    }

    /// Behind an option that there is not, its value is taken for HOST: the option is what is wrong. Behind a command
    /// that was mistyped, it is the command.
    void parse_arguments(int argc, char** argv)
    try {
        app_.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
        const auto extras = app_.remaining(true);
        if (!port_.empty() && std::ranges::none_of(extras, [](const auto& each) { return each.starts_with('-'); }))
            read_port();
        throw;
    }

    /// Arguments that CLI11 hands on to the program's own, because the command before has enough of them.
    void refuse_host(const std::string& before) const
    {
        if (!host_.empty())
            throw CLI::ExtrasError(before, {host_});
    }

    /// What is no number may be what a command is to be about that was mistyped, or that only the prompt has.
    std::uint16_t read_port() const
    {
        const auto port = parse_number<std::uint16_t>(port_);
        if (port && *port != 0)
            return *port;
        if (port_.find_first_not_of("0123456789") == std::string::npos)
            throw CLI::ValidationError("PORT", port_ + " is no port");
        if (read_command(host_).row != nullptr)
            throw CLI::ValidationError(fmt::format("{0} goes by -c: ftp-client -c '{0} ...' URL", host_));
        std::vector<std::string_view> names;
        for (const auto* command : app_.get_subcommands([](const CLI::App*) { return true; }))
            names.push_back(command->get_name());
        const auto nearest = nearest_word(host_, names);
        if (nearest.empty() && port_.find("://") != std::string::npos)
            throw CLI::ValidationError(fmt::format("There is no command {}; --help shows those there are", host_));
        if (nearest.empty())
            throw CLI::ValidationError("PORT", port_ + " is no port");
        throw CLI::ValidationError(fmt::format("There is no command {}; did you mean {}?", host_, nearest));
    }

    libftp::ftp_url read_host() const
    {
        const auto port = port_.empty() ? std::uint16_t{0} : read_port();
        auto server = read_server(host_, *options_.logins);
        if (!server || server->host.empty())
            throw CLI::ValidationError(
                "HOST", "this is neither user@host:port nor a URL of the form ftp://user@host:port/path");
        if (port != 0 && host_.find("://") != std::string::npos)
            throw CLI::ValidationError("PORT", "goes into the URL: ftp://host:port/");
        if (port != 0)
            server->port = port;
        return std::move(*server);
    }

    CLI::App app_{"Transfers files by FTP. `help` at its prompt lists what can be typed there.", "ftp-client"};
    shell_options options_{};
    std::string host_{};
    std::string port_{};
    unsigned time_limit_ = 0;
    std::vector<std::string> commands_{};
    tls_arguments tls_{};
    one_shot_forms forms_{};
    parse_list_arguments parse_list_{};
    help_pages help_{app_, client_help()};
};

} // namespace

std::variant<shell_options, parse_list_options, exit_now> parse_options(int argc, char** argv)
{
    command_line line;
    try {
        return line.parse(argc, argv);
    } catch (const CLI::ParseError& fault) {
        return exit_now{line.exit(fault)};
    }
}
