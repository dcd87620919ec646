// Puts the parts in the order in which each step is still possible.
#include "service.hpp"

#include "../../common/quantities.hpp"
#include "../accounts.hpp"
#include "../notices.hpp"
#include "reach.hpp"

#include <libftp/error.hpp>
#include <libftp/net/now.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>

#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <exception>
#include <stdexcept>
#include <thread>
#include <utility>

#include <unistd.h>

namespace {

/// Sessions that run when a successor takes over go on for so long.
constexpr std::chrono::hours limit_behind_successor{24};
constexpr std::chrono::seconds between_looks{1};

/// As Prometheus reads it, behind what the sessions tell.
std::string metrics_of_logs(std::uint64_t dropped_lines)
{
    return fmt::format("# HELP libftp_log_lines_dropped_total Lines that log files did not take, as on a full disk.\n"
                       "# TYPE libftp_log_lines_dropped_total counter\n"
                       "libftp_log_lines_dropped_total {}\n",
                       dropped_lines);
}

} // namespace

service::service(const serve_options& options, char** arguments)
    : choices_(options.service), inherited_(service_manager::take_inheritance()), privileges_(choices_.run_as),
      confinement_(choices_.confine, programs_needed(options)), began_(libftp::net::now())
{
    if (service_manager::is_available())
        restarter_.emplace(arguments);
    const lowered_privileges as_user{privileges_};
    if (!confinement_.is_wanted())
        return;
    auto files = files_in_reach(options);
    if (files)
        files->remember();
    if (confinement_.limit_files(files))
        reach_ = std::move(files);
}

service::~service() = default;

configured_server& service::open(serve_options options)
{
    {
        const lowered_privileges as_user{privileges_};
        configured_ = std::make_unique<configured_server>(std::move(options), &metrics_);
    }
    listen();
    const auto other = inherited_.ready_pipe ? rival::followed : rival::respected;
    if (choices_.metrics)
        metrics_listener_ = std::make_unique<metrics_listener>(
            background_, *choices_.metrics, other,
            metrics_source{
                .metrics =
                    [this] { return metrics_.to_prometheus() + metrics_of_logs(configured_->dropped_log_lines()); },
                .is_healthy = [this] { return !server().listeners().empty(); }});
    // Last, as it takes the place of the one that a server before this has, who goes on if this one cannot.
    if (!choices_.control_socket.empty())
        control_ = std::make_unique<control_socket>(background_, choices_.control_socket, other);
    privileges_.give_up();
    confinement_.filter_calls();
    return *configured_;
}

void service::listen()
{
    if (inherited_.listeners.empty())
        return configured_->listen();
    for (const auto& socket : inherited_.listeners) {
        if (inherited_.are_own && !configured_->wants_listeners(socket.start)) {
            ::close(socket.descriptor); // in TLS, for which there may be no certificate any more
            continue;
        }
        if (const auto where = server().adopt(socket.descriptor, socket.start); !where)
            throw std::runtime_error(
                fmt::format("cannot listen on the socket {} that was handed over: {}. It has to be a listening TCP "
                            "socket, with --tls-cert where TLS is wanted.",
                            socket.descriptor, where.error().message()));
    }
    if (inherited_.are_own)
        configured_->take_over_listeners();
}

std::string service::describe() const
{
    auto text = confinement_.describe();
    if (const auto warning = privileges_.warning())
        text.append("\n").append(*warning);
    const auto& pam_service = configured_->options().accounts.pam_service;
    if (const auto fault = fault_of_pam_service(pam_service); !fault.empty())
        text.append(fmt::format("\nNobody may be able to log in by PAM: {}.", fault));
    if (!pam_service.empty() && ::geteuid() != 0)
        text.append("\nPAM is asked without the rights of root: modules that read /etc/shadow let nobody in.");
    if (metrics_listener_)
        text.append(fmt::format("\nMetrics are at http://{}/metrics", metrics_listener_->where().to_string()));
    if (control_)
        text.append(fmt::format("\n'ftp-server status --control {}' shows who is connected.", choices_.control_socket));
    return text;
}

void service::demand_reach(const serve_options& options) const
{
    auto wanted = reach_ ? files_in_reach(options) : std::nullopt;
    if (!wanted)
        return;
    wanted->written.clear(); // other logs count from the next start on
    if (const auto outside = wanted->first_outside_of(*reach_))
        throw std::runtime_error(
            fmt::format("'{}' is out of reach: the server is confined to the files that its options "
                        "named when it started. A restart (SIGUSR2) takes in others.",
                        *outside));
}

