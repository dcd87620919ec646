// The commands the server knows, one row a verb: everything that can be decided without running it (RFC 959 4.1, 5.3;
// RFC 775, RFC 2228, RFC 2389, RFC 2428, RFC 3659, RFC 4217, RFC 7151 and the drafts that clients rely on). FEAT and
// HELP are made from these rows.
#pragma once

#include <libftp/protocol/permission.hpp>
#include <libftp/protocol/store_ability.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace libftp {

enum class verb : std::uint8_t {
    abor,
    acct,
    allo,
    appe,
    auth,
    avbl,
    ccc,
    cdup,
    clnt,
    comb,
    csid,
    cwd,
    dele,
    dsiz,
    eprt,
    epsv,
    feat,
    hash,
    help,
    host,
    lang,
    list,
    mdtm,
    mfct,
    mff,
    mfmt,
    mkd,
    mlsd,
    mlst,
    mode,
    nlst,
    noop,
    opts,
    pass,
    pasv,
    pbsz,
    port,
    prot,
    pwd,
    quit,
    rang,
    rein,
    rest,
    retr,
    rmd,
    rnfr,
    rnto,
    site,
    size,
    smnt,
    stat,
    stor,
    stou,
    stru,
    syst,
    type,
    user,
    xcrc,
    xmd5,
    xsha1,
    xsha256,
    xsha512,
    site_chgrp,
    site_chmod,
    site_copy,
    site_cpfr,
    site_cpto,
    site_help,
    site_idle,
    site_mkdir,
    site_rmdir,
    site_symlink,
    site_umask,
    site_utime,
    site_who,
    unserved, ///< Of all verbs that are recognized only.
    own,      ///< A program's own command.
};

/// Whether a verb stands alone or with an argument.
enum class argument_rule : std::uint8_t { none, optional, required };

enum class login_rule : std::uint8_t { not_needed, needed };

/// What becomes of a command that arrives while a file or a listing is on its way.
enum class transfer_rule : std::uint8_t {
    waits,    ///< It runs when the transfer has ended.
    answered, ///< It is answered at once.
};

/// Whether a command is carried out.
enum class support : std::uint8_t {
    served,
    recognized, ///< Known but not offered: 502.
};

/// What is known of a command before it is carried out. Texts live as long as the table.
struct command_row {
    std::string_view text{};
    libftp::verb verb{};
    argument_rule argument = argument_rule::none;
    login_rule login = login_rule::needed;
    permission needs = permission::none;
    transfer_rule during_transfer = transfer_rule::waits;
    std::string_view syntax{};                   ///< The argument as HELP shows it.
    std::string_view help{};                     ///< One line.
    std::string_view reference{};                ///< Where it is specified, such as `RFC 959 4.1.3`.
    std::string_view feature{};                  ///< The FEAT line that this verb stands for; empty if there is none.
    store_ability ability = store_ability::none; ///< What the account's store must be able to do.
    libftp::support support = support::served;
};

/// All rows, sorted by text. Two texts may share a verb (MKD and XMKD).
std::span<const command_row> command_table() noexcept;
/// The same for the commands behind SITE.
std::span<const command_row> site_command_table() noexcept;

/// The row for a verb's text in any letter case; nullptr if there is none. `table` is sorted by text.
const command_row* find_command(std::string_view text, std::span<const command_row> table = command_table()) noexcept;

} // namespace libftp
