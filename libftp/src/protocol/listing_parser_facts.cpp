// Reads the lines of MLSD and MLST (RFC 3659 7), and those of EPLF, which are facts and a name too.
#include "listing_lines.hpp"

#include <libftp/error.hpp>

namespace libftp {

namespace {

using ascii::equal_ignoring_case;

/// Whether a line begins with a fact. A Unix line always has a space before any equals sign.
bool begins_with_fact(std::string_view line) noexcept
{
    const auto end = line.find_first_of("= ;");
    return end != listing::npos && end != 0 && line[end] == '=';
}

/// `type=file name`: early drafts had no semicolon behind the last fact. Looks at no more than that fact, as this is
/// asked of each.
bool has_draft_form(std::string_view line) noexcept
{
    if (!ascii::starts_with_ignoring_case(line, "type="))
        return false;
    const auto value = line.substr(5, 5);
    const auto word = value.substr(0, value.find(' '));
    return word.size() < value.size() && (equal_ignoring_case(word, "file") || equal_ignoring_case(word, "dir") ||
                                          equal_ignoring_case(word, "cdir") || equal_ignoring_case(word, "pdir"));
}

void take_type(file_info& info, std::string_view value)
{
    const auto colon = value.find(':');
    const auto kind = value.substr(0, colon);
    if (equal_ignoring_case(value, "file"))
        info.type = file_type::file;
    else if (equal_ignoring_case(value, "dir"))
        info.type = file_type::directory;
    else if (equal_ignoring_case(value, "cdir"))
        info.type = file_type::current_directory;
    else if (equal_ignoring_case(value, "pdir"))
        info.type = file_type::parent_directory;
    else if (equal_ignoring_case(kind, "OS.unix=slink") || equal_ignoring_case(kind, "OS.unix=symlink")) {
        info.type = file_type::symbolic_link;
        if (colon != listing::npos)
            info.link_target = value.substr(colon + 1);
    } else {
        info.type = file_type::other;
    }
}

void take_modified(listed_entry& entry, std::string_view value)
{
    if (const auto time = parse_timestamp(value)) {
        entry.modified = *time;
        entry.precision = value.find('.') == listing::npos ? time_precision::second : time_precision::fraction;
    }
}

void take_fact(listed_entry& entry, std::string_view name, std::string_view value)
{
    if (equal_ignoring_case(name, "type")) {
        take_type(entry, value);
    } else if (equal_ignoring_case(name, "size")) {
        entry.size = ascii::parse_number<std::uint64_t>(value);
    } else if (equal_ignoring_case(name, "modify")) {
        take_modified(entry, value);
    } else if (equal_ignoring_case(name, "create")) {
        if (const auto time = parse_timestamp(value))
            entry.created = *time;
    } else if (equal_ignoring_case(name, "unique")) {
        entry.unique = value;
    } else if (equal_ignoring_case(name, "media-type")) {
        entry.media_type = value;
    } else if (equal_ignoring_case(name, "UNIX.mode")) {
        // Some servers add the bits of the file's type.
        if (const auto mode = ascii::parse_number<std::uint32_t>(value, 8))
            entry.mode = *mode & 07777U;
    } else if (equal_ignoring_case(name, "UNIX.ownername")) {
        entry.owner = value;
    } else if (equal_ignoring_case(name, "UNIX.groupname")) {
        entry.group = value;
    } else if (equal_ignoring_case(name, "UNIX.owner") || equal_ignoring_case(name, "UNIX.uid")) {
        if (entry.owner.empty())
            entry.owner = value;
    } else if (equal_ignoring_case(name, "UNIX.group") || equal_ignoring_case(name, "UNIX.gid")) {
        if (entry.group.empty())
            entry.group = value;
    }
}

} // namespace

result<listed_entry> parse_facts_line(std::string_view line)
{
    listed_entry entry;
    entry.raw = line;
    entry.style = listing_style::facts;
    while (!line.starts_with(' ')) {
        // A value has no space, but some servers put a link's target there as it is: only `; ` ends the facts.
        const auto equals = line.find('=');
        const auto end = line.find(';');
        if (!begins_with_fact(line) || end == listing::npos || has_draft_form(line))
            return protocol_errc::listing_malformed;
        take_fact(entry, line.substr(0, equals), line.substr(equals + 1, end - equals - 1));
        line.remove_prefix(end + 1);
    }
    entry.name = line.substr(1);
    if (entry.name.empty())
        return protocol_errc::listing_malformed;
    return entry;
}

namespace listing {

std::optional<row> read_facts(std::string_view line, const surroundings& around)
{
    // One server puts blanks before its first line; without facts nothing begins so.
    const bool is_indented = line.starts_with(' ') && !around.in_bare_names;
    if (is_indented)
        take_blanks(line);
    if (!begins_with_fact(line))
        return std::nullopt;
    auto parsed = parse_facts_line(line);
    const auto end = line.find(";\t");
    if (!parsed && end != npos) {
        // One server puts a tab in place of the space.
        std::string mended{line};
        mended[end + 1] = ' ';
        parsed = parse_facts_line(mended);
    }
    if (!parsed && !is_indented && has_draft_form(line)) {
        std::string mended{line};
        mended.insert(mended.find(' '), 1, ';');
        parsed = parse_facts_line(mended);
        if (parsed)
            parsed->confidence = confidence::medium;
    }
    if (!parsed)
        return std::nullopt;
    if (is_indented)
        parsed->confidence = confidence::medium;
    return row{.entry = std::move(*parsed)};
}

/// `+i8388621.29609,m824255902,/,<TAB>name`
std::optional<row> read_eplf(std::string_view line, const surroundings& /*around*/)
{
    const auto tab = line.find('\t');
    if (!line.starts_with('+') || tab == npos || tab + 1 == line.size())
        return std::nullopt;
    auto r = make_row(listing_style::eplf, line.substr(tab + 1));
    r.entry.type = file_type::other;
    auto facts = line.substr(1, tab - 1);
    if (facts.find(' ') != npos)
        return std::nullopt;
    while (!facts.empty()) {
        const auto fact = ascii::take_until(facts, ',');
        if (fact.empty())
            continue;
        const auto value = fact.substr(1);
        if (fact == "/") {
            r.entry.type = file_type::directory;
        } else if (fact == "r") {
            r.entry.type = file_type::file;
        } else if (fact.front() == 's') {
            r.entry.size = ascii::parse_number<std::uint64_t>(value);
        } else if (fact.front() == 'm') {
            r.time.moment = moment_of_epoch(value);
        } else if (fact.front() == 'i') {
            r.entry.unique = value;
        } else if (fact.starts_with("up")) {
            if (const auto mode = ascii::parse_number<std::uint32_t>(fact.substr(2), 8))
                r.entry.mode = *mode & 07777U;
        } else if (!ascii::is_letter(fact.front())) {
            return std::nullopt;
        }
    }
    if (r.time.moment)
        r.time.precision = time_precision::second;
    return r;
}

} // namespace listing

} // namespace libftp
