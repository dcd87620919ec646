// Standard output for a while: a program's input, or a file.
#pragma once

#include "session.hpp"
#include "typed_line.hpp"

#include <functional>

/// Runs the command with its output where the line says; at once where it says nothing.
outcome run_with_output(session& s, const typed_line& line, const std::function<outcome()>& command);
