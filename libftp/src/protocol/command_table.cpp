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
using can = store_ability;

// The columns are those of command_row.
// clang-format off
constexpr std::array rows{
    command_row{"ABOR", verb::abor, none, not_needed, p::none, answered, "", "Stop the transfer in progress.", "RFC 959 4.1.3"},
    command_row{"ACCT", verb::acct, required, not_needed, p::none, waits, "account", "Name an account, where the login asks for one.", "RFC 959 4.1.1"},
    command_row{"ALLO", verb::allo, required, needed, p::none, waits, "size [R record-size]", "Announce the size of an upload.", "RFC 959 4.1.3"},
    command_row{"APPE", verb::appe, required, needed, p::append, waits, "pathname", "Upload to the end of a file.", "RFC 959 4.1.3"},
    command_row{"AUTH", verb::auth, required, not_needed, p::none, waits, "TLS|TLS-C|TLS-P|SSL", "Begin TLS on the control connection.", "RFC 4217 4", "AUTH TLS"},
    command_row{"AVBL", verb::avbl, optional, needed, p::list, waits, "[pathname]", "Tell how many bytes can still be stored.", "draft-peterson-streamlined-ftp 4", "AVBL", can::space},
    command_row{"CCC", verb::ccc, none, not_needed, p::none, waits, "", "End TLS on the control connection.", "RFC 4217 5", "CCC"},
    command_row{"CDUP", verb::cdup, none, needed, p::none, waits, "", "Change to the parent directory.", "RFC 959 4.1.1"},
    command_row{"CLNT", verb::clnt, required, not_needed, p::none, waits, "name", "Name the client's software.", "ncftp, pftp", "CLNT"},
    command_row{"COMB", verb::comb, required, needed, p::append, waits, "\"target\" \"part\" [\"part\" ...]", "Append files to one, and delete them.", "Serv-U", "COMB target;source_list"},
    command_row{"CPSV", verb::unserved, optional, needed, p::none, waits, "", "Has the server be the TLS client of a data connection.", "drftpd", "", can::none, recognized},
    command_row{"CSID", verb::csid, required, not_needed, p::none, waits, "name=value; ...", "Tell about both sides' software.", "draft-peterson-streamlined-ftp 2", "CSID Name; Version;"},
    command_row{"CWD", verb::cwd, required, needed, p::none, waits, "pathname", "Change the working directory.", "RFC 959 4.1.1", "TVFS"},
    command_row{"DELE", verb::dele, required, needed, p::delete_file, waits, "pathname", "Delete a file.", "RFC 959 4.1.3"},
    command_row{"DSIZ", verb::dsiz, optional, needed, p::list, waits, "[pathname]", "Tell the size of a directory with all in it.", "draft-peterson-streamlined-ftp 5", "DSIZ"},
    command_row{"EPRT", verb::eprt, required, needed, p::none, waits, "|family|address|port|", "Name the client's data port.", "RFC 2428 2", "EPRT"},
    command_row{"EPSV", verb::epsv, optional, needed, p::none, waits, "[family|ALL]", "Listen on a data port.", "RFC 2428 3", "EPSV"},
    command_row{"ESTA", verb::unserved, optional, needed, p::none, waits, "", "Asks a server for its active address.", "Pure-FTPd", "", can::none, recognized},
    command_row{"ESTP", verb::unserved, optional, needed, p::none, waits, "", "Asks a server to connect to another.", "Pure-FTPd", "", can::none, recognized},
    command_row{"FEAT", verb::feat, none, not_needed, p::none, waits, "", "List the extensions of this server.", "RFC 2389 3"},
    command_row{"HASH", verb::hash, required, needed, p::read, waits, "pathname", "Tell the digest of a file, or of the part that RANG chose.", "draft-bryan-ftpext-hash", "HASH"},
    command_row{"HELP", verb::help, optional, not_needed, p::none, waits, "[command]", "Explain a command, or list all.", "RFC 959 4.1.3"},
    command_row{"HOST", verb::host, required, not_needed, p::none, waits, "hostname", "Name the host that the client wants.", "RFC 7151", "HOST"},
    command_row{"LANG", verb::lang, optional, not_needed, p::none, waits, "[language]", "Choose the language of the replies.", "RFC 2640 4", "LANG EN*"},
    command_row{"LIST", verb::list, optional, needed, p::list, waits, "[-adlrtAFRS1] [pathname]", "List a directory for people.", "RFC 959 4.1.3"},
    command_row{"LPRT", verb::unserved, optional, needed, p::none, waits, "", "Superseded by EPRT.", "RFC 1639", "", can::none, recognized},
    command_row{"LPSV", verb::unserved, optional, needed, p::none, waits, "", "Superseded by EPSV.", "RFC 1639", "", can::none, recognized},
    command_row{"MDTM", verb::mdtm, required, needed, p::list, waits, "pathname", "Tell when a file was modified.", "RFC 3659 3", "MDTM"},
    command_row{"MFCT", verb::mfct, required, needed, p::times, waits, "YYYYMMDDHHMMSS pathname", "Set when a file was created.", "draft-somers-ftp-mfxx 4", "MFCT", can::set_created},
    command_row{"MFF", verb::mff, required, needed, p::none, waits, "fact=value;... pathname", "Set facts of a file.", "draft-somers-ftp-mfxx 5", "MFF", can::set_times},
    command_row{"MFMT", verb::mfmt, required, needed, p::times, waits, "YYYYMMDDHHMMSS pathname", "Set when a file was modified.", "draft-somers-ftp-mfxx 3", "MFMT", can::set_times},
    command_row{"MKD", verb::mkd, required, needed, p::make, waits, "pathname", "Create a directory.", "RFC 959 4.1.3"},
    command_row{"MLSD", verb::mlsd, optional, needed, p::list, waits, "[pathname]", "List a directory for programs.", "RFC 3659 7"},
    command_row{"MLST", verb::mlst, optional, needed, p::list, waits, "[pathname]", "Tell the facts of one file.", "RFC 3659 7", "MLST"},
    command_row{"MODE", verb::mode, required, needed, p::none, waits, "S|B|C|Z", "Set the transfer mode.", "RFC 959 4.1.2", "MODE Z"},
    command_row{"NLST", verb::nlst, optional, needed, p::list, waits, "[-adlrtAFRS1] [pathname]", "List the names in a directory.", "RFC 959 4.1.3"},
    command_row{"NOOP", verb::noop, optional, not_needed, p::none, answered, "", "Do nothing.", "RFC 959 4.1.3"},
    command_row{"OPTS", verb::opts, required, not_needed, p::none, waits, "command [options]", "Set the options of a command.", "RFC 2389 4", "UTF8"},
    command_row{"PASS", verb::pass, optional, not_needed, p::none, waits, "password", "Log in.", "RFC 959 4.1.1"},
    command_row{"PASV", verb::pasv, none, needed, p::none, waits, "", "Listen on a data port (IPv4).", "RFC 959 4.1.2"},
    command_row{"PBSZ", verb::pbsz, required, not_needed, p::none, waits, "0", "Agree on a buffer size, which TLS has no use for.", "RFC 4217 9", "PBSZ"},
    command_row{"PORT", verb::port, required, needed, p::none, waits, "h1,h2,h3,h4,p1,p2", "Name the client's data port (IPv4).", "RFC 959 4.1.2"},
    command_row{"PRET", verb::unserved, optional, needed, p::none, waits, "", "Announces a transfer before PASV.", "drftpd", "", can::none, recognized},
    command_row{"PROT", verb::prot, required, not_needed, p::none, waits, "C|P", "Have data connections in clear or in TLS.", "RFC 4217 9", "PROT"},
    command_row{"PWD", verb::pwd, none, needed, p::none, waits, "", "Tell the working directory.", "RFC 959 4.1.3"},
    command_row{"QUIT", verb::quit, none, not_needed, p::none, answered, "", "Close the connection.", "RFC 959 4.1.1"},
    command_row{"RANG", verb::rang, required, needed, p::none, waits, "first last", "Choose the bytes for the next RETR or HASH.", "draft-bryan-ftp-range", "RANG STREAM"},
    command_row{"REIN", verb::rein, none, not_needed, p::none, waits, "", "Log out and begin anew.", "RFC 959 4.1.1"},
    command_row{"REST", verb::rest, required, needed, p::none, waits, "offset", "Begin the next transfer at an offset.", "RFC 3659 5", "REST STREAM"},
    command_row{"RETR", verb::retr, required, needed, p::read, waits, "pathname", "Download a file.", "RFC 959 4.1.3"},
    command_row{"RMD", verb::rmd, required, needed, p::remove_directory, waits, "pathname", "Remove a directory.", "RFC 959 4.1.3"},
    command_row{"RNFR", verb::rnfr, required, needed, p::rename, waits, "pathname", "Name the file to rename.", "RFC 959 4.1.3"},
    command_row{"RNTO", verb::rnto, required, needed, p::rename, waits, "pathname", "Rename it to this name.", "RFC 959 4.1.3"},
    command_row{"SITE", verb::site, required, needed, p::none, waits, "command [argument]", "Run a command of this site; SITE HELP lists them.", "RFC 959 4.1.3"},
    command_row{"SIZE", verb::size, required, needed, p::list, waits, "pathname", "Tell the size of a file.", "RFC 3659 4", "SIZE"},
    command_row{"SMNT", verb::unserved, optional, needed, p::none, waits, "", "Mount a file system.", "RFC 959 4.1.1", "", can::none, recognized},
    command_row{"SSCN", verb::unserved, optional, needed, p::none, waits, "", "Has the server be the TLS client of data connections.", "RaidenFTPD", "", can::none, recognized},
    command_row{"STAT", verb::stat, optional, needed, p::none, answered, "[pathname]", "Tell the state of the session, or of a file or directory.", "RFC 959 4.1.3"},
    command_row{"STOR", verb::stor, required, needed, p::write, waits, "pathname", "Upload a file.", "RFC 959 4.1.3"},
    command_row{"STOU", verb::stou, optional, needed, p::write, waits, "[pathname]", "Upload a file under a new name.", "RFC 959 4.1.3"},
    command_row{"STRU", verb::stru, required, needed, p::none, waits, "F|R", "Set the file structure.", "RFC 959 4.1.2"},
    command_row{"SYST", verb::syst, none, not_needed, p::none, waits, "", "Tell the type of system.", "RFC 959 4.1.3"},
    command_row{"TYPE", verb::type, required, needed, p::none, waits, "A|I|L 8", "Set the representation type.", "RFC 959 4.1.2"},
    command_row{"USER", verb::user, required, not_needed, p::none, waits, "name", "Name the user to log in.", "RFC 959 4.1.1"},
    command_row{"XCRC", verb::xcrc, required, needed, p::read, waits, "\"pathname\" [first [end]]", "Tell the CRC-32 digest of a file or of a part.", "draft-bryan-ftpext-hash B", "XCRC"},
    command_row{"XCUP", verb::cdup, none, needed, p::none, waits, "", "Same as CDUP.", "RFC 1123 4.1.3.1"},
    command_row{"XCWD", verb::cwd, required, needed, p::none, waits, "pathname", "Same as CWD.", "RFC 1123 4.1.3.1"},
    command_row{"XMD5", verb::xmd5, required, needed, p::read, waits, "\"pathname\" [first [end]]", "Tell the MD5 digest of a file or of a part.", "draft-bryan-ftpext-hash B", "XMD5"},
    command_row{"XMKD", verb::mkd, required, needed, p::make, waits, "pathname", "Same as MKD.", "RFC 1123 4.1.3.1"},
    command_row{"XPWD", verb::pwd, none, needed, p::none, waits, "", "Same as PWD.", "RFC 1123 4.1.3.1"},
    command_row{"XRMD", verb::rmd, required, needed, p::remove_directory, waits, "pathname", "Same as RMD.", "RFC 1123 4.1.3.1"},
    command_row{"XSHA", verb::xsha1, required, needed, p::read, waits, "\"pathname\" [first [end]]", "Same as XSHA1.", "draft-bryan-ftpext-hash B"},
    command_row{"XSHA1", verb::xsha1, required, needed, p::read, waits, "\"pathname\" [first [end]]", "Tell the SHA-1 digest of a file or of a part.", "draft-bryan-ftpext-hash B", "XSHA1"},
    command_row{"XSHA256", verb::xsha256, required, needed, p::read, waits, "\"pathname\" [first [end]]", "Tell the SHA-256 digest of a file or of a part.", "draft-bryan-ftpext-hash B", "XSHA256"},
    command_row{"XSHA512", verb::xsha512, required, needed, p::read, waits, "\"pathname\" [first [end]]", "Tell the SHA-512 digest of a file or of a part.", "draft-bryan-ftpext-hash B", "XSHA512"},
};

