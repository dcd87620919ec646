// A server as the options want it: its accounts, certificates, logs and listeners, all of which can be renewed.
#pragma once

#include "account_roots.hpp"
#include "certificates.hpp"
#include "logs.hpp"
#include "options.hpp"

#include <libftp/net/server.hpp>

#include <memory>
#include <string>
#include <vector>

class configured_server {
public:
    /// Opens all that the options name, but listens nowhere. `further`: an observer that hears all events too, or null;
    /// it must outlive this. Throws option_error with a sentence for the user.
    explicit configured_server(serve_options options, libftp::session_observer* further = nullptr);

    [[nodiscard]] libftp::net::server& server() noexcept { return *server_; }
    [[nodiscard]] const serve_options& options() const noexcept { return options_; }
    /// Of the first certificate; empty without TLS.
    [[nodiscard]] const std::string& fingerprint() const noexcept { return fingerprint_; }
    /// Lines of logs that a disk did not take.
    [[nodiscard]] std::uint64_t dropped_log_lines() const { return logs_.dropped(); }

    /// Listens wherever the options say. Not where listeners were adopted. Throws option_error.
    void listen();

    /// Makes the listeners that were adopted those of the options, as renew() would: a server before this one had
    /// opened them by the options that it had. Throws option_error.
    void take_over_listeners();
    /// Whether the options name a port where sessions begin like this.
    [[nodiscard]] bool wants_listeners(libftp::control_start start) const;
    /// Whether the options say where it listens.
    [[nodiscard]] bool has_own_listeners() const noexcept { return !listeners_.empty(); }

    /// Opens all that the new options name, for sessions that begin from now on; sessions that run keep what they have.
    /// Listeners are added and closed. Returns the options whose new values count from the next start on only. Throws
    /// option_error, and then has changed nothing.
    std::vector<std::string> renew(serve_options options);

    /// Opens what the options name, as a start does and as the user who runs the server then, but listens nowhere and
    /// makes no file. Throws option_error.
    static void check(const serve_options& options);

    /// Opens the logs' files anew, as their rotation needs it.
    void reopen_logs() { logs_.reopen(); }

private:
    /// Something to listen at; port 0 is the one that the first listener got.
    struct listener {
        libftp::endpoint wanted{};
        libftp::control_start start = libftp::control_start::in_clear;
        libftp::endpoint where{};
    };

    [[nodiscard]] libftp::net::server_options settings(const serve_options& options);
    static std::vector<listener> wanted_listeners(const serve_options& options);
    /// Whether one of them is wanted at the same place.
    static bool holds(const std::vector<listener>& listeners, const listener& one);
    void open(std::vector<listener>& listeners);
    void close(const std::vector<listener>& listeners);

    serve_options options_;
    std::shared_ptr<shared_counts> counts_ = std::make_shared<shared_counts>();
    logs logs_;
    libftp::observer_list observers_{};
    std::unique_ptr<libftp::net::server> server_;
    std::unique_ptr<certificate_source> certificates_{};
    std::string fingerprint_{};
    std::vector<listener> listeners_{};
};
