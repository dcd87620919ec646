// Reads arguments and configuration file with CLI11; every fault is named before anything is started.
#include "options.hpp"

#include "account_arguments.hpp"
#include "arguments.hpp"
#include "configuration.hpp"
#include "help_texts.hpp"
#include "option_kinds.hpp"
#include "service/service_arguments.hpp"
#include "tls_arguments.hpp"

#include <libftp/protocol/reply.hpp>
#include <libftp/version.hpp>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace {

/// [PORT] [DIRECTORY]; a single argument that is no number is the directory.
void take_places(const std::vector<std::string>& places, serve_options& options)
{
    auto next = places.begin();
    if (next == places.end())
        return;
    if (places.size() > 2)
        throw CLI::ValidationError("'" + places[2] + "'", "is one too many: [PORT] [DIRECTORY] is all that may stand "
                                                          "there; a name with spaces in it goes into quotes");
    if (const auto port = parse_port(*next)) {
        options.port = *port;
        ++next;
    } else if (places.size() == 2 || next->find_first_not_of("0123456789") == std::string::npos) {
        throw CLI::ValidationError("PORT", "'" + *next + "' is not a port from 0 to 65535" +
                                               (parse_port(places.back()) ? "; it goes before the directory" : ""));
    }
    if (next != places.end())
        options.directory = *next;
}

libftp::tls_policy to_policy(const tls_choices& tls)
{
    const bool is_required = tls.mode == tls_mode::require;
    return {.is_offered = tls.mode != tls_mode::off,
            .needs = {.login = is_required, .data = is_required},
            .binding = tls.binding};
}

/// An empty name must not count for an option that was left out: without a users file everybody may come in. Only a
/// TEXT can be empty.
void refuse_empty_values(const CLI::App& app)
{
    for (const auto* option : app.get_options()) {
        const auto& kind = option->get_option_text();
        if (kind != "TEXT" && std::ranges::count(option->results(), "") != 0)
            throw CLI::ValidationError(option->get_name(), "is empty: it takes " +
                                                               (kind.empty() ? std::string{"a value"} : kind) +
                                                               ", or has to be left out");
    }
    for (const auto* command : app.get_subcommands())
        refuse_empty_values(*command);
}

/// The command line, and what it is read into.
class command_line {
public:
    command_line()
    {
        app_.failure_message([this](const CLI::App*, const CLI::Error& fault) {
            const auto text = sentence(fault);
            const auto is_in_file = !serve_.written.file().empty() && text.starts_with(serve_.written.file());
            return "ftp-server: " + text + (is_in_file ? "\n" : "\nRun with --help for more information.\n");
        });
        app_.set_version_flag("--version", "ftp-server " LIBFTP_VERSION)->description("Print the version");
        app_.get_help_ptr()->description("Print this page");
        app_.add_option("DIRECTORY", places_)->expected(0, -1)->configurable(false);
        add_configuration_file(app_, serve_.written);
        app_.add_flag("--check-config")
            ->description("Say what is wrong with the options and the files they name; serve nobody")
            ->configurable(false);
        app_.add_flag("--print-config")
            ->description("Print a configuration file with all options")
            ->configurable(false);
        add_listening_options(app_, serve_);
        add_account_options(app_, serve_);
        tls_.add_to(app_);
        add_limit_options(app_, serve_);
        add_rate_options(app_, serve_);
        add_log_options(app_, serve_);
        add_protocol_options(app_, serve_);
        add_service_options(app_, serve_.service);
        accounts_.add_to(app_);
        status_.add_to(app_);
    }
    command_line(const command_line&) = delete;
    command_line& operator=(const command_line&) = delete;

