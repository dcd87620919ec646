// What the replies of a transfer say in their texts: a size, a name.
#pragma once

#include <libftp/protocol/reply.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace libftp {

/// The size in `Opening BINARY mode data connection for a.txt (1234 bytes).` It stands at the end: a name may hold
/// anything.
std::optional<std::uint64_t> announced_size(const reply& answer);

/// The name in `150 FILE: a.txt.1` (RFC 1123 4.1.2.9) or `226 Transfer complete (unique file name:a.txt.1).`
std::optional<std::string> announced_name(const reply& answer);

} // namespace libftp
