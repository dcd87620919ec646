// Prints entries and refused lines as JSON, and keeps the bytes of names that JSON cannot hold.
#include "parse_list.hpp"

#include "terminal.hpp"

#include <libftp/protocol/json_text.hpp>

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

namespace {

std::string_view to_string(libftp::file_type type)
{
    switch (type) {
    case libftp::file_type::file: return "file";
    case libftp::file_type::directory:
    case libftp::file_type::current_directory:
    case libftp::file_type::parent_directory: return "directory";
    case libftp::file_type::symbolic_link: return "symbolic_link";
    case libftp::file_type::other: break;
    }
    return "other";
}

/// RFC 3339, with as many digits as the listing had; where it had no more than a day, that day.
std::string format_time(libftp::file_time time, libftp::time_precision precision, std::chrono::minutes server_zone)
{
    using libftp::time_precision;
    const auto digits = libftp::format_timestamp(precision == time_precision::day ? time + server_zone : time);
    const std::string_view d = digits;
    auto text = fmt::format("{}-{}-{}", d.substr(0, 4), d.substr(4, 2), d.substr(6, 2));
    if (precision == time_precision::day)
        return text;
    text += fmt::format("T{}:{}", d.substr(8, 2), d.substr(10, 2));
    if (precision != time_precision::minute)
        text += fmt::format(":{}", d.substr(12, 2));
    if (precision == time_precision::fraction) {
        const auto fraction = time - std::chrono::floor<std::chrono::seconds>(time);
        text += fmt::format(".{:09}", std::chrono::nanoseconds{fraction}.count());
    }
    return text + "Z";
}

/// A text, and its bytes where they are not UTF-8.
void add_text(libftp::json_object& object, const std::string& key, std::string_view bytes)
{
    object.text(key, bytes);
    if (!libftp::is_utf8(bytes))
        object.hexadecimal(key + "_bytes", bytes);
}

void add_known_text(libftp::json_object& object, const std::string& key, std::string_view bytes)
{
    if (!bytes.empty())
        add_text(object, key, bytes);
}

std::string to_json(const libftp::listed_entry& entry, std::chrono::minutes server_zone)
{
    libftp::json_object object;
    add_text(object, "name", entry.name);
    object.text("type", to_string(entry.type));
    if (entry.size)
        object.number("size", *entry.size);
    if (entry.size_is_rounded)
        object.yes("size_is_rounded");
    if (entry.modified)
        object.text("modified", format_time(*entry.modified, entry.precision, server_zone));
    object.text("precision", to_string(entry.precision));
    if (entry.mode)
        object.text("mode", fmt::format("{:04o}", *entry.mode));
    add_known_text(object, "owner", entry.owner);
    add_known_text(object, "group", entry.group);
    if (entry.links != 1)
        object.number("links", entry.links);
    add_known_text(object, "link_target", entry.link_target);
    add_known_text(object, "unique", entry.unique);
    if (entry.version)
        object.number("version", *entry.version);
    object.text("style", to_string(entry.style));
    object.text("confidence", to_string(entry.confidence));
    add_text(object, "raw", entry.raw);
    return object.to_string();
}

std::string to_json(const libftp::refused_line& line)
{
    libftp::json_object object;
    add_text(object, "refused", line.raw);
    object.text("reason", to_string(line.reason));
    return object.to_string();
}

} // namespace

std::string parsed_as_json(std::string_view listing, const libftp::listing_context& context)
{
    const auto parsed = libftp::parse_listing(listing, context);
    std::string text;
    for (const auto& entry : parsed.entries)
        text.append(to_json(entry, context.time_zone)).push_back('\n');
    for (const auto& line : parsed.refused)
        text.append(to_json(line)).push_back('\n');
    return text;
}

int parse_list(const parse_list_options& options)
{
    std::ifstream file;
    if (!options.file.empty())
        file.open(options.file, std::ios::binary);
    std::istream& input = options.file.empty() ? std::cin : file;
    const std::string listing{std::istreambuf_iterator<char>{input}, {}};
    if (!input.eof() && input.fail()) {
        terminal::complain("The listing cannot be read: " + options.file);
        return 1;
    }
    std::cout << parsed_as_json(listing, options.context) << std::flush;
    return std::cout ? 0 : 1;
}
