// Puts bytes, time and rate into words.
#include "transfer_summary.hpp"

#include "../common/quantities.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <utility>

namespace {

/// `3 files`.
std::string count(std::uint64_t number, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", group_digits(number), number == 1 ? one : many);
}

std::string summarize(std::string_view what, std::uint64_t bytes, std::chrono::nanoseconds time)
{
    const auto seconds = std::chrono::duration<double>(time).count();
    auto line = fmt::format("{}: {}", what, count(bytes, "byte", "bytes"));
    if (seconds > 0)
        line += fmt::format(" in {:.{}f} s ({})", seconds, seconds < 1 ? 3 : 2,
                            format_rate(static_cast<double>(bytes) / seconds));
    return line;
}

} // namespace

std::string summarize_transfer(std::string_view name, std::uint64_t bytes, std::chrono::nanoseconds time)
{
    return summarize(libftp::escape_controls(name), bytes, time);
}

std::string summarize_transfer(std::string_view name, const libftp::transfer_result& made)
{
    if (was_there_already(made))
        return fmt::format("{}: nothing to do, the sizes are equal.", libftp::escape_controls(name));
    return summarize_transfer(name, made.bytes, made.time);
}

bool was_there_already(const libftp::transfer_result& made) noexcept
{
    return made.bytes == 0 && made.offset != 0;
}

std::string summarize_batch(const batch_result& result)
{
    const auto files = count(result.files, "file", "files");
    auto line = result.is_dry_run ? fmt::format("Dry run: {}, {}", files, count(result.bytes, "byte", "bytes"))
                                  : summarize(files, result.bytes, result.time);
    if (result.made > 0)
        line += fmt::format(", {} made", count(result.made, "directory", "directories"));
    for (const auto& [number, what] : {std::pair{result.unchanged, "unchanged"}, std::pair{result.removed, "removed"},
                                       std::pair{result.skipped, "skipped"}, std::pair{result.failures, "failed"}})
        if (number > 0)
            line += fmt::format(", {} {}", group_digits(number), what);
    return line;
}
