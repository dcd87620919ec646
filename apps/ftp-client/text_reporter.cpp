// Writes line by line; what would disturb data is left out.
#include "text_reporter.hpp"

#include "listing_display.hpp"
#include "terminal.hpp"
#include "transfer_summary.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

using namespace libftp;

namespace {

std::string_view variable(const char* name)
{
    const auto* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
}

/// https://no-color.org
bool wants_colours()
{
    return variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

/// Standard output, where it can show lines that change.
std::unique_ptr<progress_display> make_display()
{
    const bool can_draw = terminal::output_width() && variable("TERM") != "dumb";
    return can_draw ? std::make_unique<progress_display>() : nullptr;
}

} // namespace

text_reporter::text_reporter(text_settings settings) : settings_(settings), display_(make_display()) {}

void text_reporter::command(std::string_view line)
{
    if (settings_.echoes)
        write_line(fmt::format("ftp> {}", escape_controls(line)));
}

void text_reporter::reply(const libftp::reply& reply)
{
    if (is_talking())
        write_line(reply.to_string());
}

void text_reporter::answer(const libftp::reply& reply)
{
    write_line(reply.to_string());
}

void text_reporter::say(std::string_view line)
{
    if (is_talking())
        write_line(line);
}

void text_reporter::warn(std::string_view line)
{
    if (is_talking())
        write_line(line);
    else
        make_room([line] { terminal::complain(line); });
}

void text_reporter::print(std::string_view line)
{
    write_line(line);
}

bool text_reporter::wants_entries() const
{
    return terminal::output_width().has_value();
}

void text_reporter::listing(std::string_view /*directory*/, std::span<const listed_entry> entries, listing_look look)
{
    const auto width = terminal::output_width();
    if (look == listing_look::columns && !width)
        look = listing_look::one_a_line;
    const bool is_colourful = settings_.colours == colour_use::always ||
                              (settings_.colours == colour_use::automatic && width && wants_colours());
    const auto now = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
    for (const auto& line : lay_out(entries, {.look = look, .width = width.value_or(80), .now = now},
                                    is_colourful ? listing_colours{variable("LS_COLORS")} : listing_colours{}))
        write_line(line);
}

void text_reporter::began(const transfer_notice& transfer)
{
    if (is_drawing())
        display_->began(transfer.name);
}

void text_reporter::progressed(const transfer_notice& transfer, const transfer_progress& made)
{
    if (is_drawing())
        display_->progressed(transfer.name, made);
}

void text_reporter::transferred(const transfer_notice& transfer, const transfer_result& result)
{
    if (is_drawing())
        display_->done(transfer.name, result.bytes);
    if (is_talking() || is_drawing())
        write_line(summarize_transfer(transfer.name, result));
}

void text_reporter::stopped(const transfer_notice& transfer)
{
    if (is_drawing())
        display_->stopped(transfer.name);
}

bool text_reporter::wants_progress() const
{
    return is_drawing();
}

void text_reporter::batch_began(const batch_plan& plan)
{
    if (is_drawing())
        display_->plan(plan);
}

void text_reporter::batch_ended(const batch_result& result)
{
    if (is_drawing())
        display_->clear();
    if ((is_talking() || is_drawing()) && !result.is_empty())
        write_line(summarize_batch(result));
}

void text_reporter::use_output(output_use use)
{
    use_ = use;
}

void text_reporter::trace(std::string_view line)
{
    make_room([this, line] { reporter::trace(line); });
}

void text_reporter::show_error(cause /*why*/, std::string_view sentence)
{
    make_room([sentence] { terminal::complain(sentence); });
}

void text_reporter::write_line(std::string_view line)
{
    make_room([line] { terminal::say(line); });
}

void text_reporter::make_room(const std::function<void()>& write)
{
    if (display_)
        display_->make_room(write);
    else
        write();
}
