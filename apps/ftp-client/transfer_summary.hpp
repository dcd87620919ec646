// What a transfer came to, in one line.
#pragma once

#include "transfer_batch.hpp"

#include <libftp/session/transfer_result.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// `a.jpg: 12 345 bytes in 0.020 s (617 kB/s)`; the name's control bytes are escaped. A time of 0 is unknown, and not
/// told.
std::string summarize_transfer(std::string_view name, std::uint64_t bytes, std::chrono::nanoseconds time);
/// The same, or that a file which was to be continued was whole already.
std::string summarize_transfer(std::string_view name, const libftp::transfer_result& made);
/// What was to be continued was whole already.
bool was_there_already(const libftp::transfer_result& made) noexcept;

/// `3 files: 12 345 bytes in 0.020 s (617 kB/s), 2 unchanged, 1 failed`.
std::string summarize_batch(const batch_result& result);
