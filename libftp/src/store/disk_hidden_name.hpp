// The names that a disk store's unfinished files go by where a file must have one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace libftp::disk {

/// Whether unfinished files go by names like this one.
bool is_hidden_name(std::string_view name) noexcept;

/// The one with this number.
std::string hidden_name(std::uint64_t number);

} // namespace libftp::disk
