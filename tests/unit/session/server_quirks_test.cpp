// The table of servers: what it holds, and how a server is found in it.
#include <doctest/doctest.h>

#include <libftp/session/server_quirks.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace libftp;

namespace {

server_manners manners_of(server_words where, std::string_view line)
{
    server_manners manners;
    manners.take(where, line, {});
    return manners;
}

} // namespace

TEST_CASE("Each row says what to look for, what follows, and where that is known from")
{
    for (const auto& row : known_server_quirks()) {
        CAPTURE(row.pattern);
        CHECK(!row.pattern.empty());
        CHECK(row.source.size() > 20);
        CHECK((row.effects != server_effect::none || row.listings));
        CHECK(!(has(row.effects, server_effect::keeps_order) && has(row.effects, server_effect::step_by_step)));
    }
}

TEST_CASE("A server is known by its greeting")
{
    using enum server_effect;
    const std::vector<std::pair<std::string, server_effect>> greetings{
        {"(vsFTPd 3.0.3)", keeps_order | list_all | listing_times_are_utc},
        {"web01 Microsoft FTP Service", step_by_step},
        {"Microsoft FTP Service (Version 5.0).", step_by_step},
        {"MadGoat FTP server", step_by_step},
        {"gate FTP server (MikroTik 6.49) ready", step_by_step},
        {"ProFTPD 1.3.8 Server (Debian) [::ffff:192.0.2.1]", list_all},
        {"---------- Welcome to Pure-FTPd [privsep] [TLS] ----------", list_all},
        {"uftpd (2.13) ready.", no_mlsd},
        {"uftpd (2.15) ready.", none},
        {"BulletProof FTP Server ready ...", no_extended_passive},
        {"webMANftpd 1.47.42 MOD [NTFS:0]", no_extended_passive},
        {"nw5 FTP server (NetWare v5.00) ready.", no_extended_passive},
        {"ftp.example.org X2 WS_FTP Server 8.7.3(11459306)", list_by_directory},
        {"FTPVita Server ready.", list_by_directory},
        {"FileZilla Server 1.7.0", no_utf8_option},
        {"pyftpdlib 1.5.7 ready.", reads_ahead},
        {"Service ready.", none},
        {"", none},
    };
    for (const auto& row : greetings) {
        const auto& [greeting, effects] = row;
        INFO(row.first);
        CHECK(manners_of(server_words::greeting, greeting).effects == effects);
    }
}

TEST_CASE("Some greetings give the form of LIST away")
{
    using style = listing_style;
    const std::vector<std::pair<std::string, style>> greetings{
        {"Microsoft FTP Service", style::dos},
        {"FTPD1 IBM FTP CS V2R3 at example.org, 16:51:54 on 2019-12-12.", style::mvs},
        {"QTCP at AS400.EXAMPLE.ORG.", style::os400},
        {"vax.example.org FTP-OpenVMS FTPD V5.5-3 (c) 2001 Process Software", style::vms},
        {"FTP SERVER T9552G08 (Version G08 TANDEM 15JAN2008) ready.", style::nonstop},
        {"nw5 FTP server (NetWare v5.00) ready.", style::netware},
    };
    for (const auto& row : greetings) {
        const auto& [greeting, listings] = row;
        INFO(row.first);
        CHECK(manners_of(server_words::greeting, greeting).listings == listings);
    }
    CHECK(manners_of(server_words::system, "Windows_CE version 7.0").listings == style::dos);
    CHECK(!manners_of(server_words::greeting, "(vsFTPd 3.0.3)").listings);
}

TEST_CASE("libftp's own server is known by its digests, whichever is chosen")
{
    using server_words::feature;
    constexpr auto effects = server_effect::keeps_order | server_effect::no_utf8_option;
    CHECK(manners_of(feature, "HASH SHA-512;SHA-256*;SHA-1;MD5;CRC32;").effects == effects);
    CHECK(manners_of(feature, "HASH SHA-512*;SHA-256;SHA-1;MD5;CRC32;").effects == effects);
    CHECK(manners_of(feature, "HASH CRC32;MD5;SHA-1*;SHA-256;SHA-512").effects == server_effect::none);
}

TEST_CASE("A row counts for its own kind of words only")
{
    CHECK(manners_of(server_words::system, "(vsFTPd 3.0.3)").effects == server_effect::none);
    CHECK(manners_of(server_words::greeting, "MLST x.slaves").effects == server_effect::none);
    CHECK(manners_of(server_words::feature, "MLST x.slaves").effects == server_effect::no_mlsd);
}

TEST_CASE("Letter case does not matter")
{
    CHECK(manners_of(server_words::greeting, "MIKROTIK").effects == server_effect::step_by_step);
    const std::vector<server_quirk> more{{server_words::greeting, "ODD [A-C]*", server_effect::list_all, {}, "here"}};
    server_manners manners;
    manners.take(server_words::greeting, "odd beast", more);
    CHECK(manners.effects == server_effect::list_all);
}

TEST_CASE("The effects of all rows that match add up, and those of all lines")
{
    server_manners manners;
    manners.take(server_words::greeting, "FileZilla Server and FTPVita Server", {});
    CHECK(manners.effects == (server_effect::no_utf8_option | server_effect::list_by_directory));
    manners.take(server_words::feature, "MLST size*,x.slaves*,x.xfertime*", {});
    manners.take(server_words::feature, "SIZE", {});
    CHECK(has(manners.effects, server_effect::no_mlsd));
    CHECK(has(manners.effects, server_effect::list_by_directory));
}

TEST_CASE("The first row with a form of LIST decides it, and the caller's rows come first")
{
    const std::vector<server_quirk> more{
        {server_words::greeting, "*", server_effect::none, listing_style::unix_ls, "here"},
        {server_words::greeting, "*", server_effect::list_all, listing_style::vms, "here"},
    };
    server_manners manners;
    manners.take(server_words::greeting, "Microsoft FTP Service", more);
    CHECK(manners.listings == listing_style::unix_ls);
    CHECK(manners.effects == (server_effect::step_by_step | server_effect::list_all));
}
