// The rows of the command table, and how one is found.
#include <libftp/protocol/command_table.hpp>

#include "ascii.hpp"

#include <algorithm>
#include <array>

namespace libftp {

namespace {

using enum argument_rule;
using enum login_rule;
using enum transfer_rule;
using enum support;
using p = permission;

// The columns are those of command_row.
// clang-format off
constexpr std::array rows{
    command_row{"ABOR", verb::abor, none, not_needed, p::none, answered, "", "Stop the transfer in progress."},
    command_row{"ACCT", verb::acct, required, not_needed, p::none, waits, "account", "Name an account to charge.", "", recognized},
    command_row{"ALLO", verb::allo, required, needed, p::none, waits, "size [R record-size]", "Announce the size of an upload."},
    command_row{"APPE", verb::appe, required, needed, p::append, waits, "pathname", "Upload to the end of a file."},
    command_row{"CDUP", verb::cdup, none, needed, p::none, waits, "", "Change to the parent directory."},
    command_row{"CWD", verb::cwd, required, needed, p::none, waits, "pathname", "Change the working directory.", "TVFS"},
    command_row{"DELE", verb::dele, required, needed, p::remove, waits, "pathname", "Delete a file."},
    command_row{"EPRT", verb::eprt, required, needed, p::none, waits, "|family|address|port|", "Name the client's data port.", "EPRT"},
    command_row{"EPSV", verb::epsv, optional, needed, p::none, waits, "[family|ALL]", "Listen on a data port.", "EPSV"},
    command_row{"FEAT", verb::feat, none, not_needed, p::none, waits, "", "List the extensions of this server."},
    command_row{"HELP", verb::help, optional, not_needed, p::none, waits, "[command]", "Explain a command, or list all."},
    command_row{"LIST", verb::list, optional, needed, p::list, waits, "[pathname]", "List a directory for people."},
    command_row{"MDTM", verb::mdtm, required, needed, p::list, waits, "pathname", "Tell when a file was modified.", "MDTM"},
    command_row{"MKD", verb::mkd, required, needed, p::make, waits, "pathname", "Create a directory."},
    command_row{"MLSD", verb::mlsd, optional, needed, p::list, waits, "[pathname]", "List a directory for programs."},
    command_row{"MLST", verb::mlst, optional, needed, p::list, waits, "[pathname]", "Tell the facts of one file.", "MLST"},
    command_row{"MODE", verb::mode, required, needed, p::none, waits, "mode", "Set the transfer mode."},
    command_row{"NLST", verb::nlst, optional, needed, p::list, waits, "[pathname]", "List the names in a directory."},
    command_row{"NOOP", verb::noop, optional, not_needed, p::none, answered, "", "Do nothing."},
    command_row{"OPTS", verb::opts, required, not_needed, p::none, waits, "command [options]", "Set the options of a command.", "UTF8"},
    command_row{"PASS", verb::pass, optional, not_needed, p::none, waits, "password", "Log in."},
    command_row{"PASV", verb::pasv, none, needed, p::none, waits, "", "Listen on a data port (IPv4)."},
    command_row{"PORT", verb::port, required, needed, p::none, waits, "h1,h2,h3,h4,p1,p2", "Name the client's data port (IPv4)."},
    command_row{"PWD", verb::pwd, none, needed, p::none, waits, "", "Tell the working directory."},
    command_row{"QUIT", verb::quit, none, not_needed, p::none, answered, "", "Close the connection."},
    command_row{"REIN", verb::rein, none, not_needed, p::none, waits, "", "Log out and begin anew."},
    command_row{"REST", verb::rest, required, needed, p::none, waits, "offset", "Begin the next transfer at an offset.", "REST STREAM"},
    command_row{"RETR", verb::retr, required, needed, p::read, waits, "pathname", "Download a file."},
    command_row{"RMD", verb::rmd, required, needed, p::remove, waits, "pathname", "Remove a directory."},
    command_row{"RNFR", verb::rnfr, required, needed, p::rename, waits, "pathname", "Name the file to rename."},
    command_row{"RNTO", verb::rnto, required, needed, p::rename, waits, "pathname", "Rename it to this name."},
    command_row{"SITE", verb::site, required, needed, p::none, waits, "command", "Run a command of this site.", "", recognized},
    command_row{"SIZE", verb::size, required, needed, p::list, waits, "pathname", "Tell the size of a file.", "SIZE"},
    command_row{"SMNT", verb::smnt, required, needed, p::none, waits, "pathname", "Mount a file system.", "", recognized},
    command_row{"STAT", verb::stat, optional, needed, p::none, answered, "", "Tell the state of the session, and of a transfer."},
    command_row{"STOR", verb::stor, required, needed, p::write, waits, "pathname", "Upload a file."},
    command_row{"STOU", verb::stou, none, needed, p::write, waits, "", "Upload a file under a new name.", "", recognized},
    command_row{"STRU", verb::stru, required, needed, p::none, waits, "structure", "Set the file structure."},
    command_row{"SYST", verb::syst, none, not_needed, p::none, waits, "", "Tell the type of system."},
    command_row{"TYPE", verb::type, required, needed, p::none, waits, "type [form]", "Set the representation type."},
    command_row{"USER", verb::user, required, not_needed, p::none, waits, "name", "Name the user to log in."},
    command_row{"XCUP", verb::cdup, none, needed, p::none, waits, "", "Same as CDUP."},
    command_row{"XCWD", verb::cwd, required, needed, p::none, waits, "pathname", "Same as CWD."},
    command_row{"XMKD", verb::mkd, required, needed, p::make, waits, "pathname", "Same as MKD."},
    command_row{"XPWD", verb::pwd, none, needed, p::none, waits, "", "Same as PWD."},
    command_row{"XRMD", verb::rmd, required, needed, p::remove, waits, "pathname", "Same as RMD."},
};
// clang-format on

constexpr std::size_t longest_text = 4;

constexpr bool is_too_long(const command_row& row)
{
    return row.text.size() > longest_text;
}
static_assert(std::none_of(rows.begin(), rows.end(), is_too_long));

constexpr bool is_out_of_order(const command_row& row, const command_row& next)
{
    return row.text >= next.text;
}
static_assert(std::adjacent_find(rows.begin(), rows.end(), is_out_of_order) == rows.end());

} // namespace

std::span<const command_row> command_table() noexcept
{
    return rows;
}

const command_row* find_command(std::string_view text) noexcept
{
    if (text.size() > longest_text)
        return nullptr;
    std::array<char, longest_text> letters{};
    std::transform(text.begin(), text.end(), letters.begin(), ascii::to_upper);
    const std::string_view wanted{letters.data(), text.size()};

    const auto row = std::lower_bound(rows.begin(), rows.end(), wanted,
                                      [](const command_row& r, std::string_view t) { return r.text < t; });
    return row != rows.end() && row->text == wanted ? &*row : nullptr;
}

} // namespace libftp
