// A line that a person types, with editing, history and completion.
#pragma once

#include "session.hpp"
#include "terminal.hpp"

#include <memory>
#include <string>
#include <string_view>

class line_editor {
public:
    /// Completes what the session knows; it has to outlive this.
    explicit line_editor(session& s);
    ~line_editor();
    line_editor(const line_editor&) = delete;
    line_editor& operator=(const line_editor&) = delete;

    /// After Ctrl+C the line that was begun is gone, and the cursor is on a new one.
    terminal::input_line read(const std::string& prompt);
    /// For the history, also on disk: must not hold a password.
    void remember(std::string_view line);

private:
    struct state;
    std::unique_ptr<state> state_;
};
