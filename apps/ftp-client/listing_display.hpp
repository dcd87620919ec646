// How entries of a directory look to people: in columns as ls has them, or one a line with mode, size and time.
#pragma once

#include "listing_colours.hpp"
#include "reporter.hpp"

#include <libftp/protocol/listing_parser.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

struct listing_layout {
    listing_look look = listing_look::columns;
    std::size_t width = 80;  ///< Of the terminal, in columns.
    libftp::file_time now{}; ///< Files of the last half year show the time of day.
};

/// The lines, names escaped. But for one name a line, directories have `/` and links `@` behind them.
std::vector<std::string> lay_out(std::span<const libftp::listed_entry> entries, const listing_layout& layout,
                                 const listing_colours& colours);

/// Texts side by side, downwards first, as far as they fit the width. `painted[i]` is what is written for texts[i]; the
/// two have the same size.
std::vector<std::string> in_columns(std::span<const std::string> texts, std::span<const std::string> painted,
                                    std::size_t width);
