// Names, texts and kinds of the service's options.
#include "service_arguments.hpp"

#include "../option_kinds.hpp"

namespace {

constexpr const char* service_group = "Service";

std::optional<confinement_mode> parse_mode(std::string_view text)
{
    if (text == "off")
        return confinement_mode::off;
    if (text == "on")
        return confinement_mode::on;
    return text == "auto" ? std::optional{confinement_mode::automatic} : std::nullopt;
}

/// `9090`, `192.0.2.1:9090`, `[::1]:9090`.
std::optional<libftp::endpoint> parse_metrics_place(std::string_view text)
{
    const auto colon = text.rfind(':');
    const auto port = parse_port(colon == std::string_view::npos ? text : text.substr(colon + 1));
    if (!port)
        return std::nullopt;
    if (colon == std::string_view::npos)
        return libftp::endpoint{libftp::ip_address::loopback_v4(), *port};
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    const auto address = parse_address(host);
    return address ? std::optional{libftp::endpoint{*address, *port}} : std::nullopt;
}

} // namespace

void add_service_options(CLI::App& app, service_choices& choices)
{
    const auto add = [&app](const option_words& words, auto& value, auto parse) {
        add_option(app, words, value, parse)->group(service_group);
    };
    app.add_option("--user", choices.run_as,
                   "Run as this user, where root starts the server: root's rights are given up once the ports are open")
        ->option_text("NAME[:GROUP]")
        ->group(service_group);
    add({"--confine", "MODE",
         "Give up what serving files does not need (Landlock, seccomp): auto, as far as this machine can; on, or do "
         "not start; off (auto)",
         "auto, on or off"},
        choices.confine, parse_mode);
    app.add_option("--control", choices.control_socket,
                   "A socket at which 'ftp-server status' asks; only whoever starts the server, and root, may")
        ->option_text("PATH")
        ->group(service_group);
    add({"--metrics", "[ADDRESS:]PORT",
         "Metrics for Prometheus at http://ADDRESS:PORT/metrics, and /health, for everybody there (127.0.0.1)",
         "a port, or an address with one such as 127.0.0.1:9090"},
        choices.metrics, parse_metrics_place);
    add({"--grace", "TIME", "For transfers that run when the server is told to end (30s)",
         "a time such as 90s, 5m or 2h"},
        choices.grace, parse_time);
}

void status_arguments::add_to(CLI::App& app)
{
    status_ = app.add_subcommand("status", "Show who is connected, and what moves");
    status_
        ->add_option("--control", control_socket_,
                     "The socket of the server (that of --config FILE, given before "
                     "'status')")
        ->option_text("PATH");
    auto* json = status_->add_flag("--json")->description("For programs: one object of JSON in each line");
    status_->add_flag("--watch")->description("Again and again, until Ctrl+C")->excludes(json);
}

std::optional<status_options> status_arguments::read(const std::string& control_socket) const
{
    if (!status_->parsed())
        return std::nullopt;
    status_options asked{.control_socket = control_socket_.empty() ? control_socket : control_socket_};
    if (asked.control_socket.empty())
        throw CLI::ValidationError("--control", "is needed: it names the socket of the server, which was started with "
                                                "the same option");
    if (status_->count("--json") != 0)
        asked.shown = status_options::form::json;
    else if (status_->count("--watch") != 0)
        asked.shown = status_options::form::watch;
    return asked;
}
