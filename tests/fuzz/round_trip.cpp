// What this library writes it reads back: entries of listings, facts, replies, addresses, URLs, times and quoted paths,
// made of an input's bytes.
#include "fuzzing.hpp"

#include <libftp/protocol/address_codec.hpp>
#include <libftp/protocol/listing_format.hpp>
#include <libftp/protocol/listing_parser.hpp>
#include <libftp/protocol/reply_parser.hpp>
#include <libftp/protocol/timestamp.hpp>
#include <libftp/protocol/url.hpp>

#include "../../libftp/src/session/client_replies.hpp"

#include <chrono>

namespace libftp::fuzz {

namespace {

using namespace std::chrono_literals;
constexpr file_time now = std::chrono::sys_days{std::chrono::November / 20 / 2026} + 12h;

file_info make_info(choices& choice)
{
    constexpr std::array types{file_type::file, file_type::directory, file_type::symbolic_link};
    file_info info{.type = types[choice.byte() % types.size()]};
    info.size = choice.number() >> choice.byte() % 64U;
    // The years that a file_time can hold and a listing shows with four digits.
    const auto seconds = std::chrono::seconds{choice.number() % 9'000'000'000U} - 9'000'000'000s / 2;
    info.modified = file_time{seconds};
    info.mode = static_cast<std::uint32_t>(choice.number() & 07777U);
    info.owner = choice.text();
    info.group = choice.text();
    info.link_target = choice.text();
    info.name = choice.rest();
    return info;
}

/// Names that a client takes from a listing.
bool is_component(std::string_view name)
{
    return name != "." && name != ".." && std::ranges::all_of(name, [](char byte) {
               return static_cast<unsigned char>(byte) >= ' ' && byte != '\x7f';
           });
}

void list_and_parse(const file_info& info)
{
    std::string line;
    append_unix_line(line, info, now);
    const auto listing = parse_listing(line, {.now = now, .hint = listing_style::unix_ls});
    require(listing.entries.size() + listing.refused.size() <= 1, "a line is one entry");
    // Where a name begins or ends with a space, or a link's holds an arrow, a line of a listing says less than facts
    // do.
    const bool has_arrow = (info.name + info.link_target).find(" -> ") != std::string::npos;
    if (info.name.starts_with(' ') || info.name.ends_with(' ') || has_arrow)
        return;
    if (!is_component(info.name))
        return require(listing.entries.empty(), "a name that is no path component is refused");
    require(listing.entries.size() == 1, "our own line is read");
    const auto& read = listing.entries.front();
    require(read.name == info.name && read.type == info.type, "name and type are read back from a line");
    require(read.size == info.size && read.mode == info.mode, "size and mode are read back from a line");
    const bool has_time = *info.modified <= now && now - *info.modified < 180 * 24h;
    const auto told = has_time ? file_time{std::chrono::floor<std::chrono::minutes>(*info.modified)}
                               : file_time{std::chrono::floor<std::chrono::days>(*info.modified)};
    require(read.modified && (has_time ? *read.modified == told : true), "a time is read back from a line");
}

void tell_and_parse(const file_info& info)
{
    std::string line;
    append_facts(line, info, fact_set::all(), permissions::full(), info.name);
    const auto read = parse_facts_line(line);
    require(read.has_value(), "our own facts are read");
    require(read->name == info.name && read->type == info.type, "name and type are read back from facts");
    require(read->size == info.size || info.is_directory(), "a size is read back from facts");
    require(read->modified == info.modified && read->mode == info.mode, "time and mode are read back from facts");
    if (is_component(info.name)) {
        const auto listing = parse_listing(line, {.now = now});
        require(listing.entries.size() == 1 && listing.entries.front().name == info.name, "MLSD names what is there");
    }
}

void reply_and_parse(std::string_view text)
{
    std::string wire;
    append_first_line(wire, reply_code::help, text);
    append_inner_line(wire, text);
    append_bare_line(wire, text);
    append_reply(wire, reply_code::help, text);
    reply_parser parser{{.max_line_bytes = 1 << 20}};
    std::string_view input = wire;
    require(parser.read(input) == reply_parser::status::complete && input.empty(), "whatever it says, it is one reply");
    require(parser.value().lines.size() == 4, "whatever a line says, it is one line");
}

void quote_and_parse(std::string_view path)
{
    std::string quoted = "\"";
    for (const char byte : path)
        quoted.append(byte == '"' ? 2 : 1, byte);
    const auto read = parse_working_directory({.code = 257, .lines = {quoted + "\" is the current directory."}});
    const bool can_be_sent =
        !path.empty() && path.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos;
    require(can_be_sent ? read && *read == path : !read, "a quoted path is read back");
}

void address_and_parse(choices choice)
{
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes)
        byte = choice.byte();
    const auto port = static_cast<std::uint16_t>(choice.number() | 1U);
    const endpoint v4{ip_address{std::array{bytes[0], bytes[1], bytes[2], bytes[3]}}, port};
    const endpoint v6{ip_address{bytes}, port};
    require(holds(parse_host_port(format_host_port(v4)), v4), "PORT is read back");
    require(holds(parse_passive_reply(format_host_port(v4)), v4), "227 is read back");
    for (const auto& where : {v4, v6})
        require(holds(parse_extended_port(format_extended_port(where)), where), "EPRT is read back");
    require(holds(parse_extended_passive_reply(format_extended_passive(port)), port), "229 is read back");
}

void show_and_parse(choices choice)
{
    const auto is_plain = [](std::string_view text) {
        return std::ranges::none_of(text,
                                    [](char byte) { return static_cast<unsigned char>(byte) < ' ' || byte == '\x7f'; });
    };
    ftp_url url{.port = static_cast<std::uint16_t>(choice.number() | 1U)};
    url.scheme = static_cast<ftp_scheme>(choice.byte() % 3);
    url.host = choice.text();
    url.user = choice.text();
    url.path = choice.rest();
    if (url.host.empty() || url.host.find_first_of(":?#") != std::string::npos || !is_plain(url.host) ||
        !is_plain(url.user) || !is_plain(url.path))
        return;
    const auto read = parse_ftp_url(format_ftp_url(url));
    require(read && read->scheme == url.scheme && read->host == url.host && read->port == url.port &&
                read->user == url.user && read->path == url.path,
            "a URL is read back");
}

} // namespace

void run(std::string_view input)
{
    choices choice{input};
    const auto info = make_info(choice);
    if (is_listable_name(info.name) && info.name.find('/') == std::string::npos) {
        list_and_parse(info);
        tell_and_parse(info);
    }
    require(holds(parse_timestamp(format_timestamp(*info.modified)), *info.modified), "a time is read back");
    reply_and_parse(info.name);
    quote_and_parse(info.name);
    address_and_parse(choices{input});
    show_and_parse(choices{input});
}

} // namespace libftp::fuzz
