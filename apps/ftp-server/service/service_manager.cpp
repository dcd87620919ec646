// libsystemd does the work; without it nothing is inherited and nobody is told anything.
#include "service_manager.hpp"

#include <fmt/format.h>

#include <ctime>
#include <string>

#include <stdlib.h> // NOLINT(modernize-deprecated-headers): free() of what libsystemd allocated

#if LIBFTP_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace service_manager {

#if LIBFTP_SYSTEMD

bool is_available()
{
    return true;
}

inheritance take_inheritance()
{
    char** names = nullptr;
    const int count = sd_listen_fds_with_names(1, &names);
    inheritance all;
    for (int i = 0; i < count; ++i) {
        const std::string_view name = names[i];
        const int descriptor = SD_LISTEN_FDS_START + i;
        if (name == name_of_ready_pipe || name == name_of_ready_pipe_with_own) {
            all.ready_pipe = descriptor;
            all.are_own = name == name_of_ready_pipe_with_own;
        } else
            all.listeners.push_back(
                {descriptor, name == name_in_tls ? libftp::control_start::in_tls : libftp::control_start::in_clear});
        ::free(names[i]);
    }
    ::free(names);
    return all;
}

void notify(std::string_view state)
{
    sd_notify(0, std::string{state}.c_str());
}

std::optional<std::chrono::microseconds> watchdog_interval()
{
    std::uint64_t limit = 0;
    if (sd_watchdog_enabled(0, &limit) <= 0)
        return std::nullopt;
    return std::chrono::microseconds{limit / 2};
}

#else

bool is_available()
{
    return false;
}

inheritance take_inheritance()
{
    return {};
}

void notify(std::string_view /*state*/) {}

std::optional<std::chrono::microseconds> watchdog_interval()
{
    return std::nullopt;
}

#endif

void notify_reloading()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto microseconds = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds));
}

} // namespace service_manager
