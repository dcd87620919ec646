// Servers under names of one's own: the text of the file that keeps them, a line `NAME URL` for each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct bookmark {
    std::string name{};
    std::string url{}; ///< Without a password.
};

/// Whether it can be told from a host with a port, a URL, an option and a comment.
bool is_bookmark_name(std::string_view name);

/// Lines that are no bookmarks are passed over.
std::vector<bookmark> parse_bookmarks(std::string_view text);

/// The URL of that name; of several the last one.
std::optional<std::string> find_bookmark(std::string_view text, std::string_view name);

/// The text without the bookmarks of that name, and with its other lines as they were.
std::string without_bookmark(std::string_view text, std::string_view name);
/// The text with that bookmark, in place of those of its name.
std::string with_bookmark(std::string_view text, const bookmark& added);
