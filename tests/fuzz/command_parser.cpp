// A command line is its verb, one space and its argument, and the letter case of the verb does not matter.
#include "fuzzing.hpp"

#include <libftp/protocol/command_parser.hpp>
#include <libftp/protocol/glob.hpp>
#include <libftp/protocol/list_argument.hpp>
#include <libftp/protocol/listing_format.hpp>
#include <libftp/store/store_path.hpp>

#include <cctype>

namespace libftp::fuzz {

namespace {

void check_path(const store_path& path)
{
    const auto& text = path.string();
    require(text.starts_with('/') && (path.is_root() || !text.ends_with('/')), "a path is absolute and normal");
    require(text.size() <= store_path::max_bytes, "a path is bounded");
    require(text.find_first_of(std::string_view{"\r\n\0", 3}) == std::string::npos, "a path holds no CR, LF or NUL");
    for (const auto* odd : {"//", "/./", "/../"})
        require((text + "/").find(odd) == std::string::npos || path.is_root(), "a path leads nowhere else");
    require(path.parent().contains(path), "a path lies in its parent");
    require(holds(path.resolve(text), path), "a path resolves to itself");
}

} // namespace

void run(std::string_view input)
{
    const std::string line{input};
    const auto read = parse_command(line);
    auto joined = std::string{read.name};
    if (line.find(' ') != std::string::npos)
        joined.append(" ").append(read.argument);
    require(joined == line, "no byte of a command is lost");
    std::string lower = line;
    std::ranges::transform(lower, lower.begin(),
                           [](char byte) { return static_cast<char>(std::tolower(static_cast<unsigned char>(byte))); });
    require(parse_command(lower).row == read.row, "verbs have no letter case");
    require(is_foreign_protocol(line) == is_foreign_protocol(lower), "foreign words have no letter case");
    require(read.row == nullptr || !is_foreign_protocol(read.name), "no verb is a word of another protocol");

    const auto listed = parse_list_argument(read.argument);
    require(read.argument.ends_with(listed.path), "the path of LIST is the end of its argument");
    const auto facts = parse_fact_choices(read.argument);
    require(parse_fact_choices(format_fact_names(facts)) == facts, "facts are read back");

    store_path here;
    for (const auto argument : {listed.path, read.argument}) {
        if (const auto path = here.resolve(argument)) {
            check_path(*path);
            here = *path;
        }
    }
    if (!is_glob(read.argument) && read.argument.find('\\') == std::string_view::npos)
        require(glob_matches(read.argument, read.argument), "a plain name fits itself");
    (void)glob_matches(read.name, read.argument);
    (void)glob_matches(read.argument, read.name);
}

} // namespace libftp::fuzz
