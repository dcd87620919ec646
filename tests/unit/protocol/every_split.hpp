// Feeds a byte machine the same input in different pieces: whole, cut in two at every place, and byte by byte.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

/// Calls `check` with each way to cut the input. The pieces are strings of their own, so that a machine that reads past
/// one, or keeps a view of one, is found out.
template <class Check>
void at_every_split(std::string_view input, Check check)
{
    for (std::size_t cut = 0; cut <= input.size(); ++cut) {
        CAPTURE(cut);
        check(std::vector<std::string>{std::string{input.substr(0, cut)}, std::string{input.substr(cut)}});
    }
    std::vector<std::string> bytes;
    for (const char byte : input)
        bytes.emplace_back(1, byte);
    check(bytes);
}
