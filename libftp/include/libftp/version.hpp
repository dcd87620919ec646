// The version of libftp that a program is compiled with, counted as https://semver.org/ says.
#pragma once

#include <string_view>

/// Programs that used what the installed headers declare compile and link with the next version too, unless the major
/// version changes, or before 1.0 the minor one. Shared libraries carry that number in their names.
#define LIBFTP_VERSION_MAJOR 0
#define LIBFTP_VERSION_MINOR 1
#define LIBFTP_VERSION_PATCH 0

/// The three as text; the build takes the project's version from this line.
#define LIBFTP_VERSION "0.1.0"

/// The three as one number to compare with: `#if LIBFTP_VERSION_NUMBER >= 10203` asks for 1.2.3 or later.
#define LIBFTP_VERSION_NUMBER (LIBFTP_VERSION_MAJOR * 10000 + LIBFTP_VERSION_MINOR * 100 + LIBFTP_VERSION_PATCH)

namespace libftp {

/// Such as "0.1.0".
inline constexpr std::string_view version = LIBFTP_VERSION;

} // namespace libftp
