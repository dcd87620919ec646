// Tables of listing lines and what they are read as, checked alone and all at once.
#pragma once

#include <doctest/doctest.h>

#include <libftp/protocol/listing_parser.hpp>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace listed_rows {

using namespace libftp;

constexpr file_time at(int year, unsigned month, unsigned day, std::chrono::nanoseconds time_of_day = {})
{
    return std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} +
           time_of_day;
}

constexpr file_time now = at(2024, 11, 20, std::chrono::hours{12});

inline listing_context context_at(file_time when = now, std::optional<listing_style> hint = {})
{
    return {.now = when, .hint = hint};
}

/// `20241120`, `202411201015`, `20241120101503`, as exactly as the listing tells; empty for none.
inline std::string time_of(const listed_entry& entry)
{
    if (!entry.modified)
        return entry.precision == time_precision::none ? "" : "none, with a precision";
    auto digits = format_timestamp(*entry.modified);
    switch (entry.precision) {
    case time_precision::none: return "without a precision";
    case time_precision::day: return digits.substr(0, 8);
    case time_precision::minute: return digits.substr(0, 12);
    case time_precision::second: return digits;
    case time_precision::fraction: break;
    }
    const auto fraction = *entry.modified - std::chrono::floor<std::chrono::seconds>(*entry.modified);
    return digits + "." + std::to_string(std::chrono::nanoseconds{fraction}.count());
}

struct expected {
    std::string line;
    std::string name;
    file_type type = file_type::file;
    std::optional<std::uint64_t> size{};
    std::string time{};
};

inline void check_entry(const listed_entry& entry, const expected& row)
{
    CHECK(entry.name == row.name);
    CHECK(entry.type == row.type);
    CHECK(entry.size == row.size);
    CHECK(time_of(entry) == row.time);
    CHECK(entry.raw == row.line);
}

/// The only entry that a text has.
inline listed_entry only_entry(std::string_view text, const listing_context& context = context_at())
{
    CAPTURE(text);
    auto parsed = parse_listing(text, context);
    CHECK(parsed.refused.empty());
    REQUIRE(parsed.entries.size() == 1);
    return std::move(parsed.entries.front());
}

inline void check_rows(listing_style style, const std::vector<expected>& rows,
                       const listing_context& context = context_at())
{
    std::string text;
    for (const auto& row : rows) {
        CAPTURE(row.line);
        text.append(row.line).append("\r\n");
        const auto entry = only_entry(row.line + "\r\n", context);
        CHECK(entry.style == style);
        check_entry(entry, row);
    }
    const auto all = parse_listing(text, context);
    CHECK(all.refused.empty());
    REQUIRE(all.entries.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(rows[i].line);
        check_entry(all.entries[i], rows[i]);
    }
}

/// Each of the lines is refused for this reason, as it came.
inline void check_refused(refusal_reason reason, std::initializer_list<std::string_view> lines,
                          const listing_context& context = context_at())
{
    for (const auto line : lines) {
        CAPTURE(line);
        const auto parsed = parse_listing(std::string{line} + "\n", context);
        CHECK(parsed.entries.empty());
        REQUIRE(parsed.refused.size() == 1);
        CHECK(parsed.refused[0].raw == line);
        CHECK(parsed.refused[0].reason == reason);
    }
}

inline std::vector<std::string> names_of(const parsed_listing& parsed)
{
    std::vector<std::string> names;
    for (const auto& entry : parsed.entries)
        names.push_back(entry.name);
    return names;
}

} // namespace listed_rows
