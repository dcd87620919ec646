// What Tab completes: where in the line a word stands, what it may be, and what is typed for the person.
#pragma once

#include "typed_command.hpp"

#include <span>
#include <string>
#include <string_view>

enum class completed_kind : std::uint8_t {
    nothing,
    command,
    host, ///< A bookmark.
    remote_name,
    local_name,
};

/// The word that ends at the cursor.
struct completion_place {
    completed_kind kind = completed_kind::nothing;
    std::string word{};           ///< As it is meant, without quotes.
    char quote = '\0';            ///< That of a quotation which is open yet.
    bool is_rest_of_line = false; ///< Blanks belong to it.
};

using command_finder = const vocabulary_row* (*)(std::string_view name);

/// `line` ends at the cursor.
completion_place place_to_complete(std::string_view line, command_finder find_command);

/// A word that would fit.
struct candidate {
    std::string text{};        ///< As it is meant, whole: with the directory before it.
    bool is_directory = false; ///< More may follow, behind a slash.
};

/// What to insert at the cursor; empty: nothing is for certain. Of several candidates it is what they have in common.
/// Precondition: each begins with place.word.
std::string text_to_insert(const completion_place& place, std::span<const candidate> candidates);

/// `images/` of `images/a.jpg`.
std::string_view directory_part(std::string_view path) noexcept;
