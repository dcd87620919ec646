// What somebody who typed a word that is not there may have meant.
#pragma once

#include <span>
#include <string_view>

/// The one of `known` that takes the fewest letters added, left out, changed or swapped; nothing if none is near.
/// Letter case does not count.
std::string_view nearest_word(std::string_view typed, std::span<const std::string_view> known);
