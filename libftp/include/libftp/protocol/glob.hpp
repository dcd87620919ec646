// Names by pattern: `*`, `?`, `[a-z]`, as shells have them.
#pragma once

#include <string_view>

namespace libftp {

/// Whether the text has one of `*`, `?` and `[`.
bool is_glob(std::string_view text) noexcept;

/// Whether the whole name fits the pattern: `*` any bytes, `?` any one byte, `[a-z]` one byte of a set (`[!a]` or
/// `[^a]` one that is not in it), `\` takes the next byte as it is. A `[` without its `]` stands for itself. Takes time
/// proportional to the product of the two lengths at worst, and no memory.
bool glob_matches(std::string_view pattern, std::string_view name) noexcept;

} // namespace libftp
