// The dates and times of listings, in all languages and orders; what a line leaves open is decided by all lines.
#pragma once

#include <libftp/protocol/listing_parser.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace libftp::listing {

enum class date_order : std::uint8_t { month_first, day_first, year_first };
constexpr std::size_t order_count = 3;

/// A set of orders.
using date_orders = std::uint8_t;
constexpr date_orders only(date_order order) noexcept
{
    return static_cast<date_orders>(1U << static_cast<unsigned>(order));
}
constexpr bool has(date_orders orders, date_order one) noexcept
{
    return (orders & only(one)) != 0;
}

/// A date and a time of day as a line tells them.
struct listed_time {
    std::optional<file_time> moment{}; ///< Where the line tells a moment in UTC; all below is not used then.
    std::array<unsigned, 3> numbers{}; ///< In the order of the line. Without a year it counts as the last.
    date_orders shape = 0;             ///< The orders that the digits and separators can mean. None: no date.
    date_orders valid = 0;             ///< Those of them that are a day of the calendar.
    char separator = ' ';
    bool has_year = false;
    std::chrono::nanoseconds time_of_day{0};
    std::optional<std::chrono::minutes> zone{}; ///< Where the line tells it.
    time_precision precision = time_precision::none;
};

/// 1 to 12, for the name or the abbreviation of a month, with or without its dot, in many languages and charsets. Its
/// number may stand behind it.
std::optional<unsigned> month_of(std::string_view word);

/// `10:15`, `9:5`, `10:15:03`, `10:15:03.25`, `24:00`; with AM or PM behind it where that is asked for.
enum class clock_form : std::uint8_t { hours_24, hours_12_or_24 };
bool read_time_of_day(std::string_view word, listed_time& time, clock_form form = clock_form::hours_24);

/// `2026-11-20`, `11-20-26`, `20.11.2026`, `11/20/126`: three numbers, with the same separator between them.
bool read_number_date(std::string_view word, listed_time& time);
/// Three numbers in the order year, month, day.
bool read_year_first_date(std::string_view word, listed_time& time);
/// `20-NOV-2026`, `Nov-20-2026`.
bool read_named_date(std::string_view word, listed_time& time);
/// `Nov 20`, from two words.
bool set_month_and_day(std::string_view month, std::string_view day, listed_time& time);
/// Tells the orders that the numbers may stand in. Returns whether they are a day in any of them.
bool set_shape(listed_time& time, date_orders shape);
/// Adds the year to a date that has a month and a day.
bool set_year(std::string_view word, listed_time& time);

/// Seconds since 1970.
std::optional<file_time> moment_of_epoch(std::string_view word);

/// Takes the date that `ls` in any language writes, and what follows it of time and zone. If there is none, nothing is
/// taken.
bool take_date(std::string_view& text, listed_time& time);

/// Counts what the dates of a listing can mean, and then tells the order that suits most of them.
class order_finder {
public:
    explicit order_finder(const listing_context& context) noexcept : context_(context) {}

    void count(listing_style style, const listed_time& time);

    struct answer {
        std::optional<file_time> time{};
        bool certain = true;
    };
    [[nodiscard]] answer resolve(listing_style style, const listed_time& time) const;

private:
    struct tally {
        std::size_t impossible = 0;
        std::size_t in_the_future = 0;
    };
    struct group {
        listing_style style{};
        char separator{};
        std::array<tally, order_count> orders{};
    };
    static auto is_of(listing_style style, char separator) noexcept
    {
        return [style, separator](const group& g) { return g.style == style && g.separator == separator; };
    }
    [[nodiscard]] std::optional<file_time> time_in(date_order order, const listed_time& time) const;

    const listing_context& context_;
    std::vector<group> groups_{}; // one for each style and separator: few
};

} // namespace libftp::listing
