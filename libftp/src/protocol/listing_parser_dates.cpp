// Reads dates and times of day word by word, and decides between the orders that numbers can stand in.
#include "civil_time.hpp"
#include "listing_dates.hpp"
#include "listing_words.hpp"

namespace libftp::listing {

namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr date_orders all_orders =
    only(date_order::month_first) | only(date_order::day_first) | only(date_order::year_first);
constexpr date_orders year_last = only(date_order::month_first) | only(date_order::day_first);

/// Servers tell times from 1601 on; what a file_time cannot hold is left out later.
constexpr unsigned first_year = 1601;
constexpr unsigned last_year = 2261;

std::chrono::year to_year(unsigned number) noexcept
{
    // Two digits, or three from servers that count on from 1900.
    if (number < 70)
        number += 2000;
    else if (number < 200)
        number += 1900;
    return std::chrono::year{static_cast<int>(number)};
}

/// The day that the numbers are in this order; one of a leap year where they have no year.
std::chrono::year_month_day date_in(date_order order, const listed_time& time) noexcept
{
    using std::chrono::day;
    using std::chrono::month;
    const auto [a, b, c] = time.numbers;
    if (order == date_order::year_first)
        return {to_year(a), month{b}, day{c}};
    const auto year = time.has_year ? to_year(c) : std::chrono::year{2000};
    return order == date_order::month_first ? std::chrono::year_month_day{year, month{a}, day{b}}
                                            : std::chrono::year_month_day{year, month{b}, day{a}};
}

/// The year that a word of two to four digits is.
std::optional<unsigned> read_year(std::string_view word)
{
    const auto year = short_number(word, 4);
    if (!year || word.size() < 2 || (word.size() == 3 && (*year < 100 || *year > 199)) ||
        (word.size() == 4 && (*year < first_year || *year > last_year)))
        return std::nullopt;
    return year;
}

/// Behind the name of a month such a number is a date, be it the 30th of February: the entry is there, without a time.
bool is_some_day(unsigned number) noexcept
{
    return number >= 1 && number <= 31;
}

/// The three parts of a date with the same separator between them; none of them is empty.
std::optional<std::array<std::string_view, 3>> split_date(std::string_view word, std::string_view separators)
{
    const auto first = word.find_first_of(separators);
    if (word.size() > 24 || first == npos || first == 0)
        return std::nullopt;
    const auto second = word.find(word[first], first + 1);
    if (second == npos || second == first + 1 || second + 1 == word.size())
        return std::nullopt;
    return std::array{word.substr(0, first), word.substr(first + 1, second - first - 1), word.substr(second + 1)};
}

} // namespace

bool set_shape(listed_time& time, date_orders shape)
{
    time.shape = shape;
    time.valid = 0;
    for (const auto order : {date_order::month_first, date_order::day_first, date_order::year_first}) {
        if (has(shape, order) && date_in(order, time).ok())
            time.valid |= only(order);
    }
    if (time.precision == time_precision::none)
        time.precision = time_precision::day;
    return time.valid != 0;
}

bool read_time_of_day(std::string_view word, listed_time& time, clock_form form)
{
    while (word.ends_with(','))
        word.remove_suffix(1);
    std::optional<bool> afternoon;
    if (form == clock_form::hours_12_or_24 && word.size() > 2) {
        auto half = word;
        if (ascii::to_upper(half.back()) == 'M')
            half.remove_suffix(1);
        if (const char mark = ascii::to_upper(half.back()); mark == 'A' || mark == 'P') {
            afternoon = mark == 'P';
            word = half.substr(0, half.size() - 1);
        }
    }
    if (word.find(':') == npos)
        return false;

    const auto hour_word = ascii::take_until(word, ':');
    const auto minute_word = ascii::take_until(word, ':');
    const auto second_word = ascii::take_until(word, '.');
    const auto fraction = word.substr(0, 9);
    auto hour = short_number(hour_word, 2);
    const auto minute = short_number(minute_word, 2);
    const auto second = second_word.empty() ? std::optional{0U} : short_number(second_word, 2);
    if (!hour || !minute || !second || *minute > 59 || *second > 60 || (!word.empty() && !is_number(word)))
        return false;
    // Some call midnight 24:00, and some write AM or PM beside an hour of 24.
    if (afternoon ? *hour > 23 : *hour > 24 || (*hour == 24 && *minute + *second != 0))
        return false;
    if (afternoon && *hour <= 12)
        hour = *hour % 12 + (*afternoon ? 12 : 0);

    time.time_of_day = std::chrono::hours{*hour} + std::chrono::minutes{*minute} + seconds{*second};
    time.precision = second_word.empty() ? time_precision::minute
                     : fraction.empty()  ? time_precision::second
                                         : time_precision::fraction;
    std::int64_t unit = 100'000'000;
    for (const char digit : fraction) {
        time.time_of_day += std::chrono::nanoseconds{(digit - '0') * unit};
        unit /= 10;
    }
    return true;
}

bool read_number_date(std::string_view word, listed_time& time)
{
    const auto parts = split_date(word, "-/.,");
    if (!parts)
        return false;
    const auto [first, middle, last] = *parts;
    const bool year_leads = first.size() == 4;
    const auto a = year_leads ? read_year(first) : short_number(first, 2);
    const auto b = short_number(middle, 2);
    const auto c = year_leads ? short_number(last, 2) : read_year(last);
    if (!a || !b || !c)
        return false;
    time.numbers = {*a, *b, *c};
    time.separator = word[first.size()];
    time.has_year = true;
    return set_shape(time, year_leads ? only(date_order::year_first) : last.size() > 2 ? year_last : all_orders);
}

