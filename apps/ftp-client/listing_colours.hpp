// In which colours names are listed: those of the system's own ls, as LS_COLORS has them.
#pragma once

#include <libftp/protocol/file_info.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

enum class colour_use : std::uint8_t {
    automatic, ///< On a terminal, unless NO_COLOR is set.
    always,
    never,
};

/// Made of nothing it has no colours.
class listing_colours {
public:
    listing_colours() = default;
    /// `ls_colours` as in the variable LS_COLORS; empty: the usual ones.
    explicit listing_colours(std::string_view ls_colours);

    /// What a terminal is told before the name, between `ESC [` and `m`; empty: nothing.
    [[nodiscard]] std::string_view of(const libftp::file_info& file) const;

private:
    struct by_type {
        std::string directory{};
        std::string link{};
        std::string executable{};
        std::string other{};
    };
    by_type types_{};
    std::vector<std::pair<std::string, std::string>> endings_{}; ///< `.tar` and its colour; later ones go first.
};
