// Writes a line at the end of a text whose room is made once, for lines that come by the million.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace libftp {

/// Appends to a text, which must not be used meanwhile, and whose end is set when the writer goes.
/// Precondition of all that it puts: it does not become more than `most_bytes`.
class line_writer {
public:
    line_writer(std::string& text, std::size_t most_bytes) : text_(text)
    {
        const auto size = text.size();
        text.resize(size + most_bytes);
        at_ = text.data() + size;
    }
    ~line_writer() { text_.resize(static_cast<std::size_t>(at_ - text_.data())); }
    line_writer(const line_writer&) = delete;
    line_writer& operator=(const line_writer&) = delete;

    void put(char byte) noexcept { *at_++ = byte; }
    void put(std::string_view bytes) noexcept
    {
        at_ = std::copy(bytes.begin(), bytes.end(), at_); // memcpy(3) must not be given the nothing of an empty view
    }
    void fill(std::size_t count, char byte) noexcept
    {
        std::memset(at_, byte, count);
        at_ += count;
    }

    /// To the left of a column so wide; what is longer is not cut.
    void put_left(std::string_view bytes, std::size_t width) noexcept
    {
        put(bytes);
        fill(width - std::min(width, bytes.size()), ' ');
    }

    template <std::unsigned_integral Number>
    void put_number(Number number) noexcept
    {
        at_ = std::to_chars(at_, at_ + max_digits, number).ptr;
    }

    /// To the right of a column so wide.
    template <std::unsigned_integral Number>
    void put_right(Number number, std::size_t width) noexcept
    {
        std::array<char, max_digits> digits;
        const auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        const std::string_view text{digits.data(), static_cast<std::size_t>(end - digits.data())};
        fill(width - std::min(width, text.size()), ' ');
        put(text);
    }

    /// Two decimal digits of a number below 100.
    void put_two_digits(unsigned number) noexcept
    {
        put(static_cast<char>('0' + number / 10));
        put(static_cast<char>('0' + number % 10));
    }

    /// As many as a number of 64 bits has at most.
    static constexpr std::size_t max_digits = 20;

private:
    std::string& text_;
    char* at_;
};

} // namespace libftp
