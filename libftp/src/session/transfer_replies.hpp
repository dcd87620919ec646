// What the replies of a transfer say, and what stands in their texts: a size, a name.
#pragma once

#include <libftp/protocol/reply.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace libftp {

/// The server has no data connection.
inline bool is_for_lack_of_data(const reply& answer) noexcept
{
    return answer.code == to_int(reply_code::cannot_open_data_connection);
}

/// The size in `Opening BINARY mode data connection for a.txt (1234 bytes).` It stands at the end: a name may hold
/// anything.
std::optional<std::uint64_t> announced_size(const reply& answer);

/// The name in `150 FILE: a.txt.1` (RFC 1123 4.1.2.9) or `226 Transfer complete (unique file name:a.txt.1).`
std::optional<std::string> announced_name(const reply& answer);

} // namespace libftp
