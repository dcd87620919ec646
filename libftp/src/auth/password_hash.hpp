// How the user table hashes and compares passwords, which every kind of system does in its own way.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace libftp {

/// Whether this is the password; nothing if `hash` is none that is known here. Takes as long as hashing does.
std::optional<bool> compare_password(std::string_view password, const std::string& hash);

} // namespace libftp
