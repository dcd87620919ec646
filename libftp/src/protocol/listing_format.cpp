// Writes the lines of directory listings straight into the buffer that is sent.
#include <libftp/protocol/listing_format.hpp>

#include "ascii.hpp"
#include "civil_time.hpp"

#include <libftp/protocol/media_type.hpp>

#include <fmt/compile.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace libftp {

namespace {

/// In the order of the enumerators, which is that of every line.
constexpr std::array<std::string_view, 10> fact_names{"type",   "size",       "modify",    "create",     "perm",
                                                      "unique", "media-type", "UNIX.mode", "UNIX.owner", "UNIX.group"};

constexpr std::string_view name_of(fact f) noexcept
{
    return fact_names[static_cast<std::size_t>(f)];
}

/// Whether the text can stand between the spaces of a Unix line.
bool is_column(std::string_view text) noexcept
{
    const auto parts_columns = [](char byte) { return static_cast<unsigned char>(byte) <= ' ' || byte == '\x7f'; };
    return !text.empty() && std::none_of(text.begin(), text.end(), parts_columns);
}

/// Whether the text can be a fact's value (RFC 3659 7.2).
bool is_fact_value(std::string_view text) noexcept
{
    return is_column(text) && text.find(';') == std::string_view::npos;
}

char type_letter(file_type type) noexcept
{
    switch (type) {
    case file_type::file: return '-';
    case file_type::directory:
    case file_type::current_directory:
    case file_type::parent_directory: return 'd';
    case file_type::symbolic_link: return 'l';
    case file_type::other: break;
    }
    // Which of its kind is not known; a device would need a column more.
    return 's';
}

std::uint32_t default_mode(const file_info& info) noexcept
{
    if (info.is_directory())
        return 0755;
    return info.type == file_type::symbolic_link ? 0777 : 0644;
}

std::array<char, 10> mode_text(const file_info& info) noexcept
{
    static constexpr std::string_view letters = "rwxrwxrwx";
    const auto mode = info.mode.value_or(default_mode(info));
    std::array<char, 10> text{type_letter(info.type)};
    for (std::size_t i = 0; i < letters.size(); ++i)
        text[i + 1] = (mode & 0400U >> i) != 0 ? letters[i] : '-';

    // The three special bits share a letter with the x that they go with; a capital says that there is no x.
    const auto mark = [&text, mode](std::uint32_t bit, std::size_t position, char with_x, char without_x) {
        if ((mode & bit) != 0)
            text[position] = text[position] == 'x' ? with_x : without_x;
    };
    mark(04000, 3, 's', 'S');
    mark(02000, 6, 's', 'S');
    mark(01000, 9, 't', 'T');
    return text;
}

/// `Nov 20 11:30`, or `Nov 20  2024` for what is older than half a year or lies in the future.
void append_date(std::string& out, file_time time, file_time now)
{
    using namespace std::chrono;
    static constexpr seconds half_a_year = seconds{years{1}} / 2;
    // In seconds, because the difference of two file_times can be more than one holds.
    const auto moment = floor<seconds>(time);
    const auto age = floor<seconds>(now) - moment;
    const auto day = floor<days>(moment);
    const year_month_day date{day};

    const auto to = std::back_inserter(out);
    fmt::format_to(to, FMT_COMPILE("{} {:>2} "), month_names[static_cast<unsigned>(date.month()) - 1],
                   static_cast<unsigned>(date.day()));
    if (age >= seconds{0} && age < half_a_year) {
        const hh_mm_ss time_of_day{moment - day};
        fmt::format_to(to, FMT_COMPILE("{:02}:{:02}"), time_of_day.hours().count(), time_of_day.minutes().count());
    } else {
        fmt::format_to(to, FMT_COMPILE("{:>5}"), static_cast<int>(date.year()));
    }
}

void append_fact(std::string& out, fact f, std::string_view value)
{
    out.append(name_of(f)).append("=").append(value).append(";");
}

void append_type(std::string& out, const file_info& info)
{
    std::string_view value = "file";
    switch (info.type) {
    case file_type::file: break;
    case file_type::directory: value = "dir"; break;
    case file_type::current_directory: value = "cdir"; break;
    case file_type::parent_directory: value = "pdir"; break;
    case file_type::symbolic_link: value = "OS.unix=slink"; break;
    case file_type::other: value = "OS.unix=other"; break;
    }
    append_fact(out, fact::type, value);
    if (info.type == file_type::symbolic_link && is_fact_value(info.link_target)) {
        out.back() = ':';
        out.append(info.link_target).append(";");
    }
}

struct perm_letter {
    char letter;
    permission needed;
};

/// What may be done with a directory and in it (RFC 3659 7.5.5).
constexpr std::array<perm_letter, 7> directory_perms{{{'c', permission::write},
                                                      {'d', permission::remove_directory},
                                                      {'e', permission::none},
                                                      {'f', permission::rename},
                                                      {'l', permission::list},
                                                      {'m', permission::make},
                                                      {'p', permission::delete_file}}};

/// The same for files, and for links, which are mostly links to files.
constexpr std::array<perm_letter, 5> file_perms{{{'a', permission::append},
                                                 {'d', permission::delete_file},
                                                 {'f', permission::rename},
                                                 {'r', permission::read},
                                                 {'w', permission::write}}};

/// A device cannot be transferred.
constexpr std::array<perm_letter, 2> other_perms{{{'d', permission::delete_file}, {'f', permission::rename}}};

std::span<const perm_letter> perms_of(const file_info& info) noexcept
{
    if (info.is_directory())
        return directory_perms;
    if (info.type == file_type::other)
        return other_perms;
    return file_perms;
}

void append_perm(std::string& out, const file_info& info, permissions allowed)
{
    append_fact(out, fact::perm, "");
    out.pop_back();
    for (const auto& [letter, needed] : perms_of(info)) {
        if (allowed.allows(needed))
            out.push_back(letter);
    }
    out.push_back(';');
}

} // namespace

