// What the fuzz targets share. Each is one function of its input, called by libFuzzer (libfuzzer.cpp) or with the files
// of a corpus (replay.cpp).
#pragma once

#include <libftp/result.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::fuzz {

/// The target: any bytes are fine, and a promise that is not kept ends the program.
void run(std::string_view input);

inline void require(bool is_kept, const char* promise)
{
    if (is_kept)
        return;
    std::fprintf(stderr, "not kept: %s\n", promise);
    std::abort();
}

/// Shows the two texts where they differ.
inline void require_same(const std::string& one, const std::string& other, const char* promise)
{
    if (one != other)
        std::fprintf(stderr, "%s\n--- is not the same as\n%s\n", one.c_str(), other.c_str());
    require(one == other, promise);
}

template <class Value>
bool holds(const result<Value>& outcome, const Value& value)
{
    return outcome && *outcome == value;
}

/// The sizes of pieces that machines of bytes are fed with, besides the whole input at once.
inline constexpr std::array<std::size_t, 4> piece_sizes{1, 2, 3, 7};

/// Gives `text` to `take` in pieces. Each has memory of its own, and not a byte more: a sanitizer sees who reads beyond
/// it, or later.
template <class Take>
void for_each_piece(std::string_view text, std::size_t size, Take take)
{
    for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) {
        const auto piece = text.substr(0, size);
        const std::vector<char> own(piece.begin(), piece.end());
        take(std::string_view{own.data(), own.size()});
    }
}

/// Takes choices off the front of an input. When it is used up, all of them are 0 or empty.
class choices {
public:
    explicit choices(std::string_view input) noexcept : rest_(input) {}

    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

    unsigned char byte() noexcept
    {
        if (rest_.empty())
            return 0;
        const auto taken = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return taken;
    }
    bool flag() noexcept { return (byte() & 1U) != 0; }
    std::uint64_t number() noexcept
    {
        std::uint64_t taken = 0;
        for (int i = 0; i < 8; ++i)
            taken = taken << 8U | byte();
        return taken;
    }
    /// Up to the next `end`, which is taken too.
    std::string_view text(char end = '\n') noexcept
    {
        const auto taken = rest_.substr(0, rest_.find(end));
        rest_.remove_prefix(std::min(taken.size() + 1, rest_.size()));
        return taken;
    }

private:
    std::string_view rest_;
};

} // namespace libftp::fuzz