    std::variant<serve_options, check_options, account_options, status_options, exit_now> parse(int argc, char** argv)
    {
        if (const auto page = help_.asked_by(argc, argv)) {
            fmt::print("{}", *page);
            return exit_now{0};
        }
        app_.parse(argc, argv);
        refuse_empty_values(app_);
        if (const auto asked = accounts_.read(serve_.accounts.users_file))
            return *asked;
        if (const auto asked = status_.read(serve_.service.control_socket))
            return *asked;
        take_places(places_, serve_);
        settle_anonymous();
        settle_idle_limit();
        serve_.tls = tls_.read(app_);
        settle_implicit_port();
        serve_.server.session.tls = to_policy(serve_.tls);
        if (app_.count("--print-config") != 0) {
            if (!places_.empty())
                throw CLI::ValidationError("PORT and DIRECTORY", "go into the file as --port and --directory");
            fmt::print("{}", sample_configuration(app_));
            return exit_now{0};
        }
        if (app_.count("--check-config") != 0)
            return check_options{std::move(serve_)};
        return std::move(serve_);
    }

    /// What is wrong, and in which line of the configuration file if it is there.
    [[nodiscard]] std::string sentence(const CLI::Error& fault) const
    {
        return libftp::escape_controls(serve_.written.placed(fault.what()));
    }
    int exit(const CLI::Error& fault) const { return app_.exit(fault) == 0 ? 0 : 2; }

private:
    void settle_anonymous()
    {
        auto& accounts = serve_.accounts;
        const bool has_accounts = !accounts.users_file.empty() || !accounts.pam_service.empty();
        const bool says_access = app_.count("--anonymous") != 0;
        const bool says_write = app_.count("--write") != 0 && app_.get_option("--write")->as<bool>();
        if (says_write && says_access)
            throw CLI::ValidationError("--write", "goes without --anonymous, which says the same and more");
        if (says_write && has_accounts)
            throw CLI::ValidationError("--write", "goes without --users: there each account has its own permissions; "
                                                  "--anonymous=write lets everybody in besides");
        if (says_write)
            accounts.anonymous = anonymous_access::write;
        else if (has_accounts && !says_access)
            accounts.anonymous = anonymous_access::none;
        if (!has_accounts && accounts.anonymous == anonymous_access::none)
            throw CLI::ValidationError("--anonymous",
                                       "no would leave nobody who may log in: it goes with --users FILE");
        for (const auto* name :
             {"--root", "--permissions", "--max-sessions-per-user", "--user-download-rate", "--user-upload-rate"})
            if (!has_accounts && app_.count(name) != 0)
                throw CLI::ValidationError(name, "is for the accounts of --users FILE or --pam SERVICE: those who come "
                                                 "without one are not told apart");
    }

    /// What clients may set holds for what they begin with, too.
    void settle_idle_limit()
    {
        auto& session = serve_.server.session;
        if (session.idle_limit > session.max_idle_limit && app_.count("--max-idle-limit") != 0)
            throw CLI::ValidationError("--max-idle-limit", "is less than --idle-limit");
        session.max_idle_limit = std::max(session.max_idle_limit, session.idle_limit);
    }

    void settle_implicit_port() const
    {
        for (const auto& place : serve_.places)
            if (serve_.tls.implicit_port && *serve_.tls.implicit_port != 0 &&
                *serve_.tls.implicit_port == place.port.value_or(serve_.port))
                throw CLI::ValidationError("--tls-implicit", "is the port for sessions in clear: 990 is usual");
    }

    CLI::App app_{"Shares a directory by FTP. Without options: read-only, to everybody on this machine.", "ftp-server"};
    serve_options serve_{};
    std::vector<std::string> places_{};
    tls_arguments tls_{};
    account_arguments accounts_{};
    status_arguments status_{};
    help_pages help_{app_, server_help()};
};

} // namespace

std::variant<serve_options, check_options, account_options, status_options, exit_now> parse_options(int argc,
                                                                                                    char** argv)
{
    command_line line;
    try {
        return line.parse(argc, argv);
    } catch (const CLI::ParseError& fault) {
        return exit_now{line.exit(fault)};
    }
}

serve_options reread_options(int argc, char** argv)
{
    command_line line;
    try {
        auto asked = line.parse(argc, argv);
        return std::move(std::get<serve_options>(asked));
    } catch (const CLI::ParseError& fault) {
        throw std::runtime_error(line.sentence(fault));
    }
}
