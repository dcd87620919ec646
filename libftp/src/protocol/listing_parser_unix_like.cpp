// Reads the long listings that are not quite those of `ls`: of NetWare, of Connect:Enterprise, and one of numbers only.
#include "listing_columns.hpp"

namespace libftp::listing {

/// `0100644  500  101  12345  123456789  name`: mode, owner, group, size and seconds since 1970.
std::optional<row> read_numeric_unix(std::string_view line, const surroundings& /*around*/)
{
    auto text = line;
    const auto mode_word = take_word(text);
    if (mode_word.size() < 6 || mode_word.size() > 7 || !is_number(mode_word))
        return std::nullopt;
    const auto mode = ascii::parse_number<std::uint32_t>(mode_word, 8);
    const auto owner = take_word(text);
    const auto group = take_word(text);
    const auto size = ascii::parse_number<std::uint64_t>(take_word(text));
    const auto moment = moment_of_epoch(take_word(text));
    if (!mode || !is_number(owner) || !is_number(group) || !size || !moment || take_blanks(text) == 0 || text.empty())
        return std::nullopt;
    auto r = make_row(listing_style::unix_ls, {}, confidence::low);
    switch (*mode >> 12) {
    case 4: r.entry.type = file_type::directory; break;
    case 8: r.entry.type = file_type::file; break;
    case 10: r.entry.type = file_type::symbolic_link; break;
    case 1:
    case 2:
    case 6:
    case 12: r.entry.type = file_type::other; break;
    default: return std::nullopt;
    }
    r.entry.mode = *mode & 07777U;
    r.entry.owner = owner;
    r.entry.group = group;
    r.entry.size = size;
    r.time.moment = moment;
    r.time.precision = time_precision::second;
    r.entry.name = text;
    return r;
}

/// `d [R----F--] owner  512  Nov 20 10:15  name`, and with a number of links and no blank before the rights.
std::optional<row> read_netware(std::string_view line, const surroundings& /*around*/)
{
    auto text = line;
    if (!text.starts_with('d') && !text.starts_with('-'))
        return std::nullopt;
    auto r = make_row(listing_style::netware);
    r.entry.type = text.front() == 'd' ? file_type::directory : file_type::file;
    text.remove_prefix(1);
    const auto rights = take_word(text);
    if (rights.size() < 8 || rights.size() > 12 || !rights.starts_with('[') || !rights.ends_with(']') ||
        rights.find_first_not_of("RWCEMFASDPO-", 1) != rights.size() - 1)
        return std::nullopt;
    const auto date = take_columns_and_date(text, r, take_date);
    if (!date)
        return std::nullopt;
    // Some versions write all columns far apart, the name too.
    if (const auto padding = text.find_first_not_of(' '); padding != npos && padding > 1 && date->starts_with("  "))
        text.remove_prefix(padding - 1);
    return take_name(text, r) ? std::optional{std::move(r)} : std::nullopt;
}

/// `-C--E-----FTP B OWNER  7670  1294495 Nov 20 10:15 name`: Connect:Enterprise.
std::optional<row> read_connect_enterprise(std::string_view line, const surroundings& /*around*/)
{
    auto text = line;
    const auto flags = take_word(text);
    // The last three are the protocol; nothing for what the server wrote itself.
    const auto protocol = flags.substr(std::min<std::size_t>(flags.size(), 10));
    if (flags.size() != 13 || flags.front() != '-' || std::none_of(flags.begin(), flags.end(), is_upper) ||
        !(protocol == "---" || is_all(protocol, is_upper)) ||
        !is_all(flags, [](char byte) { return byte == '-' || is_upper(byte); }))
        return std::nullopt;
    auto r = make_row(listing_style::other, {}, confidence::medium);
    if (!take_columns_and_date(text, r, take_date, 1) || !take_name(text, r))
        return std::nullopt;
    return r;
}

} // namespace libftp::listing