void service::run(std::function<void()> renew, const std::function<void()>& announce)
{
    handle_signals(std::move(renew));
    announce(); // who reads it may send a signal
    const auto work = asio::make_work_guard(background_);
    if (control_)
        control_->serve([this](std::string_view request) { return answer(request); });
    if (metrics_listener_)
        metrics_listener_->serve();
    if (const auto interval = service_manager::watchdog_interval())
        await_watchdog(*interval);
    std::thread background{[this] { background_.run(); }};
    if (inherited_.ready_pipe) {
        const auto number = fmt::format("{}\n", ::getpid());
        static_cast<void>(::write(*inherited_.ready_pipe, number.data(), number.size()) == 0);
        ::close(*inherited_.ready_pipe);
    } else {
        notify("READY=1");
    }
    server().run();
    background_.stop();
    background.join();
    metrics_listener_.reset();
}

/// They all come to the background thread, which has the flags for itself.
void service::handle_signals(std::function<void()> renew)
{
    const auto in_background = [this](int signal, auto handler) {
        server().on_signal(signal, [this, handler] { asio::post(background_, handler); });
    };
    for (const int signal : {SIGINT, SIGTERM})
        in_background(signal, [this] { begin_to_end(); });
    in_background(SIGUSR1, [this] { say("{}", to_table(report())); });
    in_background(SIGUSR2, [this] { begin_restart(); });
    const bool has_terminal = ::isatty(STDIN_FILENO) == 1;
    in_background(SIGHUP, [this, has_terminal, renew = std::move(renew)] {
        if (has_terminal && ::isatty(STDIN_FILENO) != 1)
            return begin_to_end(); // the terminal is gone that the server was started at
        if (!has_successor_)
            service_manager::notify_reloading();
        renew();
        notify("READY=1");
    });
}

void service::begin_to_end()
{
    if (std::exchange(is_ending_, true))
        return server().stop();
    notify("STOPPING=1");
    const auto sessions = server().sessions().size();
    if (sessions != 0)
        say("The server ends: {} {} at most {} seconds for transfers. Another signal ends it at once.\n", sessions,
            sessions == 1 ? "session has" : "sessions have", choices_.grace.count());
    else
        say("The server ends.\n");
    server().drain(choices_.grace);
}

void service::begin_restart()
{
    if (!restarter_)
        return say("This program was built without libsystemd, which a restart needs.\n");
    if (is_ending_ || is_starting_successor_ || has_successor_)
        return;
    service_manager::inheritance given{.are_own = configured_->has_own_listeners()};
    for (const auto& listener : server().listeners())
        given.listeners.push_back({listener.descriptor, listener.start});
    try {
        successor_.assign(restarter_->start(given));
    } catch (const std::exception& error) {
        return say("The server is not restarted: {}\n", error.what());
    }
    is_starting_successor_ = true;
    service_manager::notify_reloading();
    say("A new server is started, with these listeners.\n");
    asio::async_read(successor_, asio::buffer(successor_number_), [this](std::error_code, std::size_t length) {
        successor_.close();
        is_starting_successor_ = false;
        restarted(std::string_view{successor_number_.data(), length});
    });
}

void service::restarted(std::string_view number)
{
    int process = 0;
    std::from_chars(number.data(), number.data() + number.size(), process);
    if (process <= 0) {
        notify("READY=1");
        return say("The new server did not start. This one goes on.\n");
    }
    notify(fmt::format("MAINPID={}\nREADY=1", process));
    has_successor_ = true;
    metrics_listener_.reset(); // the new one has its own
    for (const auto& listener : server().listeners())
        server().stop_listening(listener.where);
    say("Process {} serves from now on. This one ends with its last session.\n", process);
    await_last_session(std::chrono::steady_clock::now() + limit_behind_successor);
}

void service::await_last_session(std::chrono::steady_clock::time_point until)
{
    farewell_.expires_after(between_looks);
    farewell_.async_wait([this, until](std::error_code) {
        if (server().sessions().empty() || std::chrono::steady_clock::now() >= until)
            server().drain(choices_.grace);
        else
            await_last_session(until);
    });
}

void service::await_watchdog(std::chrono::microseconds interval)
{
    watchdog_.expires_after(interval);
    watchdog_.async_wait([this, interval](std::error_code) {
        server().post([this] { notify("WATCHDOG=1"); });
        await_watchdog(interval);
    });
}

/// A successor is the one whom the service manager listens to.
void service::notify(std::string_view state) const
{
    if (!has_successor_)
        service_manager::notify(state);
}

server_report service::report()
{
    return {.process = static_cast<std::uint64_t>(::getpid()),
            .began = began_,
            .now = libftp::net::now(),
            .listeners = server().listeners(),
            .sessions = server().sessions()};
}

std::string service::answer(std::string_view request)
{
    if (request == "status")
        return to_table(report());
    if (request == "status --json")
        return to_json_lines(report());
    constexpr std::string_view disconnect = "disconnect ";
    if (request.starts_with(disconnect)) {
        if (const auto session = parse_number<std::uint64_t>(request.substr(disconnect.size())))
            return server().disconnect(*session) ? "disconnected\n" : "there is no such session\n";
    }
    return "unknown request\n";
}
