// Whatever a server lists: names are path components, limits hold, and line ends and memory do not matter.
#include "fuzzing.hpp"

#include <libftp/protocol/listing_parser.hpp>

#include <chrono>

namespace libftp::fuzz {

namespace {

void check(const listed_entry& entry, std::string_view text)
{
    const std::string_view name = entry.name;
    require(!name.empty() && name != "." && name != "..", "a name is one");
    require(name.find('/') == std::string_view::npos, "a name has no separator");
    for (const char byte : name)
        require(static_cast<unsigned char>(byte) >= ' ' && byte != '\x7f', "a name holds no control byte");
    require(!entry.raw.empty() && entry.raw.size() <= text.size(), "an entry is made of lines of the listing");
    const bool keeps_name = entry.style == listing_style::unix_ls || entry.style == listing_style::dos ||
                            entry.style == listing_style::eplf || entry.style == listing_style::facts;
    require(!keeps_name || entry.raw.find(name) != std::string::npos, "a name stands in its line");
    require((entry.precision == time_precision::none) == !entry.modified, "a time has its precision");
    require(!entry.mode || *entry.mode <= 07777, "a mode has twelve bits");
    require(!to_string(entry.style).empty() && !to_string(entry.precision).empty() &&
                !to_string(entry.confidence).empty(),
            "what is told has words");
}

bool are_equal(const parsed_listing& a, const parsed_listing& b)
{
    return a.is_cut_off == b.is_cut_off &&
           std::ranges::equal(a.entries, b.entries,
                              [](const listed_entry& x, const listed_entry& y) {
                                  return static_cast<const file_info&>(x) == y && x.raw == y.raw &&
                                         x.style == y.style && x.precision == y.precision &&
                                         x.confidence == y.confidence && x.version == y.version &&
                                         x.size_is_rounded == y.size_is_rounded;
                              }) &&
           std::ranges::equal(a.refused, b.refused, [](const refused_line& x, const refused_line& y) {
               return x.raw == y.raw && x.reason == y.reason;
           });
}

} // namespace

void run(std::string_view input)
{
    using namespace std::chrono;
    choices choice{input};
    constexpr auto styles = static_cast<unsigned>(listing_style::other) + 1;
    listing_context context{.now = sys_days{November / 20 / 2026} + 12h};
    const unsigned first = choice.byte();
    if (first % (styles + 1) != 0)
        context.hint = static_cast<listing_style>(first % (styles + 1) - 1);
    const std::string text{choice.rest()};

    const auto listing = parse_listing(text, context);
    for (const auto& entry : listing.entries)
        check(entry, text);
    for (const auto& line : listing.refused)
        require(!to_string(line.reason).empty(), "a refusal has words");

    std::string with_crlf;
    for (const char byte : text)
        with_crlf.append(byte == '\n' ? 1 : 0, '\r').push_back(byte);
    require(are_equal(parse_listing(with_crlf, context), listing), "CRLF and LF end a line alike");

    context.max_entries = first % 5;
    const auto few = parse_listing(text, context);
    require(few.entries.size() + few.refused.size() <= context.max_entries + 1, "entries are bounded");
    (void)listing_style_of_system(text);
}

} // namespace libftp::fuzz
