// Chooses writers and files, and finds out beforehand whether they can be used.
#include "logs.hpp"

#include "event_printer.hpp"
#include "files.hpp"
#include "notices.hpp"

#include <libftp/session/json_log.hpp>
#include <libftp/session/xferlog.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

using libftp::net::log_file;

namespace {

constexpr std::string_view standard_output = "-";
constexpr std::string_view nowhere = "off";

/// One call a line: lines of several threads do not mix.
void print_line(std::string_view line)
{
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

[[noreturn]] void fail(const char* option, const std::string& path, std::error_code error)
{
    throw option_error(option, fmt::format("cannot write the log '{}': {}", path, error.message()));
}

void check_file(const char* option, const std::string& path)
{
    if (const auto fault = fault_of_writing(path))
        fail(option, path, fault);
}

} // namespace

logs::logs(const log_choices& choices)
{
    if (choices.file != nowhere) {
        const auto write = is_log_file(choices.file) ? open("--log", choices.file) : print_line;
        const auto stamp = is_log_file(choices.file) ? time_stamp::date_and_time : time_stamp::time;
        if (choices.format == log_format::json && !is_log_file(choices.file))
            leave_standard_output();
        if (choices.format == log_format::json)
            writers_.push_back(std::make_unique<libftp::json_log>(write));
        else
            writers_.push_back(std::make_unique<event_printer>(write, stamp));
    }
    if (is_log_file(choices.transfers_file))
        writers_.push_back(std::make_unique<libftp::xferlog>(open("--xferlog", choices.transfers_file)));
    else if (choices.transfers_file == standard_output)
        writers_.push_back(std::make_unique<libftp::xferlog>(print_line));
    for (const auto& writer : writers_)
        observers_.add(*writer);
}

std::function<void(std::string_view)> logs::open(const char* option, const std::string& path)
{
    auto file = log_file::open(path);
    if (!file)
        fail(option, path, file.error());
    files_.push_back(std::move(*file));
    return [file = files_.back().get()](std::string_view line) { file->write(line); };
}

void logs::reopen()
{
    for (const auto& file : files_)
        file->reopen();
}

std::uint64_t logs::dropped() const
{
    std::uint64_t lines = 0;
    for (const auto& file : files_)
        lines += file->dropped();
    return lines;
}

bool is_log_file(std::string_view name)
{
    return !name.empty() && name != standard_output && name != nowhere;
}

void check_logs(const log_choices& choices)
{
    if (is_log_file(choices.file))
        check_file("--log", choices.file);
    if (is_log_file(choices.transfers_file))
        check_file("--xferlog", choices.transfers_file);
}
