// Files that codings of the data connection may stumble over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::testing {

/// Bytes that look like chance and are always the same.
inline std::string mixed_bytes(std::size_t size)
{
    std::string bytes;
    bytes.reserve(size);
    std::uint32_t state = 1;
    while (bytes.size() < size) {
        state = state * 1664525 + 1013904223;
        bytes.push_back(static_cast<char>(state >> 24U));
    }
    return bytes;
}

inline std::vector<std::string> small_awkward_contents()
{
    using namespace std::string_literals;
    return {
        ""s,
        "\n"s,
        "\r"s,
        "\r\n"s,
        "one line\n"s,
        "no end"s,
        "a\nb\r\nc\rd\n\re\r\r\nf\n\n\r\n"s,
        "ends in CR\r"s,
        "\xff"s,
        "\xff\xff\xff\xff\xff"s,
        "\xff\x01\xff\x02\xff\x03\xff"s,
        "\0\0\0\0 \0\x40\0\0\x80\x10"s,
        "aaabbbbcc    ddd\n\n\n\n\n"s,
    };
}

inline std::vector<std::string> large_awkward_contents()
{
    std::string lines;
    for (std::size_t size = 0; lines.size() < 200'000; size = (size + 7) % 300)
        lines.append(size, 'x').append(size % 2 == 0 ? "\n" : "\r\n");
    return {
        std::string(70'000, 'a'),  std::string(70'000, '\0'), std::string(70'000, '\xff'),  std::string(70'000, '\n'),
        std::string(70'000, '\r'), mixed_bytes(65'535),       mixed_bytes(3 * 1024 * 1024), lines};
}

} // namespace libftp::testing
