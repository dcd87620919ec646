// Reads and writes YYYYMMDDHHMMSS[.f] (RFC 3659 2.3).
#include <libftp/protocol/timestamp.hpp>

#include "ascii.hpp"
#include "civil_time.hpp"
#include "line_writer.hpp"

#include <libftp/error.hpp>

#include <algorithm>

namespace libftp {

namespace {

constexpr std::size_t whole_seconds_size = 14;

std::chrono::nanoseconds to_nanoseconds(std::string_view fraction_digits)
{
    std::int64_t count = 0;
    for (std::size_t i = 0; i < 9; ++i)
        count = count * 10 + (i < fraction_digits.size() ? fraction_digits[i] - '0' : 0);
    return std::chrono::nanoseconds{count};
}

} // namespace

result<file_time> parse_timestamp(std::string_view text)
{
    const auto whole = text.substr(0, whole_seconds_size);
    auto fraction = text.substr(whole.size());
    if (whole.size() != whole_seconds_size || !std::all_of(whole.begin(), whole.end(), ascii::is_digit))
        return protocol_errc::time_malformed;
    if (!fraction.empty()) {
        if (fraction.front() != '.' || fraction.size() == 1)
            return protocol_errc::time_malformed;
        fraction.remove_prefix(1);
        if (!std::all_of(fraction.begin(), fraction.end(), ascii::is_digit))
            return protocol_errc::time_malformed;
    }

    const auto field = [whole](std::size_t position, std::size_t size) {
        return *ascii::parse_number<unsigned>(whole.substr(position, size));
    };
    const auto hour = field(8, 2);
    const auto minute = field(10, 2);
    const auto second = field(12, 2);
    if (hour > 23 || minute > 59 || second > 60)
        return protocol_errc::time_malformed;

    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(field(0, 4))},
                                           std::chrono::month{field(4, 2)}, std::chrono::day{field(6, 2)}};
    const auto time = make_file_time(date, std::chrono::seconds{(hour * 60 + minute) * 60 + second});
    if (!time)
        return protocol_errc::time_malformed;
    return *time + to_nanoseconds(fraction);
}

void put_timestamp(line_writer& line, file_time time)
{
    using namespace std::chrono;
    // In seconds, because the day that the earliest file_time lies in begins before it.
    const auto moment = floor<seconds>(time);
    const auto day = floor<days>(moment);
    const year_month_day date{day};
    const auto second = static_cast<unsigned>((moment - day).count());
    const auto year = static_cast<unsigned>(static_cast<int>(date.year())); // 1677 to 2262
    line.put_two_digits(year / 100);
    line.put_two_digits(year % 100);
    line.put_two_digits(static_cast<unsigned>(date.month()));
    line.put_two_digits(static_cast<unsigned>(date.day()));
    line.put_two_digits(second / 3600);
    line.put_two_digits(second / 60 % 60);
    line.put_two_digits(second % 60);
}

std::string format_timestamp(file_time time)
{
    std::string text;
    {
        line_writer line{text, whole_seconds_size};
        put_timestamp(line, time);
    }
    return text;
}

} // namespace libftp
