// The table of servers that are known to be different, each with the place where that is told, and the search in it.
#include <libftp/session/server_quirks.hpp>

#include "../protocol/ascii.hpp"

#include <libftp/protocol/glob.hpp>

namespace libftp {

namespace {

server_quirk row(server_words where, const char* pattern, server_effect effects, const char* source)
{
    return {where, pattern, effects, std::nullopt, source};
}

server_quirk row(server_words where, const char* pattern, server_effect effects, listing_style listings,
                 const char* source)
{
    return {where, pattern, effects, listings, source};
}

std::vector<server_quirk> make_table()
{
    using enum server_effect;
    using enum server_words;
    using style = listing_style;
    return {
        // When commands may be sent.
        row(greeting, "*(vsFTPd *", keeps_order | list_all | listing_times_are_utc,
            "vsftpd serves a transfer to its end before it reads on; vsftpd.conf(5): unless set, use_localtime is off "
            "(listings tell GMT), and force_dot_files too (LIST shows .names with -a only)."),
        row(feature, "HASH SHA-512*;SHA-256*;SHA-1*;MD5*;CRC32*", keeps_order | no_utf8_option,
            "libftp's own server: what it does not answer during a transfer waits for the end, in its order; names are "
            "always UTF-8."),
        row(greeting, "pyftpdlib *", reads_ahead,
            "pyftpdlib 1.5: a transfer command without a data connection waits for it; EPSV closes the one in use."),
        row(greeting, "*Microsoft FTP Service*", step_by_step, style::dos,
            "lftp 4.6, default of ftp:auto-sync-mode; FluentFTP takes the listings for DOS ones."),
        row(greeting, "*MadGoat*", step_by_step, "lftp 4.6, default of ftp:auto-sync-mode."),
        row(greeting, "*MikroTik*", step_by_step, "lftp 4.6, default of ftp:auto-sync-mode."),

        // Files that LIST hides.
        row(greeting, "*ProFTPD*", list_all, "NetExec pull request 1069: ProFTPD lists .names with -a only."),
        row(greeting, "*Pure-FTPd*", list_all,
            "pure-ftpd(8), --displaydotfiles: without it .names are listed with -a only."),

        // Commands that do not do what they should.
        row(greeting, "uftpd (2.1[0-3])*", no_mlsd, "far2l issue 1067: MLST is in FEAT, and is never answered."),
        row(feature, "MLST *x.slaves*", no_mlsd,
            "FluentFTP issue 431: without PRET before it, MLSD of DrFTPD lists nothing, LIST does. PRET alone does not "
            "tell: Pure-FTPd has it in FEAT as well."),
        row(greeting, "*BulletProof FTP Server*", no_extended_passive,
            "FluentFTP issue 1793: the reply to EPSV lacks a delimiter."),
        row(greeting, "*webMANftpd*", no_extended_passive,
            "webMAN-MOD issue 777: EPSV is not known, and is answered by 202."),
        row(greeting, "*(NetWare *", no_extended_passive, style::netware,
            "NcFTP's library: NetWare 5 does not survive commands that it does not know."),
        row(greeting, "*WS_FTP Server*", list_by_directory,
            "FluentFTP issues 1269 and 1309: a path with spaces cannot be listed, the working directory can."),
        row(greeting, "*FTPVita Server*", list_by_directory,
            "libftpvita issue 25: LIST of a path lists the root, or fails."),
        row(greeting, "*FileZilla Server*", no_utf8_option,
            "FileZilla's client does not send it: the server answers that UTF-8 is always on."),

        // Forms of LIST that the greeting gives away.
        row(greeting, "*IBM FTP CS *", none, style::mvs, "FluentFTP's handler for z/OS."),
        row(greeting, "*QTCP at *", none, style::os400, "FluentFTP's handler for OS/400."),
        row(greeting, "*OpenVMS FTPD*", none, style::vms, "FluentFTP's handler for OpenVMS."),
        row(greeting, "*FTP SERVER T9552* TANDEM *", none, style::nonstop, "FluentFTP's handler for NonStop."),
        row(system, "*Windows_CE*", none, style::dos, "FluentFTP's handler for Windows CE."),
    };
}

} // namespace

std::span<const server_quirk> known_server_quirks()
{
    static const auto table = make_table();
    return table;
}

void server_manners::take(server_words where, std::string_view line, std::span<const server_quirk> more)
{
    const auto words = ascii::in_lower_case(line);
    for (const auto rows : {more, known_server_quirks()}) {
        for (const auto& row : rows) {
            if (row.where != where || !glob_matches(ascii::in_lower_case(row.pattern), words))
                continue;
            effects = effects | row.effects;
            if (!listings)
                listings = row.listings;
        }
    }
}

} // namespace libftp
