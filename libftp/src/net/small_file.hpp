// Files that fit into memory as a whole: keys, certificates, pins.
#pragma once

#include <libftp/result.hpp>
#include <libftp/secret.hpp>

#include <string>
#include <string_view>

namespace libftp::net {

/// Errors: the system's; file_too_large past 1 MiB.
result<secret> read_small_file(const std::string& path);

/// Nobody ever sees a part of it. For its owner only (mode 0600). The parent directory must be there.
result<void> replace_small_file(const std::string& path, std::string_view content);

} // namespace libftp::net
