// Commands, replies, addresses and paths, each by itself.
#include "operation.hpp"

#include <libftp/endpoint.hpp>
#include <libftp/protocol/address_codec.hpp>
#include <libftp/protocol/command_parser.hpp>
#include <libftp/protocol/glob.hpp>
#include <libftp/protocol/line_reader.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/protocol/reply_parser.hpp>
#include <libftp/store/store_path.hpp>

#include <array>
#include <memory>
#include <string>

namespace libftp::bench {

namespace {

const endpoint somewhere{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 1}}, 50004};

/// An operation that needs nothing but its input.
template <class Work>
operation plain(std::string_view name, Work work)
{
    return {.name = name, .prepare = [work] { return std::function<void()>{work}; }};
}

/// 32 commands as a client sends them without waiting for replies.
std::function<void()> read_burst()
{
    std::string burst;
    for (int i = 0; i < 32; ++i)
        burst += "RETR pub/small-" + std::to_string(1000 + i) + ".txt\r\n";
    return [burst, reader = std::make_shared<line_reader>(4096)] {
        std::string_view input = burst;
        while (reader->read(input) == line_reader::status::line)
            keep(reader->line());
    };
}

std::function<void()> format_replies()
{
    return [out = std::make_shared<std::string>()] {
        out->clear();
        append_reply(*out, reply_code::passive_mode, "Entering Passive Mode (192,0,2,1,195,84).");
        keep(*out);
    };
}

std::function<void()> parse_replies(std::string_view text)
{
    return [text, parser = std::make_shared<reply_parser>()] {
        std::string_view input = text;
        while (parser->read(input) == reply_parser::status::complete)
            keep(parser->value());
    };
}

} // namespace

std::vector<operation> protocol_operations()
{
    return {
        plain("parse_command", [] { keep(parse_command("RETR pub/libftp-0.1.0.tar.gz")); }),
        {.name = "read_32_lines", .prepare = read_burst},
        {.name = "format_reply", .prepare = format_replies},
        {.name = "parse_reply", .prepare = [] { return parse_replies("226 Transfer complete.\r\n"); }},
        {.name = "parse_reply_of_8_lines",
         .prepare =
             [] {
                 return parse_replies("211-Features:\r\n EPSV\r\n MDTM\r\n MLST type*;size*;modify*;perm*;\r\n"
                                      " REST STREAM\r\n SIZE\r\n UTF8\r\n211 End.\r\n");
             }},
        plain("parse_host_port", [] { keep(parse_host_port("192,0,2,1,195,84")); }),
        plain("format_host_port", [] { keep(format_host_port(somewhere)); }),
        plain("parse_extended_port", [] { keep(parse_extended_port("|2|2001:db8::7|50004|")); }),
        plain("format_extended_port", [] { keep(format_extended_port(somewhere)); }),
        plain("parse_passive_reply", [] { keep(parse_passive_reply("Entering Passive Mode (192,0,2,1,195,84).")); }),
        plain("parse_extended_passive_reply",
              [] { keep(parse_extended_passive_reply("Entering Extended Passive Mode (|||50004|)")); }),
        plain("format_extended_passive", [] { keep(format_extended_passive(50004)); }),
        plain("resolve_path",
              [from = *store_path{}.resolve("/home/ann/projects")] { keep(from.resolve("../music/./album/01.flac")); }),
        plain("resolve_short_path", [] { keep(store_path{}.resolve("a.txt")); }),
        plain("match_pattern", [] { keep(glob_matches("lib*-[0-9].?.tar.gz", "libftp-0.1.tar.gz")); }),
    };
}

} // namespace libftp::bench
