// Redraws in place by the control sequences that all terminals of today share (ECMA-48).
#include "progress_display.hpp"

#include "terminal.hpp"

#include <libftp/net/now.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

using namespace std::chrono_literals;

namespace {

constexpr auto interval = 200ms;
constexpr std::size_t most_lines = 10;
/// At the end of a line: the cursor, and what Ctrl+C shows as, must not begin a line of their own.
constexpr std::size_t margin = 3;

} // namespace

progress_display::~progress_display()
{
    {
        const std::lock_guard lock{mutex_};
        is_ending_ = true;
    }
    changed_.notify_all();
    if (drawer_.joinable())
        drawer_.join();
    erase();
}

void progress_display::plan(const batch_plan& all)
{
    change([&all](progress_board& board) { board.plan(all, libftp::net::now()); });
}

void progress_display::began(const std::string& name)
{
    change([&name](progress_board& board) { board.began(name, libftp::net::now()); });
}

void progress_display::progressed(const std::string& name, const libftp::transfer_progress& made)
{
    change([&](progress_board& board) { board.progressed(name, made, libftp::net::now()); });
}

void progress_display::done(const std::string& name, std::uint64_t bytes)
{
    change([&](progress_board& board) { board.done(name, bytes); });
}

void progress_display::stopped(const std::string& name)
{
    change([&name](progress_board& board) { board.stopped(name); });
}

void progress_display::clear()
{
    change([](progress_board& board) { board.clear(); });
}

void progress_display::make_room(const std::function<void()>& write)
{
    const std::lock_guard lock{mutex_};
    erase();
    write();
}

void progress_display::change(const std::function<void(progress_board&)>& how)
{
    const std::lock_guard lock{mutex_};
    const bool was_empty = board_.is_empty();
    how(board_);
    if (board_.is_empty())
        erase();
    if (!was_empty || board_.is_empty())
        return;
    if (!drawer_.joinable())
        drawer_ = std::thread{[this] { run(); }};
    changed_.notify_all();
}

void progress_display::run()
{
    std::unique_lock lock{mutex_};
    while (!is_ending_) {
        changed_.wait(lock, [this] { return is_ending_ || !board_.is_empty(); });
        changed_.wait_for(lock, interval, [this] { return is_ending_; });
        if (!is_ending_ && !board_.is_empty())
            draw();
    }
}

void progress_display::draw()
{
    const auto size = terminal::output_size().value_or(terminal::screen_size{});
    const auto lines = board_.lines(size.columns - std::min(size.columns, margin), std::min(size.rows - 1, most_lines),
                                    libftp::net::now());
    std::string text = lines_drawn_ > 1 ? fmt::format("\r\x1b[{}A", lines_drawn_ - 1) : "\r";
    for (const auto& line : lines)
        text += fmt::format("{}{}\x1b[K", &line == &lines.front() ? "" : "\n", line);
    text += "\x1b[J";
    terminal::draw(text);
    lines_drawn_ = lines.size();
}

void progress_display::erase()
{
    if (lines_drawn_ > 1)
        terminal::draw(fmt::format("\r\x1b[{}A\x1b[J", lines_drawn_ - 1));
    else if (lines_drawn_ == 1)
        terminal::draw("\r\x1b[J");
    lines_drawn_ = 0;
}
