// Which files a name with `*`, `?` and `[a-z]` stands for, on either side.
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/session/client_operation.hpp>
#include <libftp/session/transfer_result.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// What a pattern stands for.
struct found_name {
    std::string path{};       ///< As the pattern begins: relative, or from the root.
    libftp::file_info info{}; ///< Its name only, for a pattern that is none.
    libftp::size_source size_by = libftp::size_source::none;
};

struct listed_directory {
    std::vector<libftp::file_info> entries{};
    libftp::size_source sizes_by = libftp::size_source::none;
};

/// The entries of a directory; empty: the working directory.
using directory_lister = std::function<libftp::client_result<listed_directory>(const std::string& directory)>;

/// Whether a name is meant by one component of a pattern: one that does not begin with a dot fits no name that does.
bool fits_pattern(std::string_view pattern, std::string_view name);

/// In the order of their names. Each component may be a pattern. A name without patterns stands for itself, whether it
/// is there or not. Nothing fits: an empty list.
libftp::client_result<std::vector<found_name>> expand_name(std::string_view pattern, const directory_lister& list);
