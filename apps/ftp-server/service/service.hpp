// A server as a service: its rights, its signals, its service manager, and those who ask how it is.
#pragma once

#include "../configured_server.hpp"
#include "../options.hpp"
#include "confinement.hpp"
#include "control_socket.hpp"
#include "metrics_listener.hpp"
#include "privileges.hpp"
#include "restarter.hpp"
#include "service_manager.hpp"
#include "status_report.hpp"

#include <libftp/clock.hpp>
#include <libftp/session/session_metrics.hpp>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

class service {
public:
    /// To be made before anything is opened and before there is a second thread. Limits what this process reaches.
    /// Throws std::exception with a sentence for the user, as open() does.
    service(const serve_options& options, char** arguments);
    ~service();
    service(const service&) = delete;
    service& operator=(const service&) = delete;

    /// Makes the server as the user that it will run as, listens, and gives up all rights that this took.
    configured_server& open(serve_options options);

    /// Until the server ends. `renew` is for SIGHUP; `announce` is called when signals are taken. Call open() before.
    void run(std::function<void()> renew, const std::function<void()>& announce);

    /// Sentences for people, on how it runs.
    [[nodiscard]] std::string describe() const;
    /// Throws std::runtime_error with a sentence for the user if these options name files that a running server is
    /// kept from.
    void demand_reach(const serve_options& options) const;

private:
    [[nodiscard]] libftp::net::server& server() { return configured_->server(); }
    void listen();
    void handle_signals(std::function<void()> renew);
    void begin_to_end();
    void begin_restart();
    void restarted(std::string_view number);
    void await_last_session(std::chrono::steady_clock::time_point until);
    void await_watchdog(std::chrono::microseconds interval);
    [[nodiscard]] server_report report();
    [[nodiscard]] std::string answer(std::string_view request);
    void notify(std::string_view state) const;

    const service_choices choices_;
    std::optional<restarter> restarter_{}; ///< Not without libsystemd.
    service_manager::inheritance inherited_;
    privileges privileges_;
    confinement confinement_;
    std::optional<reachable_files> reach_{}; ///< What the process is confined to.
    const libftp::clock::time_point began_;
    libftp::session_metrics metrics_{};
    std::unique_ptr<configured_server> configured_{};

    asio::io_context background_{1}; ///< For all that is not the server's; runs on a thread of its own.
    std::unique_ptr<control_socket> control_{};
    std::unique_ptr<metrics_listener> metrics_listener_{};
    asio::steady_timer watchdog_{background_};
    asio::steady_timer farewell_{background_};
    asio::posix::stream_descriptor successor_{background_}; ///< Tells when the process that follows is ready.
    std::array<char, 16> successor_number_{};
    // Of the background thread.
    bool is_starting_successor_ = false;
    bool is_ending_ = false;
    std::atomic<bool> has_successor_ = false; ///< Read by the server's threads too.
};
