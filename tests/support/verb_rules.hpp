// Which replies each verb may get: those its specification lists, and the few that this server gives besides.
#pragma once

#include <libftp/protocol/command_table.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace libftp::testing {

using codes = std::vector<int>;

/// What must have come before a verb, and what answers it otherwise.
enum class precondition {
    nothing,
    login,            ///< 530
    no_login,         ///< 503
    user,             ///< USER right before: 503
    account_question, ///< 332 right before: 503, or 202 when logged in
    rename_source,    ///< RNFR right before: 503
    copy_source,      ///< SITE CPFR: 503
    data,             ///< PASV, EPSV, PORT or EPRT: 425; such a verb's reply begins with 125 or 150
    no_tls,           ///< 503
    tls,              ///< AUTH: 503
    buffer_size,      ///< AUTH and PBSZ: 503
    login_over_tls,   ///< AUTH: 533, and a login: 503
};

struct verb_rule {
    std::string_view text; ///< As in the command table; `SITE <text>` for those behind SITE.
    argument_rule takes;
    std::string_view argument; ///< One that is fine in the files of the test.
    precondition needs;
    codes done;    ///< What comes when nothing is wrong.
    codes refused; ///< The other replies that the specification lists.
    /// What comes besides. "A server-FTP may use a different reply code when needed, as long as the general rules of
    /// RFC 959 4.2 are followed" (the sense of RFC 1123 4.1.2.11).
    codes also{};
};