constexpr std::array site_rows{
    command_row{"CHGRP", verb::site_chgrp, required, needed, p::mode, waits, "group pathname", "Change the group of a file.", "Unix servers", "", can::set_group},
    command_row{"CHMOD", verb::site_chmod, required, needed, p::mode, waits, "mode pathname", "Change the permission bits of a file, as an octal number.", "Unix servers", "SITE CHMOD", can::set_mode},
    command_row{"COPY", verb::site_copy, required, needed, p::write, waits, "\"from\" \"to\"", "Copy a file on the server.", "ProFTPD mod_copy", "SITE COPY"},
    command_row{"CPFR", verb::site_cpfr, required, needed, p::read, waits, "pathname", "Name the file to copy.", "ProFTPD mod_copy"},
    command_row{"CPTO", verb::site_cpto, required, needed, p::write, waits, "pathname", "Copy it to this name.", "ProFTPD mod_copy"},
    command_row{"HELP", verb::site_help, optional, needed, p::none, waits, "[command]", "Explain a command of this site, or list all.", "RFC 959 4.1.3"},
    command_row{"IDLE", verb::site_idle, optional, needed, p::none, waits, "[seconds]", "Tell or set the time after which an idle session ends.", "Unix servers"},
    command_row{"MKDIR", verb::site_mkdir, required, needed, p::make, waits, "pathname", "Create a directory and those above it that are missing.", "ProFTPD mod_site_misc", "SITE MKDIR"},
    command_row{"RMDIR", verb::site_rmdir, required, needed, p::remove_directory, waits, "pathname", "Remove a directory and all that is in it.", "ProFTPD mod_site_misc", "SITE RMDIR"},
    command_row{"SYMLINK", verb::site_symlink, required, needed, p::make, waits, "\"target\" \"link\"", "Make a symbolic link to what is beside the link or below.", "ProFTPD mod_site_misc", "SITE SYMLINK", can::symbolic_links},
    command_row{"UMASK", verb::site_umask, optional, needed, p::none, waits, "[mask]", "Tell or set the mode bits that new files do not get.", "Unix servers", "", can::set_mode},
    command_row{"UTIME", verb::site_utime, required, needed, p::times, waits, "YYYYMMDDHHMM[SS] pathname, or pathname and three times in UTC", "Set the times of a file.", "ProFTPD mod_site_misc", "SITE UTIME", can::set_times},
    command_row{"WHO", verb::site_who, none, needed, p::administer, waits, "", "List the sessions of this server.", "ProFTPD mod_site"},
};
// clang-format on

constexpr bool is_out_of_order(const command_row& row, const command_row& next)
{
    return row.text >= next.text;
}
static_assert(std::adjacent_find(rows.begin(), rows.end(), is_out_of_order) == rows.end());
static_assert(std::adjacent_find(site_rows.begin(), site_rows.end(), is_out_of_order) == site_rows.end());

} // namespace

std::span<const command_row> command_table() noexcept
{
    return rows;
}

std::span<const command_row> site_command_table() noexcept
{
    return site_rows;
}

const command_row* find_command(std::string_view text, std::span<const command_row> table) noexcept
{
    const auto comes_before = [](const command_row& row, std::string_view wanted) {
        return ascii::comes_before_ignoring_case(row.text, wanted);
    };
    const auto row = std::lower_bound(table.begin(), table.end(), text, comes_before);
    return row != table.end() && ascii::equal_ignoring_case(row->text, text) ? &*row : nullptr;
}

} // namespace libftp
