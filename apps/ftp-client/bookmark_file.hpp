// The file in which this user's bookmarks are kept.
#pragma once

#include <libftp/result.hpp>

#include <string>
#include <string_view>

/// For bookmarks.hpp to look into; empty if there is no file.
std::string read_bookmarks();

/// Replaces the file as a whole. Error: a sentence.
libftp::result<void, std::string> write_bookmarks(std::string_view text);
