// The vocabulary of the prompt, and what a typed line means in it.
#pragma once

#include "session.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct typed_command;

enum class needs { nothing, connection, login };

/// One row of the vocabulary.
struct vocabulary_row {
    std::array<std::string_view, 3> names{}; ///< Those in capitals are FTP's own style; unused ones are empty.
    /// As HELP shows them, and as they are counted: what stands in brackets may be left out, `...` stands for more.
    std::string_view arguments{};
    std::string_view help{};
    needs before = needs::connection;
    outcome (*run)(session&, const typed_command&) = nullptr;
};

/// A line as a command.
struct typed_command {
    const vocabulary_row* row = nullptr;
    std::string_view name{}; ///< As the table spells it.
    std::vector<std::string> arguments{};
    bool has_option_c = false; ///< `-c`, where the row has it.
    std::string fault{};       ///< Why it cannot be run: a sentence. Empty: it can.

    /// An argument that was left out is empty.
    [[nodiscard]] std::string argument(std::size_t i) const
    {
        return i < arguments.size() ? arguments[i] : std::string{};
    }
};

/// Names are found as they are spelled in the table, else in any letter case.
///
/// Arguments are words, as split_words() knows them. But a name in capitals with one argument takes the whole rest of
/// the line behind one space, as FTP's own commands do.
typed_command read_command(std::string_view line);

/// The line as a transcript may show it: without passwords.
std::string without_passwords(const typed_command& typed, std::string_view line);
