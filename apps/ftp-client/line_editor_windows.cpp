// Windows' console edits lines and remembers them by itself; it knows nothing of names to complete.
#include "line_editor.hpp"

struct line_editor::state {};

line_editor::line_editor(session& /*s*/) {}

line_editor::~line_editor() = default;

terminal::input_line line_editor::read(const std::string& prompt)
{
    return terminal::read_line(prompt);
}

void line_editor::remember(std::string_view /*line*/) {}
