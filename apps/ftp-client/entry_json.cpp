// Names keep the bytes that JSON cannot hold.
#include "entry_json.hpp"

#include <fmt/format.h>

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

void add_known_text(libftp::json_object& object, const std::string& key, std::string_view bytes)
{
    if (!bytes.empty())
        add_text(object, key, bytes);
}

} // namespace

void add_text(libftp::json_object& object, const std::string& key, std::string_view bytes)
{
    object.text(key, bytes);
    if (!libftp::is_utf8(bytes))
        object.hexadecimal(key + "_bytes", bytes);
}

void add_entry(libftp::json_object& object, const libftp::listed_entry& entry, std::chrono::minutes server_zone)
{
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
}
