// Counts changes of letters (the distance of Damerau and Levenshtein, restricted to neighbours).
#include "nearest_word.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace {

constexpr std::size_t longest_word = 32;

char to_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::size_t changes(std::string_view from, std::string_view to)
{
    std::vector<std::vector<std::size_t>> least(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                least[i][j] = i + j;
                continue;
            }
            const bool same = to_lower(from[i - 1]) == to_lower(to[j - 1]);
            least[i][j] = std::min({least[i - 1][j] + 1, least[i][j - 1] + 1, least[i - 1][j - 1] + (same ? 0U : 1U)});
            if (i > 1 && j > 1 && to_lower(from[i - 1]) == to_lower(to[j - 2]) &&
                to_lower(from[i - 2]) == to_lower(to[j - 1]))
                least[i][j] = std::min(least[i][j], least[i - 2][j - 2] + 1);
        }
    }
    return least[from.size()][to.size()];
}

} // namespace

std::string_view nearest_word(std::string_view typed, std::span<const std::string_view> known)
{
    if (typed.empty() || typed.size() > longest_word)
        return {};
    std::string_view nearest;
    std::size_t least = typed.size() > 4 ? 3 : 2; // one more than may differ
    for (const auto word : known) {
        const auto distance = changes(typed, word);
        if (distance < least && distance < word.size()) {
            least = distance;
            nearest = word;
        }
    }
    return nearest;
}
