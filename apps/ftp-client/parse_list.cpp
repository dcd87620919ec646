// Prints entries and refused lines as JSON.
#include "parse_list.hpp"

#include "entry_json.hpp"
#include "reporter.hpp"
#include "terminal.hpp"
#include "user_files.hpp"

#include <libftp/protocol/json_text.hpp>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <system_error>

namespace {

std::string to_json(const libftp::listed_entry& entry, std::chrono::minutes server_zone)
{
    libftp::json_object object;
    add_entry(object, entry, server_zone);
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

libftp::result<std::string> read_standard_input()
{
    std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
    if (std::ferror(stdin) != 0)
        return std::make_error_code(std::errc::io_error);
    return text;
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
    const auto listing = options.file.empty() ? read_standard_input() : read_text(options.file);
    if (!listing) {
        terminal::complain("The listing cannot be read" + (options.file.empty() ? "." : ": " + options.file));
        return static_cast<int>(cause::local);
    }
    std::cout << parsed_as_json(*listing, options.context) << std::flush;
    if (std::cout)
        return 0;
    terminal::complain("The entries cannot be written to standard output.");
    return static_cast<int>(cause::local);
}