bool is_listable_name(std::string_view name) noexcept
{
    return !name.empty() && name.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
}

std::string_view type_mark(const file_info& info) noexcept
{
    if (info.is_directory())
        return "/";
    if (info.type == file_type::symbolic_link)
        return "@";
    const bool is_program = info.type == file_type::file && (info.mode.value_or(0) & 0111U) != 0;
    return is_program ? "*" : "";
}

void append_unix_line(std::string& out, const file_info& info, file_time now, std::string_view mark)
{
    static constexpr std::string_view unknown = "ftp";
    const auto mode = mode_text(info);
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("{} {:>3} {:<8} {:<8} {:>8} "),
                   std::string_view{mode.data(), mode.size()}, info.links, is_column(info.owner) ? info.owner : unknown,
                   is_column(info.group) ? info.group : unknown, info.size.value_or(0));
    append_date(out, info.modified.value_or(file_time{}), now);
    out.append(" ").append(info.name);
    if (info.type == file_type::symbolic_link && is_listable_name(info.link_target))
        out.append(" -> ").append(info.link_target);
    else
        out.append(mark);
    out.append("\r\n");
}

std::string format_fact_choices(fact_set chosen)
{
    std::string text;
    for (std::size_t i = 0; i < fact_names.size(); ++i)
        text.append(fact_names[i]).append(chosen.has(static_cast<fact>(i)) ? "*;" : ";");
    return text;
}

fact_set parse_fact_choices(std::string_view text)
{
    fact_set chosen;
    while (!text.empty()) {
        const auto name = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(name.size() + 1, text.size()));
        for (std::size_t i = 0; i < fact_names.size(); ++i) {
            if (ascii::equal_ignoring_case(name, fact_names[i]))
                chosen.insert(static_cast<fact>(i));
        }
    }
    return chosen;
}

std::string format_fact_names(fact_set chosen)
{
    std::string text;
    for (std::size_t i = 0; i < fact_names.size(); ++i) {
        if (chosen.has(static_cast<fact>(i)))
            text.append(fact_names[i]).append(";");
    }
    return text;
}

void append_facts(std::string& out, const file_info& info, fact_set facts, permissions allowed, std::string_view name)
{
    if (facts.has(fact::type))
        append_type(out, info);
    // What a directory's own size would be differs from one file system to the next.
    if (facts.has(fact::size) && info.size && !info.is_directory()) {
        const fmt::format_int size{*info.size};
        append_fact(out, fact::size, {size.data(), size.size()});
    }
    if (facts.has(fact::modify) && info.modified)
        append_fact(out, fact::modify, format_timestamp(*info.modified));
    if (facts.has(fact::create) && info.created)
        append_fact(out, fact::create, format_timestamp(*info.created));
    if (facts.has(fact::perm))
        append_perm(out, info, allowed);
    if (facts.has(fact::unique) && is_fact_value(info.unique))
        append_fact(out, fact::unique, info.unique);
    if (facts.has(fact::media_type) && info.type == file_type::file)
        append_fact(out, fact::media_type,
                    is_fact_value(info.media_type) ? info.media_type : guess_media_type(info.name));
    if (facts.has(fact::unix_mode) && info.mode)
        fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}={:04o};"), name_of(fact::unix_mode),
                       *info.mode & 07777U);
    if (facts.has(fact::unix_owner) && is_fact_value(info.owner))
        append_fact(out, fact::unix_owner, info.owner);
    if (facts.has(fact::unix_group) && is_fact_value(info.group))
        append_fact(out, fact::unix_group, info.group);
    out.append(" ").append(name);
}

} // namespace libftp
