// What is read as an address is one, and is read the same when it is written again.
#include "fuzzing.hpp"

#include <libftp/protocol/address_codec.hpp>
#include <libftp/protocol/timestamp.hpp>

namespace libftp::fuzz {

void run(std::string_view input)
{
    const std::string text{input};
    if (const auto where = parse_host_port(text)) {
        require(where->address.family() == address_family::ipv4, "PORT is for IPv4");
        require(holds(parse_host_port(format_host_port(*where)), *where), "PORT is read back");
        require(holds(parse_passive_reply(text), *where), "227 may hold what PORT may");
    }
    if (const auto where = parse_passive_reply(text)) {
        require(holds(parse_host_port(format_host_port(*where)), *where), "227 is read back");
        require(holds(parse_passive_reply("Entering Passive Mode (" + format_host_port(*where) + ")."), *where),
                "227 is read in our own words");
    }
    if (const auto where = parse_extended_port(text)) {
        require(where->port != 0, "EPRT names a port");
        require(holds(parse_extended_port(format_extended_port(*where)), *where), "EPRT is read back");
    }
    if (const auto port = parse_extended_passive_reply(text)) {
        require(*port != 0, "229 names a port");
        require(holds(parse_extended_passive_reply(format_extended_passive(*port)), *port), "229 is read back");
    }
    if (const auto address = ip_address::parse(text)) {
        require(ip_address::parse(address->to_string()) == *address, "an address is read back");
        require(address->bytes().size() == (address->family() == address_family::ipv4 ? 4U : 16U),
                "an address is whole");
    }
    if (const auto time = parse_timestamp(text)) {
        const auto again = parse_timestamp(format_timestamp(*time));
        require(again && *again == std::chrono::floor<std::chrono::seconds>(*time), "a time is read back in seconds");
    }
}

} // namespace libftp::fuzz
