// One row of the vocabulary, and what a typed line means by it.
#pragma once

#include "session.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct typed_command;

enum class needs { nothing, connection, login };

/// Whether a command can run in the background: it asks nobody anything and changes nothing of its session.
enum class job_use { no, yes };

struct vocabulary_row {
    std::array<std::string_view, 3> names{}; ///< Those in capitals are FTP's own style; unused ones are empty.
    /// As help shows them, and as they are read: what stands in brackets may be left out, `...` stands for more.
    /// `[-c]` is an option, `[-n COUNT]` one with a value, and both come before the arguments; where the text has them
    /// behind, there too. The words also say what Tab completes: LOCAL a local name, COMMAND a command, HOST a
    /// bookmark, FILE, DIRECTORY, PATH, REMOTE, FROM and TO a name on the server.
    std::string_view arguments{};
    std::string_view help{};
    needs before = needs::connection;
    outcome (*run)(session&, const typed_command&) = nullptr;
    std::string_view example{}; ///< A line that could be typed.
    job_use as_job = job_use::no;
};

/// A line as a command.
struct typed_command {
    const vocabulary_row* row = nullptr;
    std::string_view name{}; ///< As the table spells it.
    std::vector<std::string> arguments{};
    /// As the table spells them, in their order, each with its value or nothing.
    std::vector<std::pair<std::string_view, std::string>> options{};
    std::string fault{}; ///< Why it cannot be run: a sentence. Empty: it can.

    /// An argument that was left out is empty.
    [[nodiscard]] std::string argument(std::size_t i) const
    {
        return i < arguments.size() ? arguments[i] : std::string{};
    }
    [[nodiscard]] bool has(std::string_view option) const;
    /// The last value of an option; nothing if it was not given.
    [[nodiscard]] std::optional<std::string> value_of(std::string_view option) const;
};

/// Whether the row, by this name, takes the rest of the line as its one argument: FTP's own commands do.
bool takes_rest_of_line(const vocabulary_row& row, std::string_view name);

/// Reads what stands behind the name, one blank after it taken away. `typed` has its row and name.
///
/// Arguments are words, as split_words() knows them, and `--` ends the options. But a name in capitals with one
/// argument takes the whole rest of the line, as FTP's own commands do.
void read_arguments(typed_command& typed, std::string_view rest);

/// `get, recv [-c] FILE`.
std::string usage(std::string_view names, const vocabulary_row& row);

bool equal_ignoring_case(std::string_view left, std::string_view right);

/// The line as a transcript and a history may show it: without passwords.
std::string without_passwords(const typed_command& typed, std::string_view line);
