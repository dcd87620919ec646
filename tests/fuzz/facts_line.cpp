// A line of MLSD: its name is all behind the first space, and what is known of it is written and read back.
#include "fuzzing.hpp"

#include <libftp/protocol/listing_format.hpp>
#include <libftp/protocol/listing_parser.hpp>

namespace libftp::fuzz {

void run(std::string_view input)
{
    const std::string line{input};
    const auto read = parse_facts_line(line);
    if (!read)
        return;
    require(line.ends_with(" " + read->name), "the name is the end of the line");
    require(read->style == listing_style::facts, "facts are facts");
    require((read->precision == time_precision::none) == !read->modified, "a time has its precision");
    require(!read->mode || *read->mode <= 07777, "a mode has twelve bits");
    if (!is_listable_name(read->name))
        return;

    std::string written;
    append_facts(written, *read, fact_set::all(), permissions::full(), read->name);
    const auto again = parse_facts_line(written);
    require(again.has_value(), "our own facts are read");
    require(again->name == read->name && again->type == read->type, "name and type are read back");
    require(again->size == read->size || read->is_directory(), "the size is read back");
    require(again->mode == read->mode, "the mode is read back");
    std::string third;
    append_facts(third, *again, fact_set::all(), permissions::full(), again->name);
    require(third == written, "facts are written the same from what was read of them");
}

} // namespace libftp::fuzz
