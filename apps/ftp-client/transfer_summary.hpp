// What a transfer came to, in one line.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// `a.jpg: 12 345 bytes in 0.020 s (617 kB/s)`; the name's control bytes are escaped.
std::string summarize_transfer(std::string_view name, std::uint64_t bytes, std::chrono::nanoseconds time);
