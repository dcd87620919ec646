// Takes the columns of long listings, of which any may be missing, run into the next or be several words.
#include "listing_columns.hpp"

#include <span>

namespace libftp::listing {

namespace {

constexpr std::size_t max_columns = 24; // owners and groups may be several words

/// What the column in front of the date tells of the size.
struct size_column {
    std::optional<std::uint64_t> bytes{};
    bool is_rounded = false;
    std::size_t words = 1;     ///< How many columns it takes.
    std::string_view joined{}; ///< What a long size has run into.
};

/// A date with a size before it.
struct found_date {
    std::size_t columns = 0; ///< Before it.
    size_column size{};
    listed_time time{};
    std::string_view date{};   ///< With what is behind it.
    std::string_view behind{}; ///< What is behind it.
};

/// `33.5k`: of 1024 each.
std::optional<size_column> read_scaled_size(std::string_view word)
{
    static constexpr std::string_view units = "KMGTPE";
    const auto unit = units.find(word.empty() ? '?' : ascii::to_upper(word.back()));
    if (unit == npos)
        return std::nullopt;
    auto rest = word.substr(0, word.size() - 1);
    const auto whole = short_number(ascii::take_until(rest, '.'), 6);
    const auto tenths = rest.empty() ? std::optional{0U} : short_number(rest, 1);
    if (!whole || !tenths)
        return std::nullopt;
    const auto scale = std::uint64_t{1} << (10 * (unit + 1));
    if (*whole > UINT64_MAX / scale - 1)
        return std::nullopt;
    return size_column{*whole * scale + *tenths * scale / 10, true};
}

std::optional<size_column> read_size(std::span<const std::string_view> columns, file_type type)
{
    const auto word = columns.back();
    if (is_number(word)) {
        // A device has two numbers in place of a size: `8, 0`, or `8,0` where they are long.
        if (type == file_type::other && columns.size() > 1 && columns[columns.size() - 2].ends_with(','))
            return size_column{.words = 2};
        const auto bytes = ascii::parse_number<std::uint64_t>(word);
        return bytes ? std::optional{size_column{bytes}} : std::nullopt;
    }
    const auto comma = word.find(',');
    if (comma != npos && type != file_type::other) {
        if (const auto bytes = read_grouped_size(word))
            return size_column{bytes};
    }
    if (comma != npos && is_number(word.substr(0, comma)) && is_number(word.substr(comma + 1)))
        return size_column{};
    // Some servers count in 32 bits with a sign.
    if (word.starts_with('-') && is_number(word.substr(1)))
        return size_column{};
    if (const auto scaled = read_scaled_size(word))
        return scaled;
    // A name that begins with a digit is hardly one: rather a size that has letters by mistake.
    if (ascii::is_digit(word.front()))
        return std::nullopt;
    const auto letters = word.find_last_not_of("0123456789");
    const auto digits = word.substr(letters + 1);
    if (digits.empty() || !(ascii::is_letter(word[letters]) || is_high(word[letters])))
        return std::nullopt;
    return size_column{ascii::parse_number<std::uint64_t>(digits), false, 1, word.substr(0, letters + 1)};
}

/// Where the widest gap of two or more blanks begins, the first of such.
std::size_t find_widest_gap(std::string_view text) noexcept
{
    std::size_t widest = npos;
    std::size_t width = 1;
    for (auto begin = find_blank(text); begin != npos;) {
        const auto end = std::min(find_nonblank(text, begin), text.size());
        if (end - begin > width) {
            widest = begin;
            width = end - begin;
        }
        begin = find_blank(text, end);
    }
    return widest;
}

/// Whether it counts only if nothing better is behind it: a size that has run into a name, or is none, and a date of
/// digits alone, may be owner and group, such as `2 1.2` before a size of 1664.
bool is_doubtful(const found_date& found) noexcept
{
    const auto first = find_nonblank(found.date);
    return !found.size.joined.empty() ||
           (found.time.precision == time_precision::day && ascii::is_digit(found.date[first]));
}

/// Owner and group, each of which may be several words.
void take_names(file_info& info, std::span<const std::string_view> names)
{
    if (names.empty())
        return;
    const auto* const end = names.back().data() + names.back().size();
    const std::string_view text{names.front().data(), static_cast<std::size_t>(end - names.front().data())};
    auto split = names.size() == 2 ? npos : find_widest_gap(text);
    if (split == npos)
        split = find_blank(text);
    info.owner = text.substr(0, split);
    if (split != npos)
        info.group = ascii::trimmed(text.substr(split));
}

} // namespace

std::optional<std::string_view> take_columns_and_date(std::string_view& text, row& r, date_taker take,
                                                      std::size_t columns_without_meaning)
{
    std::array<std::string_view, max_columns> columns{};
    std::optional<found_date> found;
    for (std::size_t count = 0;; ++count) {
        if (const auto size = count < 2 ? std::nullopt : read_size(std::span{columns}.first(count), r.entry.type)) {
            found_date here{.columns = count, .size = *size, .time = r.time, .date = text, .behind = text};
            if (take(here.behind, here.time)) {
                const bool is_sure = !is_doubtful(here);
                // Of two that are doubtful, the one behind links, owner and group: `2 0 0 2048 8月 15 2025` has a size.
                if (is_sure || !found || (found->columns == 3 && count == 4))
                    found = here;
                if (is_sure)
                    break;
            }
        }
        const auto word = take_word(text);
        if (word.empty() || count == max_columns)
            break;
        columns[count] = word;
    }
    if (!found)
        return std::nullopt;
    auto& size = found->size;
    text = found->behind;
    r.time = found->time;
    r.entry.size = size.bytes;
    r.entry.size_is_rounded = size.is_rounded;
    if (!size.joined.empty()) {
        r.entry.confidence = confidence::medium;
        columns[found->columns - 1] = size.joined;
        size.words = 0;
    }

    auto names = std::span{columns}.first(found->columns - size.words);
    names = names.subspan(std::min(columns_without_meaning, names.size()));
    if (!names.empty() && (names.size() > 1 || r.entry.style == listing_style::unix_ls)) {
        if (const auto links = ascii::parse_number<std::uint32_t>(names.front())) {
            r.entry.links = *links;
            names = names.subspan(1);
        }
    }
    take_names(r.entry, names);
    return found->date.substr(0, found->date.size() - text.size());
}

bool take_name(std::string_view text, row& r)
{
    if (text.size() < 2 || !is_blank(text.front()))
        return false;
    text.remove_prefix(1);
    const auto padding = std::min(text.find_first_not_of(' '), text.size());
    if (r.time.precision == time_precision::day && r.time.separator != ' ' && padding < text.size()) {
        // `--time-style=iso` pads a day to the width of a time; others write the day alone, in wider columns.
        text.remove_prefix(r.time.separator == '-' ? std::min<std::size_t>(padding, 1) : padding);
    }
    r.entry.name = text;
    r.may_be_padded = true;
    return true;
}

} // namespace libftp::listing