/// One rule for each row of command_table() and site_command_table(), in their order. RFC 959's lists are in its 5.4.
inline const std::vector<verb_rule>& verb_rules()
{
    using enum argument_rule;
    using enum precondition;
    static const std::vector<verb_rule> rules{
        // RFC 959
        {"ABOR", none, "", nothing, {225, 226}, {500, 501, 502, 421}},
        {"ACCT", required, "books", account_question, {230, 202}, {530, 500, 501, 503, 421}},
        {"ALLO", required, "100", login, {200, 202}, {500, 501, 504, 421, 530}},
        // 503: REST came before. 504: RANG did.
        {"APPE",
         required,
         "a.txt",
         data,
         {226, 250},
         {425, 426, 451, 551, 552, 532, 450, 550, 452, 553, 500, 501, 502, 421, 530},
         {503, 504}},
        // RFC 2228 5, as are those of CCC, PBSZ and PROT. 503: TLS is there already.
        {"AUTH", required, "TLS", no_tls, {234, 334}, {502, 504, 534, 431, 500, 501, 421}, {503}},
        // draft-peterson-streamlined-ftp-command-extensions 4
        {"AVBL", optional, "d", login, {213}, {500, 501, 502, 550, 421, 530}},
        // 503: it comes after the login.
        {"CCC", none, "", login_over_tls, {200}, {500, 501, 533, 534, 421}, {503}},
        // RFC 959; 250 and not 200, as 4.1.1 has the replies of CWD
        {"CDUP", none, "", login, {200, 250}, {500, 501, 502, 421, 530, 550}},
        // No specification; 200 as everywhere
        {"CLNT", required, "client", nothing, {200}, {500, 501, 502}},
        // Serv-U and GlobalSCAPE
        {"COMB", required, R"("joined" "a.txt" "b.txt")", login, {250}, {450, 550}, {501, 530}},
        // Known and not offered
        {"CPSV", optional, "x", nothing, {502}, {}},
        // draft-peterson-streamlined-ftp-command-extensions 2
        {"CSID", required, "Name=client; Version=1;", nothing, {200}, {500, 502}, {501}},
        // RFC 959
        {"CWD", required, "d", login, {250}, {500, 501, 502, 421, 530, 550}},
        {"DELE", required, "a.txt", login, {250}, {450, 550, 500, 501, 502, 421, 530}},
        // draft-peterson-streamlined-ftp-command-extensions 5
        {"DSIZ", optional, "d", login, {213}, {500, 501, 502, 550, 421, 530}},
        // RFC 2428 2 and 3, with the replies of PORT and PASV. 503: EPSV ALL came before. 504: RFC 2577 3. 425: no port
        // is free.
        {"EPRT", required, "|1|192.0.2.7|40001|", login, {200}, {522, 500, 501, 421, 530}, {503, 504}},
        {"EPSV", optional, "1", login, {229, 200}, {522, 500, 501, 502, 421, 530}, {425}},
        // Known and not offered
        {"ESTA", optional, "x", nothing, {502}, {}},
        {"ESTP", optional, "x", nothing, {502}, {}},
        // RFC 2389 3. 501: it takes no argument.
        {"FEAT", none, "", nothing, {211}, {500, 502, 421}, {501}},
        // draft-bryan-ftpext-hash 3
        {"HASH", required, "a.txt", login, {213}, {450, 500, 501, 550, 551, 552, 553, 556}, {530}},
        // RFC 959
        {"HELP", optional, "RETR", nothing, {211, 214}, {500, 501, 502, 421}},
        // RFC 7151 3.2
        {"HOST", required, "ftp.example.com", no_login, {220}, {421, 500, 501, 502, 503, 504}},
        // RFC 2640 4.1
        {"LANG", optional, "EN", nothing, {200}, {500, 501, 502, 504, 421, 530}},
        // RFC 959. 550: there is no such file or directory.
        {"LIST", optional, "d", data, {226, 250}, {425, 426, 451, 450, 500, 501, 502, 421, 530}, {550}},
        {"LPRT", optional, "x", nothing, {502}, {}},
        {"LPSV", optional, "x", nothing, {502}, {}},
        // RFC 3659 3.3, with the replies of RFC 959 for what has gone wrong
        {"MDTM", required, "a.txt", login, {213}, {500, 501, 502, 550, 421, 530}},
        // draft-somers-ftp-mfxx 3 to 5
        {"MFCT", required, "20200102030405 a.txt", login, {213}, {500, 501, 504, 550}, {502, 530}},
        {"MFF", required, "Modify=20200102030405; a.txt", login, {213}, {500, 501, 504, 550}, {502, 530}},
        {"MFMT", required, "20200102030405 a.txt", login, {213}, {500, 501, 504, 550}, {502, 530}},
        // RFC 959
        {"MKD", required, "new", login, {257}, {500, 501, 502, 421, 530, 550}, {553}},
        // RFC 3659 7.2
        {"MLSD", optional, "d", data, {226, 250}, {425, 426, 451, 450, 500, 501, 502, 421, 530, 550}},
        {"MLST", optional, "a.txt", login, {250}, {500, 501, 502, 421, 530, 550}},
        // RFC 959
        {"MODE", required, "S", login, {200}, {500, 501, 504, 421, 530}},
        {"NLST", optional, "d", data, {226, 250}, {425, 426, 451, 450, 500, 501, 502, 421, 530}, {550}},
        {"NOOP", optional, "x", nothing, {200}, {500, 421}},
        // RFC 2389 4
        {"OPTS", required, "UTF8 ON", nothing, {200}, {451, 500, 501, 502, 421}},
        // RFC 959
        {"PASS", optional, "secret", user, {230, 202, 332}, {530, 500, 501, 503, 421}},
        // 425: no port is free. 503: EPSV ALL came before (RFC 2428 4).
        {"PASV", none, "", login, {227}, {500, 501, 502, 421, 530}, {425, 503}},
        {"PBSZ", required, "0", tls, {200}, {503, 500, 501, 421, 530}},
        // 503: EPSV ALL came before (RFC 2428 4). 504: RFC 2577 3. 522: the connection is one over IPv6.
        {"PORT", required, "192,0,2,7,156,65", login, {200}, {500, 501, 421, 530}, {503, 504, 522}},
        {"PRET", optional, "x", nothing, {502}, {}},
        {"PROT", required, "P", buffer_size, {200}, {504, 536, 503, 534, 431, 500, 501, 421, 530}},
        // RFC 959. 530: before the login nothing is told of files.
        {"PWD", none, "", login, {257}, {500, 501, 502, 421, 550}, {530}},
        // 501: it takes no argument.
        {"QUIT", none, "", nothing, {221}, {500}, {501}},
        // draft-bryan-ftp-range 4
        {"RANG", required, "0 1", login, {350}, {500, 501, 551, 552}, {530}},
        // RFC 959. 501: it takes no argument.
        {"REIN", none, "", nothing, {220}, {421, 500, 502}, {501}},
        // RFC 3659 5.3
        {"REST", required, "1", login, {350}, {500, 501, 502, 421, 530}},
        // RFC 959. 554: REST's offset is behind the end (RFC 1123 4.1.3.4). 504: REST in TYPE A.
        {"RETR", required, "a.txt", data, {226, 250}, {425, 426, 451, 450, 550, 500, 501, 421, 530}, {504, 554}},
        {"RMD", required, "empty", login, {250}, {500, 501, 502, 421, 530, 550}},
        {"RNFR", required, "a.txt", login, {350}, {450, 550, 500, 501, 502, 421, 530}},
        // 550: the store refuses, or what RNFR named is gone.
        {"RNTO", required, "new.txt", rename_source, {250}, {532, 553, 500, 501, 502, 503, 421, 530}, {550}},
        // What a command behind it answers.
        {"SITE", required, "HELP", login, {200, 202, 214}, {500, 501, 530}, {502}},
        // RFC 3659 4.2
        {"SIZE", required, "a.txt", login, {213}, {500, 501, 502, 550, 421, 530}},
        // RFC 959
        {"SMNT", optional, "x", nothing, {502}, {202, 250, 500, 501, 421, 530, 550}},
        {"SSCN", optional, "x", nothing, {502}, {}},
        // 550: there is no such file or directory.
        {"STAT", optional, "d", login, {211, 212, 213}, {450, 500, 501, 502, 421, 530}, {550}},
        // 550: the store refuses. 554: REST's offset is behind the end (RFC 1123 4.1.3.4). 504: REST in TYPE A, or
        // RANG.
        {"STOR",
         required,
         "new.txt",
         data,
         {226, 250},
         {425, 426, 451, 551, 552, 532, 450, 452, 553, 500, 501, 421, 530},
         {504, 550, 554}},
        {"STOU",
         optional,
         "new.txt",
         data,
         {226, 250},
         {425, 426, 451, 551, 552, 532, 450, 452, 553, 500, 501, 421, 530},
         {550}},
        {"STRU", required, "F", login, {200}, {500, 501, 504, 421, 530}},
        {"SYST", none, "", nothing, {215}, {500, 501, 502, 421}},
        {"TYPE", required, "I", login, {200}, {500, 501, 504, 421, 530}},
        {"USER", required, "ann", nothing, {230, 331, 332}, {530, 500, 501, 421}},
        // draft-bryan-ftpext-hash, appendix B; RFC 1123 4.1.3.1
        {"XCRC", required, "a.txt", login, {250}, {450, 500, 501, 550}, {530}},
        {"XCUP", none, "", login, {200, 250}, {500, 501, 502, 421, 530, 550}},
        {"XCWD", required, "d", login, {250}, {500, 501, 502, 421, 530, 550}},
        {"XMD5", required, "a.txt", login, {250}, {450, 500, 501, 550}, {530}},
        {"XMKD", required, "new", login, {257}, {500, 501, 502, 421, 530, 550}, {553}},
        {"XPWD", none, "", login, {257}, {500, 501, 502, 421, 550}, {530}},
        {"XRMD", required, "empty", login, {250}, {500, 501, 502, 421, 530, 550}},
        {"XSHA", required, "a.txt", login, {250}, {450, 500, 501, 550}, {530}},
        {"XSHA1", required, "a.txt", login, {250}, {450, 500, 501, 550}, {530}},
        {"XSHA256", required, "a.txt", login, {250}, {450, 500, 501, 550}, {530}},
        {"XSHA512", required, "a.txt", login, {250}, {450, 500, 501, 550}, {530}},
        // RFC 959 has 200, 202, 500, 501 and 530 for SITE; the rest is what the servers say that have these commands.
        {"SITE CHGRP", required, "staff a.txt", login, {200}, {500, 501, 530}, {502, 550}},
        {"SITE CHMOD", required, "600 a.txt", login, {200}, {500, 501, 530}, {502, 550}},
        {"SITE COPY", required, "a.txt copy.txt", login, {250}, {500, 501, 530}, {450, 451, 452, 550, 552, 553}},
        {"SITE CPFR", required, "a.txt", login, {350}, {500, 501, 530}, {550}},
        {"SITE CPTO", required, "copy.txt", copy_source, {250}, {500, 501, 530}, {450, 451, 452, 503, 550, 552, 553}},
        {"SITE HELP", optional, "CHMOD", login, {214}, {500, 501, 530}, {502}},
        {"SITE IDLE", optional, "600", login, {200}, {500, 501, 530}},
        {"SITE MKDIR", required, "x/y/z", login, {200}, {500, 501, 530}, {550, 553}},
        {"SITE RMDIR", required, "d", login, {200}, {500, 501, 530}, {450, 550}},
        {"SITE SYMLINK", required, "a.txt link", login, {200}, {500, 501, 530}, {502, 550}},
        {"SITE UMASK", optional, "027", login, {200}, {500, 501, 530}, {502}},
        {"SITE UTIME", required, "202001020304 a.txt", login, {200}, {500, 501, 530}, {502, 550}},
        {"SITE WHO", none, "", login, {211}, {500, 501, 530}, {502, 550}},
    };
    return rules;
}

inline const verb_rule* find_rule(std::string_view text)
{
    const auto rule = std::ranges::find(verb_rules(), text, &verb_rule::text);
    return rule == verb_rules().end() ? nullptr : &*rule;
}

} // namespace libftp::testing
