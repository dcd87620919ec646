// The file in which this user's bookmarks are kept.
#pragma once

#include <libftp/result.hpp>

#include <string>
#include <string_view>

/// Its path. Empty: there is no place for one.
std::string bookmarks_file();

/// For bookmarks.hpp to look into; empty if there is no file. Errors: those of read_text().
libftp::result<std::string> read_bookmarks();

/// Replaces the file as a whole. Error: a sentence.
libftp::result<void, std::string> write_bookmarks(std::string_view text);
