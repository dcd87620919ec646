// Escapes what JSON strings cannot hold (RFC 8259 7), and writes numbers and times.
#include <libftp/protocol/json_text.hpp>

#include "utf8.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <iterator>

namespace libftp {

bool is_utf8(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (utf8::is_stray(utf8::take_character(bytes)))
            return false;
    }
    return true;
}

void append_json_string(std::string& out, std::string_view bytes)
{
    out.push_back('"');
    while (!bytes.empty()) {
        const auto character = utf8::take_character(bytes);
        if (utf8::is_stray(character))
            out.append("\\ufffd");
        else if (utf8::is_control(character)) // those of two bytes have their number in the second
            fmt::format_to(std::back_inserter(out), FMT_COMPILE("\\u{:04x}"),
                           static_cast<unsigned>(static_cast<unsigned char>(character.back())));
        else if (character == "\"" || character == "\\")
            out.append("\\").append(character);
        else
            out.append(character);
    }
    out.push_back('"');
}

void json_object::begin(std::string_view key)
{
    members_.push_back(members_.empty() ? '{' : ',');
    append_json_string(members_, key);
    members_.push_back(':');
}

json_object& json_object::text(std::string_view key, std::string_view bytes)
{
    begin(key);
    append_json_string(members_, bytes);
    return *this;
}

json_object& json_object::number(std::string_view key, std::uint64_t value)
{
    begin(key);
    fmt::format_to(std::back_inserter(members_), FMT_COMPILE("{}"), value);
    return *this;
}

json_object& json_object::yes(std::string_view key)
{
    begin(key);
    members_.append("true");
    return *this;
}

json_object& json_object::hexadecimal(std::string_view key, std::string_view bytes)
{
    begin(key);
    members_.push_back('"');
    for (const char byte : bytes)
        fmt::format_to(std::back_inserter(members_), FMT_COMPILE("{:02x}"),
                       static_cast<unsigned>(static_cast<unsigned char>(byte)));
    members_.push_back('"');
    return *this;
}

json_object& json_object::seconds(std::string_view key, std::chrono::nanoseconds value)
{
    using namespace std::chrono;
    const auto whole = std::max(duration_cast<microseconds>(value), microseconds::zero()).count();
    begin(key);
    fmt::format_to(std::back_inserter(members_), FMT_COMPILE("{}.{:06}"), whole / 1'000'000, whole % 1'000'000);
    return *this;
}

json_object& json_object::time(std::string_view key, clock::time_point value)
{
    using namespace std::chrono;
    const sys_time<milliseconds> moment{floor<milliseconds>(value.time_since_epoch())};
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    const hh_mm_ss time_of_day{moment - day};
    begin(key);
    fmt::format_to(std::back_inserter(members_), FMT_COMPILE("\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z\""),
                   static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day()), time_of_day.hours().count(), time_of_day.minutes().count(),
                   time_of_day.seconds().count(), time_of_day.subseconds().count());
    return *this;
}

} // namespace libftp
