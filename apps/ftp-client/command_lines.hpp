// Lines of commands made from other things: from one text with several in it, and from words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The commands of a text, parted by semicolons and line ends; not where one of these stands in quotes or behind a
/// backslash. What is empty is left out.
std::vector<std::string> split_commands(std::string_view text);

/// The word in quotes, as split_words() reads it again.
std::string quote_word(std::string_view word);
