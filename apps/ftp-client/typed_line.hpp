// A typed line as a command and where what it shows goes: to a program, to a file, into the background.
#pragma once

#include <string>
#include <string_view>

struct typed_line {
    std::string_view command{};
    std::string program{};      ///< Behind `|`, for the system's shell. Empty: none.
    std::string file{};         ///< Behind `>` or `>>`. Empty: none.
    bool appends = false;       ///< `>>`.
    bool is_background = false; ///< `&` at the end.
    std::string fault{};        ///< Why it cannot be run: a sentence. Empty: it can.
};

/// `|`, `>` and `&` count where they begin a word outside of quotations, `&` only as the last one.
typed_line split_line(std::string_view line);
