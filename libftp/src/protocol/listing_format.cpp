// Writes the lines of directory listings straight into the buffer that is sent.
#include <libftp/protocol/listing_format.hpp>

#include "ascii.hpp"
#include "civil_time.hpp"
#include "line_writer.hpp"

#include <libftp/protocol/media_type.hpp>

#include <algorithm>
#include <array>
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
void put_date(line_writer& line, file_time time, file_time now)
{
    using namespace std::chrono;
    static constexpr seconds half_a_year = seconds{years{1}} / 2;
    // In seconds, because the difference of two file_times can be more than one holds.
    const auto moment = floor<seconds>(time);
    const auto age = floor<seconds>(now) - moment;
    const auto day = floor<days>(moment);
    const year_month_day date{day};

    line.put(month_names[static_cast<unsigned>(date.month()) - 1]);
    line.put(' ');
    line.put_right(static_cast<unsigned>(date.day()), 2);
    line.put(' ');
    if (age >= seconds{0} && age < half_a_year) {
        const auto minute = static_cast<unsigned>(floor<minutes>(moment - day).count());
        line.put_two_digits(minute / 60);
        line.put(':');
        line.put_two_digits(minute % 60);
    } else {
        line.put_right(static_cast<unsigned>(static_cast<int>(date.year())), 5); // 1677 to 2262
    }
}

/// Bytes that a fact takes beside its value.
constexpr std::size_t fact_frame_bytes = 16;

void put_fact(line_writer& line, fact f, std::string_view value)
{
    line.put(name_of(f));
    line.put('=');
    line.put(value);
    line.put(';');
}

std::string_view type_value(file_type type) noexcept
{
    switch (type) {
    case file_type::file: break;
    case file_type::directory: return "dir";
    case file_type::current_directory: return "cdir";
    case file_type::parent_directory: return "pdir";
    case file_type::symbolic_link: return "OS.unix=slink";
    case file_type::other: return "OS.unix=other";
    }
    return "file";
}

void put_type(line_writer& line, const file_info& info)
{
    line.put(name_of(fact::type));
    line.put('=');
    line.put(type_value(info.type));
    if (info.type == file_type::symbolic_link && is_fact_value(info.link_target)) {
        line.put(':');
        line.put(info.link_target);
    }
    line.put(';');
}

void put_time(line_writer& line, fact f, file_time time)
{
    line.put(name_of(f));
    line.put('=');
    put_timestamp(line, time);
    line.put(';');
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

/// The root stays where it is.
constexpr std::array<perm_letter, 5> root_perms{{{'c', permission::write},
                                                 {'e', permission::none},
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
    if (info.is_directory() && info.name.empty())
        return root_perms;
    if (info.is_directory())
        return directory_perms;
    if (info.type == file_type::other)
        return other_perms;
    return file_perms;
}

void put_perm(line_writer& line, const file_info& info, permissions allowed)
{
    line.put(name_of(fact::perm));
    line.put('=');
    for (const auto& [letter, needed] : perms_of(info)) {
        if (allowed.allows(needed))
            line.put(letter);
    }
    line.put(';');
}

void put_mode(line_writer& line, std::uint32_t mode)
{
    line.put(name_of(fact::unix_mode));
    line.put('=');
    for (int shift = 9; shift >= 0; shift -= 3)
        line.put(static_cast<char>('0' + (mode >> shift & 7U)));
    line.put(';');
}

} // namespace

bool is_listable_name(std::string_view name) noexcept
{
    const auto breaks_line = [](char byte) { return byte == '\r' || byte == '\n' || byte == '\0'; };
    return !name.empty() && std::none_of(name.begin(), name.end(), breaks_line);
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
    static constexpr std::string_view arrow = " -> ";
    static constexpr std::size_t columns_bytes = 96; // Those of a fixed width, numbers as long as they can become.
    const std::string_view owner = is_column(info.owner) ? info.owner : unknown;
    const std::string_view group = is_column(info.group) ? info.group : unknown;
    const bool shows_target = info.type == file_type::symbolic_link && is_listable_name(info.link_target);
    const std::string_view behind = shows_target ? std::string_view{info.link_target} : mark;

    line_writer line{out, columns_bytes + owner.size() + group.size() + info.name.size() + behind.size()};
    const auto mode = mode_text(info);
    line.put({mode.data(), mode.size()});
    line.put(' ');
    line.put_right(info.links, 3);
    line.put(' ');
    line.put_left(owner, 8);
    line.put(' ');
    line.put_left(group, 8);
    line.put(' ');
    // By a link's size a reader finds the arrow that parts name and target, should these hold one.
    line.put_right(info.size.value_or(shows_target ? info.link_target.size() : 0), 8);
    line.put(' ');
    put_date(line, info.modified.value_or(file_time{}), now);
    line.put(' ');
    line.put(info.name);
    if (shows_target)
        line.put(arrow);
    line.put(behind);
    line.put("\r\n");
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
        const auto name = ascii::take_until(text, ';');
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
    const bool shows_media_type = facts.has(fact::media_type) && info.type == file_type::file;
    const std::string_view media_type = !shows_media_type                ? std::string_view{}
                                        : is_fact_value(info.media_type) ? info.media_type
                                                                         : guess_media_type(info.name);
    static constexpr std::size_t short_values_bytes = 96; // Of type, size, modify, create, perm and UNIX.mode.
    line_writer line{out, fact_names.size() * fact_frame_bytes + short_values_bytes + info.link_target.size() +
                              info.unique.size() + media_type.size() + info.owner.size() + info.group.size() +
                              name.size()};
    if (facts.has(fact::type))
        put_type(line, info);
    // What a directory's own size would be differs from one file system to the next.
    if (facts.has(fact::size) && info.size && !info.is_directory()) {
        line.put(name_of(fact::size));
        line.put('=');
        line.put_number(*info.size);
        line.put(';');
    }
    if (facts.has(fact::modify) && info.modified)
        put_time(line, fact::modify, *info.modified);
    if (facts.has(fact::create) && info.created)
        put_time(line, fact::create, *info.created);
    if (facts.has(fact::perm))
        put_perm(line, info, allowed);
    if (facts.has(fact::unique) && is_fact_value(info.unique))
        put_fact(line, fact::unique, info.unique);
    if (shows_media_type)
        put_fact(line, fact::media_type, media_type);
    if (facts.has(fact::unix_mode) && info.mode)
        put_mode(line, *info.mode);
    if (facts.has(fact::unix_owner) && is_fact_value(info.owner))
        put_fact(line, fact::unix_owner, info.owner);
    if (facts.has(fact::unix_group) && is_fact_value(info.group))
        put_fact(line, fact::unix_group, info.group);
    line.put(' ');
    line.put(name);
}

} // namespace libftp
