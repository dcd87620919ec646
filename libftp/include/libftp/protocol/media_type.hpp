// Media types of files, guessed from their names (RFC 3659 7.5.9, RFC 2046).
#pragma once

#include <string_view>

namespace libftp {

/// By what follows the last dot, in any letter case: `text/html` for `a.HTML`. `application/octet-stream` for what is
/// not known, and for names without a dot behind their first byte.
std::string_view guess_media_type(std::string_view name) noexcept;

} // namespace libftp
