// Writes JSON (RFC 8259) from bytes that may be anything: what a log for programs is made of.
#pragma once

#include <libftp/clock.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace libftp {

/// Whether append_json_string() can tell all of it.
bool is_utf8(std::string_view bytes);

/// Appends `bytes` as a JSON string with its quotes. Control characters are escaped, so that it stays one line and does
/// nothing to a terminal; each byte that is not UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view bytes);

/// One flat object, written member by member. Keys are the program's own and each comes once.
class json_object {
public:
    /// As append_json_string() tells it.
    json_object& text(std::string_view key, std::string_view bytes);
    /// In decimal.
    json_object& number(std::string_view key, std::uint64_t value);
    json_object& yes(std::string_view key); ///< `true`.
    /// The bytes in hexadecimal, for those that text() could not tell.
    json_object& hexadecimal(std::string_view key, std::string_view bytes);
    /// With six decimals; what is below zero counts as zero.
    json_object& seconds(std::string_view key, std::chrono::nanoseconds value);
    /// RFC 3339 in UTC, with milliseconds: `2026-11-19T10:07:03.250Z`.
    json_object& time(std::string_view key, clock::time_point value);

    /// The whole object as one line without its end.
    [[nodiscard]] std::string to_string() const { return members_.empty() ? "{}" : members_ + "}"; }

private:
    void begin(std::string_view key);
    std::string members_; ///< From the opening brace on.
};

} // namespace libftp
