// How many columns of a terminal a text takes, and how it is made to fit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Of UTF-8 without control bytes: East Asian letters and pictures take two columns, combining marks none. A byte that
/// is no UTF-8 takes one.
std::size_t columns_of(std::string_view text) noexcept;

/// The text, with `...` for its middle where it is wider; both its beginning and its end tell files apart.
std::string shorten(std::string_view text, std::size_t columns);

/// shorten(), and filled up with spaces.
std::string fit(std::string_view text, std::size_t columns);
