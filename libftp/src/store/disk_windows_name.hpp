// Which names mean nothing but themselves on Windows.
#pragma once

#include <string_view>

namespace libftp::disk {

/// Whether Windows, its file systems and its programs all take this path component for the name of a file and for no
/// device, stream, wildcard or way elsewhere.
bool is_plain_windows_name(std::string_view name) noexcept;

} // namespace libftp::disk
