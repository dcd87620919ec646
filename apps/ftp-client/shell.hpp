// The loop of prompt, line and command.
#pragma once

#include "session.hpp"
#include "terminal.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

using line_source = std::function<terminal::input_line()>;

enum class on_failure : std::uint8_t { stop, go_on };

/// Runs the lines of a script, unless it has failed `before` and has to stop then. Returns the first failure.
cause run_script(session& s, const line_source& next_line, cause before, on_failure then);

/// Has a person type lines until there are no more, or one leaves.
void converse(session& s);

/// Runs one line, which says by itself what is wrong with it.
outcome run_line(session& s, std::string_view line);

/// `ann@host:/images ftp> `, as far as there is a connection, a user and a directory.
std::string prompt_of(session& s);
