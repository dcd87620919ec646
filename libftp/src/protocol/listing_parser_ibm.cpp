// Reads the listings of IBM i (OS/400) and of z/VM.
#include "listing_lines.hpp"

namespace libftp::listing {

namespace {

std::optional<file_type> type_of_object(std::string_view word) noexcept
{
    for (const std::string_view directory : {"*DIR", "*DDIR", "*LIB", "*FLR"}) {
        if (word == directory)
            return file_type::directory;
    }
    for (const std::string_view file : {"*FILE", "*MEM", "*STMF", "*DSTMF", "*DOC"}) {
        if (word == file)
            return file_type::file;
    }
    if (word == "*SYMLNK")
        return file_type::symbolic_link;
    return word.size() > 2 && word.size() <= 10 && is_all(word.substr(1), is_upper) ? std::optional{file_type::other}
                                                                                    : std::nullopt;
}

/// The time of IBM i has the separator that the server's job has.
bool read_job_time(std::string_view word, listed_time& time)
{
    std::string colons{word.substr(0, 9)};
    for (char& byte : colons) {
        if (byte == '.' || byte == ',')
            byte = ':';
    }
    return colons.size() == 8 && read_time_of_day(colons, time);
}

bool is_record_format(std::string_view word) noexcept
{
    return word == "F" || word == "V";
}

/// `A1`
bool is_minidisk(std::string_view word) noexcept
{
    return word.size() == 2 && is_upper(word[0]) && ascii::is_digit(word[1]);
}

} // namespace

/// `OWNER           77824 02/23/00 15:09:55 *DIR       name/`, where owner, size and time may be missing.
std::optional<row> read_os400(std::string_view line, const surroundings& /*around*/)
{
    static constexpr std::size_t name_column = 51; // of those servers that keep to the columns
    std::array<std::string_view, 4> columns{};
    std::size_t count = 0;
    auto text = line;
    auto word = take_word(text);
    for (; !word.empty() && !word.starts_with('*'); word = take_word(text)) {
        if (count == columns.size())
            return std::nullopt;
        columns[count++] = word;
    }
    const auto type = word.starts_with('*') ? type_of_object(word) : std::nullopt;
    if (!type || count == 2)
        return std::nullopt;
    auto r = make_row(listing_style::os400);
    r.entry.type = *type;
    if (count != 3)
        r.entry.owner = columns[0];
    if (count >= 3) {
        r.entry.size = ascii::parse_number<std::uint64_t>(columns[count - 3]);
        if (!r.entry.size || !read_number_date(columns[count - 2], r.time) ||
            !read_job_time(columns[count - 1], r.time))
            return std::nullopt;
    }

    const auto end_of_type = static_cast<std::size_t>(text.data() - line.data());
    if (line.size() > name_column && end_of_type < name_column &&
        is_all(line.substr(end_of_type, name_column - end_of_type), is_blank) && end_of_type >= name_column - 10)
        text = line.substr(name_column);
    else
        take_blanks(text);
    if (text.ends_with('/')) {
        text.remove_suffix(1);
        r.entry.type = file_type::directory;
    }
    if (text.empty())
        return std::nullopt;
    r.entry.name = text; // a path in front of it is for the whole listing to tell
    return r;
}

/// `NAME  TYPE  V  65  107  2 2005-10-04 15:28:42 060191`, perhaps with the minidisk behind the type, and with
/// `9/16/91`.
std::optional<row> read_zvm(std::string_view line, const surroundings& /*around*/)
{
    if (line.empty() || is_blank(line.front()))
        return std::nullopt;
    const word_list words{line};
    std::size_t format = 1;
    while (format < 4 && !(is_record_format(words[format]) && is_number(words[format + 1])) &&
           !(words[format] == "DIR" && words[format + 1] == "-"))
        ++format;
    if (format == 4 || words.count < format + 6 || words.count > format + 7)
        return std::nullopt;
    const bool is_directory = words[format] == "DIR";
    for (std::size_t i = format + 1; i <= format + 3; ++i) {
        if (is_directory ? words[i] != "-" : !is_number(words[i]))
            return std::nullopt;
    }

    auto r = make_row(listing_style::zvm, words[0]);
    // A directory has no type.
    const std::size_t names = is_directory ? 1 : 2;
    if (format != names && !(format == names + 1 && is_minidisk(words[names])))
        return std::nullopt;
    if (!read_number_date(words[format + 4], r.time) || !read_time_of_day(words[format + 5], r.time) ||
        words[0].size() + (is_directory ? 0 : words[1].size()) > 16)
        return std::nullopt;
    if (is_directory) {
        r.entry.type = file_type::directory;
    } else {
        r.entry.name.append(".").append(words[1]);
        // Records of one length, or the longest of them.
        const auto length = ascii::parse_number<std::uint32_t>(words[format + 1]);
        const auto records = ascii::parse_number<std::uint32_t>(words[format + 2]);
        if (length && records)
            r.entry.size = std::uint64_t{*length} * *records;
        r.entry.size_is_rounded = words[format] == "V";
    }
    if (const auto owner = words[format + 6]; owner != "-")
        r.entry.owner = owner;
    return r;
}

} // namespace libftp::listing
