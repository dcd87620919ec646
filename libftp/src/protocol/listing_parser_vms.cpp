// Reads the listings of VMS servers: MultiNet, UCX, TCPware, MadGoat, CMU and others, wrapped or not.
#include "listing_lines.hpp"

namespace libftp::listing {

namespace {

constexpr std::uint64_t block_bytes = 512;

bool is_of_file_name(char byte) noexcept
{
    return !is_blank(byte) && byte != ';' && byte != '<' && byte != '>' && byte != '"' && byte != '*';
}

struct file_specification {
    std::string_view name{};
    std::optional<std::uint32_t> version{};
};

/// `[DIR]NAME.TXT;3`: a directory in front is left out.
std::optional<file_specification> read_specification(std::string_view word)
{
    if (word.starts_with('[')) {
        const auto end = word.find(']');
        if (end == npos)
            return std::nullopt;
        word.remove_prefix(end + 1);
    }
    const auto semicolon = word.find(';');
    file_specification found{.name = word.substr(0, semicolon)};
    if (!is_all(found.name, is_of_file_name))
        return std::nullopt;
    if (semicolon != npos) {
        found.version = ascii::parse_number<std::uint32_t>(word.substr(semicolon + 1));
        if (!found.version)
            return std::nullopt;
    }
    return found;
}

/// `4`, `4/6`, `2KB`, `1.5MB` or, where the column is too narrow, `******`.
bool read_size(std::string_view word, listed_entry& entry)
{
    if (is_all(word, [](char byte) { return byte == '*'; }))
        return true;
    auto rest = word;
    const auto used = ascii::take_until(rest, '/');
    if (is_number(used) && (rest.empty() || is_number(rest))) {
        const auto blocks = ascii::parse_number<std::uint64_t>(used);
        if (blocks && *blocks <= UINT64_MAX / block_bytes) {
            entry.size = *blocks * block_bytes;
            entry.size_is_rounded = true;
        }
        return true;
    }
    if (word.size() < 3 || ascii::to_upper(word.back()) != 'B')
        return false;
    static constexpr std::string_view units = "KMGT";
    const auto unit = units.find(ascii::to_upper(word[word.size() - 2]));
    auto digits = word.substr(0, word.size() - 2);
    const auto whole = short_number(ascii::take_until(digits, '.'), 6);
    const auto fraction = short_number(digits.substr(0, 1), 1);
    if (unit == npos || !whole)
        return false;
    const auto scale = std::uint64_t{1} << (10 * (unit + 1));
    entry.size = *whole * scale + fraction.value_or(0) * scale / 10;
    entry.size_is_rounded = true;
    return true;
}

bool is_protection(std::string_view word) noexcept
{
    return word.size() > 2 && word.starts_with('(') && word.ends_with(')') &&
           word.find_first_not_of("RWEDrwed,", 1) == word.size() - 1;
}

/// Takes `[GROUP,OWNER]`, which may hold blanks, and which some servers cut.
void take_owner(std::string_view& text, std::string_view word, file_info& info)
{
    auto names = word.substr(1);
    if (!word.ends_with(']')) {
        const auto end = text.find_first_of("]()");
        if (end != npos && text[end] == ']') {
            names = {names.data(), static_cast<std::size_t>(text.data() + end - names.data())};
            text.remove_prefix(end + 1);
        }
    } else {
        names.remove_suffix(1);
    }
    const auto comma = names.find(',');
    if (comma == npos) {
        info.owner = names;
    } else {
        info.group = names.substr(0, comma);
        info.owner = names.substr(comma + 1);
    }
}

/// Whether a word without brackets can be an owner: a number alone is rather a time that was cut.
bool is_bare_owner(std::string_view word) noexcept
{
    const auto is_of_owner = [](char byte) {
        return ascii::is_letter(byte) || ascii::is_digit(byte) || byte == '_' || byte == '$';
    };
    return is_all(word, is_of_owner) && std::any_of(word.begin(), word.end(), ascii::is_letter) &&
           !ascii::equal_ignoring_case(word, "AM") && !ascii::equal_ignoring_case(word, "PM");
}

/// Size, date, owner and protection, in the order that the server likes. A date is needed, and no more than one.
bool read_columns(std::string_view text, row& r)
{
    bool has_size = false;
    bool has_owner = false;
    bool has_protection = false;
    for (auto word = take_word(text); !word.empty(); word = take_word(text)) {
        if (r.time.shape == 0 && read_named_date(word, r.time)) {
            auto behind = text;
            if (read_time_of_day(take_word(behind), r.time))
                text = behind;
        } else if (!has_size && read_size(word, r.entry)) {
            has_size = true;
        } else if (!has_owner && word.starts_with('[')) {
            take_owner(text, word, r.entry);
            has_owner = true;
        } else if (!has_protection && is_protection(word)) {
            has_protection = true;
        } else if (!has_owner && r.time.shape != 0 && is_bare_owner(word)) {
            r.entry.owner = word; // UCX leaves the brackets out
            has_owner = true;
        } else {
            return false;
        }
    }
    return r.time.shape != 0 && (has_size || has_protection);
}

/// Name, type and version.
std::optional<row> read_name(std::string_view word)
{
    static constexpr std::string_view directory_type = ".DIR";
    const auto specification = read_specification(word);
    if (!specification)
        return std::nullopt;
    auto r = make_row(listing_style::vms, specification->name);
    r.entry.version = specification->version;
    auto& name = r.entry.name;
    if (name.size() > directory_type.size() &&
        ascii::equal_ignoring_case(std::string_view{name}.substr(name.size() - directory_type.size()),
                                   directory_type)) {
        r.entry.type = file_type::directory;
        name.resize(name.size() - directory_type.size());
    }
    return r;
}

std::optional<row> read_entry(std::string_view name_word, std::string_view columns)
{
    auto r = read_name(name_word);
    if (!r || !read_columns(columns, *r))
        return std::nullopt;
    // Without a version only what is certainly a VMS line is read.
    return r->entry.version || columns.find(')') != npos ? std::move(r) : std::nullopt;
}

std::string_view behind_name(std::string_view line) noexcept
{
    take_word(line);
    take_blanks(line);
    return line;
}

} // namespace

std::optional<row> read_vms(std::string_view line, const surroundings& around)
{
    if (line.empty() || is_blank(line.front()))
        return std::nullopt;
    auto columns = line;
    const auto name = take_word(columns);
    if (ascii::trimmed(columns).empty())
        return std::nullopt;
    auto r = read_entry(name, columns);
    if (r && !r->entry.version && !around.in_vms && around.hint != listing_style::vms)
        r->entry.confidence = confidence::medium;
    return r;
}

bool is_wrapped_vms_name(std::string_view line)
{
    if (line.empty() || is_blank(line.front()))
        return false;
    const auto word = take_word(line);
    const auto specification = read_specification(word);
    return specification && specification->version && ascii::trimmed(line).empty();
}

std::optional<row> read_wrapped_vms(std::string_view name, std::string_view columns, const surroundings& around)
{
    const auto word = take_word(name);
    if (!columns.empty())
        return read_entry(word, columns);
    // A brief listing has names alone; elsewhere a semicolon does not make a VMS file.
    if (!around.in_vms && around.hint != listing_style::vms)
        return std::nullopt;
    auto r = read_name(word);
    if (r)
        r->entry.confidence = confidence::low;
    return r;
}

bool is_vms_error(std::string_view line)
{
    take_blanks(line);
    const auto is_error = [](std::string_view text) {
        if (text.starts_with('<'))
            text.remove_prefix(1);
        return text.starts_with("%RMS-") || text.starts_with("%SYSTEM-") ||
               ascii::starts_with_ignoring_case(text, "insufficient privilege") ||
               ascii::starts_with_ignoring_case(text, "no privilege for");
    };
    return is_error(line) || is_error(behind_name(line));
}

bool is_empty_vms_directory(std::string_view line)
{
    return is_vms_error(line) && (line.find("-FNF,") != npos || line.find("-NMF,") != npos);
}

bool is_vms_heading(std::string_view line)
{
    auto text = line;
    auto place = take_word(text);
    if (place == "Directory")
        place = take_word(text);
    if (!ascii::trimmed(text).empty() || place.size() < 4)
        return false;
    const auto colon = place.find(':');
    const auto is_of_device = [](char byte) {
        return ascii::is_letter(byte) || ascii::is_digit(byte) || byte == '$' || byte == '_' || byte == '-';
    };
    // A device alone has a dollar sign, so that it is no heading of `ls -R`.
    return colon != npos && is_all(place.substr(0, colon), is_of_device) &&
           ((place.substr(colon + 1).starts_with('[') && place.ends_with(']')) ||
            (colon + 1 == place.size() && place.find('$') != npos));
}

} // namespace libftp::listing
