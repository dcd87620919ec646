// On which kind of system the tests run, where that decides what can be tried.
#pragma once

namespace libftp::testing {

#ifdef _WIN32
inline constexpr bool is_windows = true;
#else
inline constexpr bool is_windows = false;
#endif

} // namespace libftp::testing
