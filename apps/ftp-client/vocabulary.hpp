// The vocabulary of the prompt, grouped by what people are about to do.
#pragma once

#include "typed_command.hpp"

#include <span>
#include <string_view>

struct vocabulary_group {
    std::string_view title{};
    std::span<const vocabulary_row> rows{};
};

std::span<const vocabulary_group> vocabulary() noexcept;

/// A line without pipe, redirection and `&` as a command. Names are found as they are spelled in the table, else in any
/// letter case.
typed_command read_command(std::string_view line);

/// Whether the whole line is the command's, so that `|`, `>` and `&` in it mean nothing: `!`, and FTP's own commands
/// whose argument is the rest of the line.
bool keeps_whole_line(std::string_view line);
