// A configuration file names its faults by line, any string survives it, and every kind of value takes any text.
#include "../../apps/common/quantities.hpp"
#include "../../apps/ftp-server/option_kinds.hpp"
#include "../../apps/ftp-server/toml_reader.hpp"
#include "fuzzing.hpp"

namespace libftp::fuzz {

namespace {

void parse_as_every_kind(const std::string& value)
{
    (void)parse_port(value);
    if (const auto ports = parse_port_range(value))
        require(ports->first <= ports->last, "a range of ports has its order");
    if (const auto address = parse_address(value))
        require(parse_address(address->to_string()) == address, "an address is read back");
    (void)parse_listening_place(value);
    (void)parse_announced_address(value);
    if (const auto time = parse_time(value))
        require(*time >= std::chrono::seconds{0}, "a time is not negative");
    if (const auto bits = parse_umask(value))
        require(*bits <= 0777, "a umask has nine bits");
}

} // namespace

void run(std::string_view input)
{
    const std::string text{input};
    if (const auto entries = read_toml(text)) {
        for (const auto& entry : *entries) {
            std::string list;
            for (const auto& value : entry.values) {
                parse_as_every_kind(value);
                list.append(toml_string(value)).append(",");
            }
            const auto again = read_toml(entry.key + "=[" + list + "]");
            require(again && again->size() == 1 && again->front().values == entry.values, "strings are read back");
        }
    } else {
        const auto lines = 1 + std::ranges::count(text, '\n');
        require(entries.error().line >= 1 && entries.error().line <= static_cast<std::size_t>(lines),
                "a fault has its line");
        require(!entries.error().reason.empty(), "a fault has its reason");
    }
    const auto quoted = read_toml("key = " + toml_string(text));
    if (text.find('\0') != std::string::npos)
        require(!quoted, "no value holds a NUL");
    else
        require(quoted && quoted->size() == 1 && quoted->front().values == std::vector{text},
                "any text can be a value");
    parse_as_every_kind(text);
}

} // namespace libftp::fuzz
