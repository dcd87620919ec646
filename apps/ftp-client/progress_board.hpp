// How transfers that run look on a terminal: a line with a bar for each, and one for all where there are many.
#pragma once

#include "transfer_batch.hpp"

#include <libftp/clock.hpp>
#include <libftp/session/transfer_result.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

class progress_board {
public:
    using clock = libftp::clock;

    /// Many files are to come: there is a line for all of them, until clear().
    void plan(const batch_plan& all, clock::time_point now);
    /// A transfer is known by its name.
    void began(const std::string& name, clock::time_point now);
    void progressed(const std::string& name, const libftp::transfer_progress& made, clock::time_point now);
    void done(const std::string& name, std::uint64_t bytes);
    void stopped(const std::string& name);
    void clear();

    [[nodiscard]] bool is_empty() const noexcept { return running_.empty() && !plan_; }
    /// At most `height` lines of at most `width` columns, names escaped; the oldest transfers first.
    [[nodiscard]] std::vector<std::string> lines(std::size_t width, std::size_t height, clock::time_point now) const;

private:
    struct transfer {
        std::uint64_t number = 0; ///< In the order in which they began.
        libftp::transfer_progress made{};
        clock::time_point began_at{};
        clock::time_point moved_at{}; ///< When bytes last came.
    };
    [[nodiscard]] std::string line_of(std::string_view name, const transfer& which, std::size_t width,
                                      clock::time_point now) const;
    [[nodiscard]] std::string line_of_all(std::size_t width, clock::time_point now) const;

    std::map<std::string, transfer, std::less<>> running_;
    std::uint64_t last_number_ = 0;
    std::optional<batch_plan> plan_{};
    clock::time_point planned_at_{};
    std::uint64_t files_done_ = 0;
    std::uint64_t bytes_done_ = 0;
};
