// Takes the dates of long listings, which are several words: those of all locales of `ls`, and of servers like it.
#include "listing_dates.hpp"
#include "listing_words.hpp"

#include <algorithm>
#include <iterator>

namespace libftp::listing {

namespace {

/// `10:15`, `10:15:03 2026` or `2026`, which follow a month and a day.
bool take_time_or_year(std::string_view& text, listed_time& time)
{
    auto rest = text;
    const auto word = take_word(rest);
    if (read_time_of_day(word, time)) {
        auto behind = rest;
        // Only where the seconds are told does the year follow too; else it begins a name.
        const auto year = take_word(behind);
        if (time.precision != time_precision::minute && year.size() == 4 && set_year(year, time))
            rest = behind;
    } else if (word.size() != 4 || !set_year(word, time)) {
        return false;
    }
    text = rest;
    return true;
}

/// `Nov 20 10:15`, `Nov 20 2026`, `20 Nov 2026`, `26. Juli, 20:10`, `Oct 08, 2002 09:47`, all of them perhaps behind
/// the day of the week.
bool take_named_date(std::string_view& text, listed_time& time)
{
    static constexpr std::string_view weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    auto rest = text;
    auto first = take_word(rest);
    if (std::find(std::begin(weekdays), std::end(weekdays), first) != std::end(weekdays))
        first = take_word(rest);
    const auto second = take_word(rest);
    const bool month_leads = set_month_and_day(first, second, time);
    if (!month_leads && !set_month_and_day(second, first, time))
        return false;
    if (!take_time_or_year(rest, time))
        return false;
    auto behind = rest;
    if (month_leads && second.ends_with(',') && time.has_year && read_time_of_day(take_word(behind), time))
        rest = behind;
    text = rest;
    return true;
}

/// `+0200`
std::optional<std::chrono::minutes> read_zone(std::string_view word)
{
    if (word.size() != 5 || (word.front() != '+' && word.front() != '-'))
        return std::nullopt;
    const auto number = short_number(word.substr(1), 4);
    if (!number || *number / 100 > 23 || *number % 100 > 59)
        return std::nullopt;
    const std::chrono::minutes zone{*number / 100 * 60 + *number % 100};
    return word.front() == '-' ? -zone : zone;
}

/// `2026-11-20 10:15`, `2026-11-20 10:15:03.25 +0200`, `20.11.2026`, `01-jun-99`: one word and perhaps a time.
bool take_joined_date(std::string_view& text, listed_time& time)
{
    auto rest = text;
    const auto word = take_word(rest);
    if (word.size() == 19 && word[10] == 'T') {
        if (!read_year_first_date(word.substr(0, 10), time) || !read_time_of_day(word.substr(11), time))
            return false;
    } else if (read_number_date(word, time) || read_named_date(word, time)) {
        auto behind = rest;
        if (read_time_of_day(take_word(behind), time)) {
            rest = behind;
            // Where the seconds are missing it is the beginning of a name.
            if (time.precision != time_precision::minute)
                time.zone = read_zone(take_word(behind));
            if (time.zone)
                rest = behind;
        }
    } else {
        return false;
    }
    text = rest;
    return true;
}

/// `11-20 10:15`, `11-20 2026` and `11 20 10:15`: a month and a day in an order that is open.
bool take_short_date(std::string_view& text, listed_time& time)
{
    auto rest = text;
    const auto word = take_word(rest);
    const auto split = word.find_first_of("-/.");
    const auto a = short_number(word.substr(0, split), 2);
    const auto b = short_number(split == npos ? take_word(rest) : word.substr(split + 1), 2);
    if (!a || !b)
        return false;
    time.numbers = {*a, *b, 0};
    time.separator = split == npos ? ' ' : word[split];
    if (!set_shape(time, only(date_order::month_first) | only(date_order::day_first)))
        return false;
    if (!take_time_or_year(rest, time) || (split == npos && time.has_year))
        return false;
    text = rest;
    return true;
}

/// A number with a letter behind it that stands for year, month or day, in whatever charset of East Asia.
struct lettered_number {
    unsigned value = 0;
    std::size_t digits = 0; ///< 0: there is none.
    bool has_letter = false;
};

lettered_number take_lettered_number(std::string_view& text)
{
    take_blanks(text);
    const auto is_digit_at = [&](std::size_t i) { return i < text.size() && ascii::is_digit(text[i]); };
    lettered_number taken;
    for (; taken.digits < 4 && is_digit_at(taken.digits); ++taken.digits)
        taken.value = taken.value * 10 + static_cast<unsigned>(text[taken.digits] - '0');
    auto end = taken.digits;
    if (end < text.size() && is_high(text[end])) {
        taken.has_letter = true;
        // The second byte of Shift-JIS may be an ASCII letter.
        while (end < text.size() && !is_blank(text[end]) && !is_digit_at(end) && end < taken.digits + 4)
            ++end;
    }
    if (end < text.size() && !is_blank(text[end]) && !(taken.has_letter && is_digit_at(end)))
        return {};
    text.remove_prefix(end);
    return taken;
}

bool take_east_asian_date(std::string_view& text, listed_time& time)
{
    auto rest = text;
    auto month = take_lettered_number(rest);
    lettered_number year;
    if (month.digits == 4) {
        year = month;
        month = take_lettered_number(rest);
    }
    if (month.digits == 0 || month.digits > 2 || !month.has_letter)
        return false;
    const bool is_joined = !rest.empty() && !is_blank(rest.front());
    const auto day = take_lettered_number(rest);
    // Where both are one word the day has its letter, too; else it is somebody's name.
    if (day.digits == 0 || day.digits > 2 || (is_joined && !day.has_letter))
        return false;
    // So it is where a time is joined to them, which nobody writes.
    if (!rest.empty() && !is_blank(rest.front()))
        return false;
    auto behind = rest;
    const bool has_time = read_time_of_day(take_word(behind), time);
    if (has_time) {
        rest = behind;
    } else if (year.digits == 0) {
        // Where the day has its letter, a number without one is a size.
        year = take_lettered_number(rest);
        if (year.digits != 4 || (day.has_letter && !year.has_letter))
            return false;
    }
    // A number without its letter before a month, a day and a time is a size.
    if (has_time && year.digits != 0 && !year.has_letter)
        return false;
    time.numbers = {month.value, day.value, year.value};
    time.has_year = year.digits != 0;
    if (!set_shape(time, only(date_order::month_first)))
        return false;
    text = rest;
    return true;
}

/// `20 11月 2023`, `20 11月 10:15`: the day first, as numbers stand before other names of months.
bool take_day_and_east_asian_month(std::string_view& text, listed_time& time)
{
    // In UTF-8, GBK, Shift-JIS, EUC-JP and Big5, and in Korean in UTF-8 and EUC-KR: here, any letter would be too
    // little.
    static constexpr std::string_view month_letters[] = {
        "\xe6\x9c\x88", "\xd4\xc2", "\x8c\x8e", "\xb7\xee", "\xa4\xeb", "\xec\x9b\x94", "\xbf\xf9",
    };
    auto rest = text;
    const auto day = short_number(take_word(rest), 2);
    const auto word = take_word(rest);
    const auto digits = std::min(word.find_first_not_of("0123456789"), word.size());
    const auto month = short_number(word.substr(0, digits), 2);
    if (!day || !month ||
        std::find(std::begin(month_letters), std::end(month_letters), word.substr(digits)) == std::end(month_letters))
        return false;
    time.numbers = {*month, *day, 0};
    if (!set_shape(time, only(date_order::month_first)) || !take_time_or_year(rest, time))
        return false;
    text = rest;
    return true;
}

} // namespace

bool take_date(std::string_view& text, listed_time& time)
{
    // No date is that long, and so nobody's endless word is looked at again and again.
    static constexpr std::size_t max_bytes = 256;
    const auto first = find_nonblank(text);
    if (first == npos)
        return false;
    const auto window = text.substr(first, max_bytes);
    for (const auto take :
         {take_named_date, take_joined_date, take_short_date, take_east_asian_date, take_day_and_east_asian_month}) {
        auto rest = window;
        listed_time found;
        if (take(rest, found) && (!rest.empty() || first + window.size() == text.size())) {
            time = found;
            text.remove_prefix(first + window.size() - rest.size());
            return true;
        }
    }
    return false;
}

} // namespace libftp::listing
