// What systemd, or a server that this one follows, hands over, and what they are told (sd_listen_fds(3), sd_notify(3)).
#pragma once

#include <libftp/session/session_options.hpp>

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace service_manager {

/// By these names sockets are handed over; those with another name are as `ftp`.
constexpr const char* name_in_clear = "ftp";
constexpr const char* name_in_tls = "ftps";
constexpr const char* name_of_ready_pipe = "ready";
/// The same, where the sockets are not systemd's but those that the server before had opened.
constexpr const char* name_of_ready_pipe_with_own = "ready-own";

struct inherited_socket {
    int descriptor = -1;
    libftp::control_start start = libftp::control_start::in_clear;
};

struct inheritance {
    std::vector<inherited_socket> listeners{};
    /// The server before this one had opened them itself: they are where its options said, and not to be kept for
    /// somebody else.
    bool are_own = false;
    /// Of a server that this one follows: it waits to read the number of this process from the other end.
    std::optional<int> ready_pipe{};
};

/// Whether this program was built with libsystemd. Without it nothing is inherited and nobody is told anything.
bool is_available();

/// Can be taken once.
inheritance take_inheritance();

/// One `VARIABLE=value` a line, as sd_notify(3) has them. Does nothing when nobody listens.
void notify(std::string_view state);
/// RELOADING=1 with the time that systemd wants with it; READY=1 ends it.
void notify_reloading();

/// How often WATCHDOG=1 is expected; not at all without a value.
std::optional<std::chrono::microseconds> watchdog_interval();

} // namespace service_manager
