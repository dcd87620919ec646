// The logs of ftp-server: lines for people or JSON, and the transfer log.
#pragma once

#include "options.hpp"

#include <libftp/net/log_file.hpp>
#include <libftp/session/observer_list.hpp>
#include <libftp/session/session_observer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

class logs {
public:
    /// Throws option_error if a file cannot be opened.
    explicit logs(const log_choices& choices);

    /// Hears what is to be written.
    [[nodiscard]] libftp::observer_list& observers() noexcept { return observers_; }
    /// Opens the files anew, as rotation needs it.
    void reopen();
    /// Lines that no file took.
    [[nodiscard]] std::uint64_t dropped() const;

private:
    std::function<void(std::string_view)> open(const char* option, const std::string& path);

    std::vector<std::unique_ptr<libftp::net::log_file>> files_{};
    std::vector<std::unique_ptr<libftp::session_observer>> writers_{}; ///< They write into the files.
    libftp::observer_list observers_{};
};

/// Whether a log of that name goes into a file.
bool is_log_file(std::string_view name);
/// Throws option_error if a log could not be written; makes no file.
void check_logs(const log_choices& choices);
