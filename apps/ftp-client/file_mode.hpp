// Permissions as chmod takes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// `644`, `u+x`, `go-w,a=r`: the mode that a file with the mode `before` gets. Nothing: the text is no mode.
std::optional<std::uint32_t> change_mode(std::uint32_t before, std::string_view text);

/// Whether what change_mode() gives depends on the mode before.
bool is_relative_mode(std::string_view text) noexcept;