bool read_year_first_date(std::string_view word, listed_time& time)
{
    const auto parts = split_date(word, "-/.");
    if (!parts)
        return false;
    const auto year = read_year(parts->at(0));
    const auto month = short_number(parts->at(1), 2);
    const auto day = short_number(parts->at(2), 2);
    if (!year || !month || !day)
        return false;
    time.numbers = {*year, *month, *day};
    time.has_year = true;
    return set_shape(time, only(date_order::year_first));
}

bool read_named_date(std::string_view word, listed_time& time)
{
    const auto parts = split_date(word, "-");
    if (!parts)
        return false;
    const bool month_leads = !ascii::is_digit(parts->at(0).front());
    return set_month_and_day(parts->at(month_leads ? 0 : 1), parts->at(month_leads ? 1 : 0), time) &&
           parts->at(2).find('.') == npos && set_year(parts->at(2), time);
}

bool set_month_and_day(std::string_view month_word, std::string_view day_word, listed_time& time)
{
    while (day_word.ends_with('.') || day_word.ends_with(','))
        day_word.remove_suffix(1);
    const auto day = short_number(day_word, 2);
    const auto month = day ? month_of(month_word) : std::nullopt;
    if (!month)
        return false;
    time.numbers = {*month, *day, 0};
    time.has_year = false;
    return set_shape(time, only(date_order::month_first)) || is_some_day(*day);
}

bool set_year(std::string_view word, listed_time& time)
{
    const auto year = read_year(word);
    if (!year)
        return false;
    time.numbers[2] = *year;
    time.has_year = true;
    return set_shape(time, time.shape) || is_some_day(time.numbers[1]);
}

std::optional<file_time> moment_of_epoch(std::string_view word)
{
    // make_file_time() checks the bounds.
    const auto count = word.size() <= 12 ? ascii::parse_number<std::uint64_t>(word) : std::nullopt;
    if (!count)
        return std::nullopt;
    const auto whole_days = days{static_cast<int>(*count / 86'400)};
    return make_file_time(std::chrono::sys_days{whole_days}, seconds{static_cast<std::int64_t>(*count % 86'400)});
}

void order_finder::count(listing_style style, const listed_time& time)
{
    if (time.valid == 0 || time.moment || (time.shape & (time.shape - 1)) == 0)
        return;
    auto known = std::find_if(groups_.begin(), groups_.end(), is_of(style, time.separator));
    if (known == groups_.end())
        known = groups_.insert(groups_.end(), {style, time.separator, {}});
    for (std::size_t i = 0; i < order_count; ++i) {
        const auto order = static_cast<date_order>(i);
        if (!has(time.valid, order))
            ++known->orders[i].impossible;
        else if (const auto moment = time_in(order, time);
                 time.has_year && moment &&
                 std::chrono::floor<seconds>(*moment) > std::chrono::floor<seconds>(context_.now) + days{1})
            ++known->orders[i].in_the_future;
    }
}

order_finder::answer order_finder::resolve(listing_style style, const listed_time& time) const
{
    if (time.moment)
        return {time.moment, true};
    if (time.valid == 0)
        return {};
    std::array orders{date_order::month_first, date_order::day_first, date_order::year_first};
    if (time.separator == '.') // nobody but those who put the day first writes dots
        std::swap(orders[0], orders[1]);

    const auto known = std::find_if(groups_.begin(), groups_.end(), is_of(style, time.separator));
    const auto tally_of = [&](date_order order) {
        return known == groups_.end() ? tally{} : known->orders[static_cast<std::size_t>(order)];
    };
    const auto worse = [&](date_order a, date_order b) {
        const auto left = tally_of(a);
        const auto right = tally_of(b);
        return std::pair{left.impossible, left.in_the_future} > std::pair{right.impossible, right.in_the_future};
    };
    std::optional<date_order> best;
    bool certain = true;
    for (const auto order : orders) {
        if (!has(time.valid, order))
            continue;
        if (best && tally_of(order).impossible == tally_of(*best).impossible)
            certain = false;
        if (!best || worse(*best, order))
            best = order;
    }
    return {time_in(*best, time), certain && time.has_year};
}

std::optional<file_time> order_finder::time_in(date_order order, const listed_time& time) const
{
    using namespace std::chrono;
    const auto whole = floor<seconds>(time.time_of_day);
    const auto fraction = time.time_of_day - whole;
    const auto zone = time.zone.value_or(context_.time_zone);
    const auto date = date_in(order, time);
    if (time.has_year) {
        const auto moment = make_file_time(date, whole - zone);
        return moment ? std::optional{*moment + fraction} : std::nullopt;
    }

    // In seconds, which cannot overflow where file_time could.
    const sys_seconds limit = floor<seconds>(context_.now) + days{1};
    const year this_year = year_month_day{floor<days>(limit + zone)}.year();
    // The 29th of February can be eight years back.
    for (auto y = this_year; y >= this_year - years{8}; --y) {
        const auto moment = make_file_time(y / date.month() / date.day(), whole - zone);
        if (moment && floor<seconds>(*moment) <= limit)
            return *moment + fraction;
    }
    return std::nullopt;
}

} // namespace libftp::listing
