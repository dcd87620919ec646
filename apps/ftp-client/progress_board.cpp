// Lays out the lines: what does not fit a narrow terminal is left out, the bar first.
#include "progress_board.hpp"

#include "../common/quantities.hpp"
#include "text_width.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

using namespace std::chrono_literals;

namespace {

constexpr auto stalled_after = 5s;
constexpr std::size_t widest_bar = 40;
constexpr std::size_t narrowest_bar = 8;
constexpr std::size_t narrowest_name = 12;

/// What a line shows.
struct bar_facts {
    std::string_view name{};
    std::uint64_t bytes = 0; ///< Of the whole, from its beginning.
    std::optional<std::uint64_t> whole{};
    double rate = 0; ///< Bytes per second.
    std::chrono::seconds elapsed{};
    bool is_stalled = false;
};

std::optional<double> share_of(const bar_facts& facts)
{
    if (!facts.whole)
        return std::nullopt;
    if (*facts.whole == 0)
        return 1.0;
    return std::min(1.0, static_cast<double>(facts.bytes) / static_cast<double>(*facts.whole));
}

std::string time_text(const bar_facts& facts)
{
    if (!facts.whole)
        return format_duration(facts.elapsed);
    if (facts.is_stalled || facts.rate < 1)
        return "-:--";
    const auto rest = static_cast<double>(*facts.whole - std::min(facts.bytes, *facts.whole)) / facts.rate;
    return rest < 360'000 ? format_duration(std::chrono::seconds{std::lround(rest)}) + " left" : "-:--";
}

std::string bar_text(double share, std::size_t columns)
{
    const auto inner = columns - 2;
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(inner));
    std::string bar(inner, ' ');
    std::fill_n(bar.begin(), filled, '=');
    if (filled < inner)
        bar[filled] = '>';
    return fmt::format("[{}]", bar);
}

std::string layout(const bar_facts& facts, std::size_t width)
{
    const auto share = share_of(facts);
    const auto name = libftp::escape_controls(facts.name);
    const auto percent = share ? fmt::format("{}%", static_cast<int>(*share * 100)) : "";
    const auto numbers = fmt::format("{:>4} {:>7} {:>9} {:>12}", percent, format_size(facts.bytes),
                                     facts.is_stalled ? "stalled" : format_rate(facts.rate), time_text(facts));
    if (width < numbers.size() + 1 + narrowest_name) {
        const auto left = width - std::min(width, percent.size() + 1);
        return shorten(fmt::format("{} {}", shorten(name, std::max(left, narrowest_name)), percent), width);
    }

    const auto room = width - numbers.size() - 1;
    if (!share || room < narrowest_name + narrowest_bar + 1)
        return fit(name, room) + " " + numbers;
    const auto bar = std::clamp(std::min(room / 2, room - narrowest_name - 1), narrowest_bar, widest_bar);
    return fit(name, room - bar - 1) + " " + bar_text(*share, bar) + " " + numbers;
}

template <class Duration>
std::chrono::seconds whole_seconds(Duration time)
{
    return std::chrono::duration_cast<std::chrono::seconds>(time);
}

} // namespace

void progress_board::plan(const batch_plan& all, clock::time_point now)
{
    plan_ = all;
    planned_at_ = now;
    files_done_ = 0;
    bytes_done_ = 0;
}

void progress_board::began(const std::string& name, clock::time_point now)
{
    running_[name] = {.number = ++last_number_, .began_at = now, .moved_at = now};
}

void progress_board::progressed(const std::string& name, const libftp::transfer_progress& made, clock::time_point now)
{
    if (!running_.contains(name))
        began(name, now);
    auto& one = running_[name];
    if (made.bytes != one.made.bytes)
        one.moved_at = now;
    one.made = made;
}

void progress_board::done(const std::string& name, std::uint64_t bytes)
{
    ++files_done_;
    bytes_done_ += bytes;
    running_.erase(name);
}

void progress_board::stopped(const std::string& name)
{
    running_.erase(name);
}

void progress_board::clear()
{
    running_.clear();
    plan_.reset();
}

std::string progress_board::line_of(std::string_view name, const transfer& which, std::size_t width,
                                    clock::time_point now) const
{
    return layout({.name = name,
                   .bytes = which.made.offset + which.made.bytes,
                   .whole = which.made.total,
                   .rate = static_cast<double>(which.made.bytes_per_second),
                   .elapsed = whole_seconds(now - which.began_at),
                   .is_stalled = now - which.moved_at >= stalled_after},
                  width);
}

std::string progress_board::line_of_all(std::size_t width, clock::time_point now) const
{
    bar_facts facts{.bytes = bytes_done_, .whole = plan_->bytes, .elapsed = whole_seconds(now - planned_at_)};
    facts.is_stalled = !running_.empty();
    for (const auto& [name, one] : running_) {
        facts.bytes += one.made.bytes;
        facts.is_stalled = facts.is_stalled && now - one.moved_at >= stalled_after;
    }
    if (const auto seconds = std::chrono::duration<double>(now - planned_at_).count(); seconds > 0)
        facts.rate = static_cast<double>(facts.bytes) / seconds;
    const auto name = plan_->files ? fmt::format("{} of {} files", files_done_, *plan_->files)
                                   : fmt::format("{} {}", files_done_, files_done_ == 1 ? "file" : "files");
    facts.name = name;
    return layout(facts, width);
}

std::vector<std::string> progress_board::lines(std::size_t width, std::size_t height, clock::time_point now) const
{
    const auto most = height - std::min<std::size_t>(height, plan_ ? 1 : 0);
    std::vector<decltype(running_)::const_pointer> oldest_first;
    oldest_first.reserve(running_.size());
    for (const auto& each : running_)
        oldest_first.push_back(&each);
    std::ranges::sort(oldest_first, {}, [](const auto* each) { return each->second.number; });
    oldest_first.resize(std::min(oldest_first.size(), most));

    std::vector<std::string> shown;
    shown.reserve(oldest_first.size() + 1);
    for (const auto* each : oldest_first)
        shown.push_back(line_of(each->first, each->second, width, now));
    if (plan_ && height > 0)
        shown.push_back(line_of_all(width, now));
    return shown;
}
