// Says things in lines of text: to a person at a terminal, or into a script's transcript.
#pragma once

#include "listing_colours.hpp"
#include "progress_display.hpp"
#include "reporter.hpp"

#include <cstdint>
#include <functional>
#include <memory>

enum class text_talk : std::uint8_t {
    all,
    transfers, ///< What commands were asked for, errors, what was left out, and on a terminal how transfers go.
    results,   ///< What commands were asked for, errors, and what was left out.
};

struct text_settings {
    colour_use colours = colour_use::automatic;
    bool echoes = false; ///< Lines of a script are shown behind `ftp> `, as if a person had typed them.
    text_talk talk = text_talk::all;
};

class text_reporter : public reporter {
public:
    explicit text_reporter(text_settings settings);

    void command(std::string_view line) override;
    void reply(const libftp::reply& reply) override;
    void answer(const libftp::reply& reply) override;
    void say(std::string_view line) override;
    void warn(std::string_view line) override;
    void print(std::string_view line) override;
    [[nodiscard]] bool wants_entries() const override;
    void listing(std::string_view directory, std::span<const libftp::listed_entry> entries, listing_look look) override;
    void began(const transfer_notice& transfer) override;
    void progressed(const transfer_notice& transfer, const libftp::transfer_progress& made) override;
    void transferred(const transfer_notice& transfer, const libftp::transfer_result& result) override;
    void stopped(const transfer_notice& transfer) override;
    [[nodiscard]] bool wants_progress() const override;
    void batch_began(const batch_plan& plan) override;
    void batch_ended(const batch_result& result) override;
    void use_output(output_use use) override;
    void trace(std::string_view line) override;

protected:
    void show_error(cause why, std::string_view sentence) override;

private:
    [[nodiscard]] bool is_talking() const noexcept
    {
        return use_ == output_use::conversation && settings_.talk == text_talk::all;
    }
    [[nodiscard]] bool is_drawing() const noexcept
    {
        return display_ && use_ == output_use::conversation && settings_.talk != text_talk::results;
    }
    void write_line(std::string_view line);
    /// For lines above what is drawn.
    void make_room(const std::function<void()>& write);

    text_settings settings_;
    std::unique_ptr<progress_display> display_; ///< Where there is a terminal.
    output_use use_ = output_use::conversation;
};
