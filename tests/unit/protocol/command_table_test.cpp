// What the rows say, against the RFCs' rules.
#include <doctest/doctest.h>

#include <libftp/protocol/command_table.hpp>

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

using namespace libftp;

namespace {

/// The texts of the rows that `chosen` picks, parted by spaces.
template <class Predicate>
std::string texts_where(Predicate chosen, std::span<const command_row> table = command_table())
{
    std::string texts;
    for (const auto& row : table) {
        if (chosen(row))
            texts.append(texts.empty() ? "" : " ").append(row.text);
    }
    return texts;
}

std::string texts_that_need(permission needed)
{
    return texts_where([needed](const command_row& row) { return row.needs == needed; });
}

std::string site_texts_that_need(permission needed)
{
    return texts_where([needed](const command_row& row) { return row.needs == needed; }, site_command_table());
}

bool is_served(const command_row& row)
{
    return row.support == support::served;
}

/// The rows of both tables.
std::vector<command_row> all_rows()
{
    std::vector<command_row> rows{command_table().begin(), command_table().end()};
    rows.insert(rows.end(), site_command_table().begin(), site_command_table().end());
    return rows;
}

} // namespace

TEST_CASE("The table has all verbs of RFC 959, RFC 1123, RFC 2389, RFC 2428, RFC 2640, RFC 3659, RFC 4217 and RFC 7151")
{
    for (const auto* text :
         {"ABOR", "ACCT", "ALLO", "APPE", "CDUP", "CWD",  "DELE", "HELP", "LIST", "MKD",  "MODE", "NLST", "NOOP",
          "PASS", "PASV", "PORT", "PWD",  "QUIT", "REIN", "REST", "RETR", "RMD",  "RNFR", "RNTO", "SITE", "SMNT",
          "STAT", "STOR", "STOU", "STRU", "SYST", "TYPE", "USER", "XCUP", "XCWD", "XMKD", "XPWD", "XRMD", "FEAT",
          "OPTS", "EPRT", "EPSV", "LANG", "MDTM", "MLSD", "MLST", "SIZE", "HOST", "AUTH", "PBSZ", "PROT", "CCC"}) {
        CAPTURE(text);
        CHECK(find_command(text) != nullptr);
    }
}

TEST_CASE("What is recognized only has no verb to run, and what is served has one")
{
    CHECK(texts_where([](const command_row& row) { return !is_served(row); }) ==
          "CPSV ESTA ESTP LPRT LPSV PRET SMNT SSCN");
    for (const auto& row : all_rows()) {
        CAPTURE(row.text);
        CHECK((row.verb == verb::unserved) == !is_served(row));
        CHECK(row.verb != verb::own);
    }
}

TEST_CASE("Every verb has a row")
{
    std::set<verb> verbs;
    for (const auto& row : all_rows())
        verbs.insert(row.verb);
    verbs.insert({verb::own, verb::smnt});
    CHECK(verbs.size() == static_cast<std::size_t>(verb::own) + 1);
}

TEST_CASE("Every row is found by its text in any letter case")
{
    for (const auto& row : command_table()) {
        CAPTURE(row.text);
        std::string lower{row.text};
        std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return static_cast<char>(c | 0x20); });
        CHECK(find_command(row.text) == &row);
        CHECK(find_command(lower) == &row);
        CHECK(find_command(lower.substr(0, 1) + std::string{row.text.substr(1)}) == &row);
    }
    for (const auto& row : site_command_table()) {
        CAPTURE(row.text);
        CHECK(find_command(row.text, site_command_table()) == &row);
    }
    const auto* chmod = find_command("chmod", site_command_table());
    REQUIRE(chmod != nullptr);
    CHECK(chmod->verb == verb::site_chmod);
    CHECK(find_command("CHMOD") == nullptr);
}

TEST_CASE("What is not exactly a verb is not found")
{
    using namespace std::string_view_literals;
    for (const auto text :
         {""sv, " "sv, "A"sv, "ABO"sv, "ABORT"sv, "CW"sv, "CWD "sv, " CWD"sv, "CWD\0"sv, "ZZZZ"sv, "AAAA"sv,
          "USEr\xff"sv, "\xd5SER"sv, "[WD"sv, "QUITQUITQUITQUIT"sv, "1234"sv, "\0\0\0\0"sv}) {
        CAPTURE(text);
        CHECK(find_command(text) == nullptr);
    }
}

TEST_CASE("A second name of a verb has a row that decides the same")
{
    const auto check_alias = [](std::string_view alias, std::string_view text) {
        const auto* other = find_command(alias);
        const auto* row = find_command(text);
        REQUIRE(other != nullptr);
        REQUIRE(row != nullptr);
        CHECK(other->verb == row->verb);
        CHECK(other->argument == row->argument);
        CHECK(other->login == row->login);
        CHECK(other->needs == row->needs);
        CHECK(other->during_transfer == row->during_transfer);
        CHECK(other->syntax == row->syntax);
        CHECK(other->support == row->support);
        CHECK(other->feature.empty());
    };
    check_alias("XCUP", "CDUP");
    check_alias("XCWD", "CWD");
    check_alias("XMKD", "MKD");
    check_alias("XPWD", "PWD");
    check_alias("XRMD", "RMD");
    check_alias("XSHA", "XSHA1");
}

TEST_CASE("Before login only these verbs run")
{
    CHECK(texts_where([](const command_row& row) { return row.login == login_rule::not_needed; }) ==
          "ABOR ACCT AUTH CCC CLNT CSID FEAT HELP HOST LANG NOOP OPTS PASS PBSZ PROT QUIT REIN SYST USER");
    CHECK(texts_where([](const command_row& row) { return row.login == login_rule::not_needed; }, site_command_table())
              .empty());
}

TEST_CASE("During a transfer only these verbs are answered")
{
    CHECK(texts_where([](const command_row& row) { return row.during_transfer == transfer_rule::answered; }) ==
          "ABOR NOOP QUIT STAT");
}

TEST_CASE("These verbs stand alone")
{
    CHECK(texts_where([](const command_row& row) { return row.argument == argument_rule::none; }) ==
          "ABOR CCC CDUP FEAT PASV PWD QUIT REIN SYST XCUP XPWD");
}

TEST_CASE("Each verb that touches files needs the permission for it")
{
    CHECK(texts_that_need(permission::list) == "AVBL DSIZ LIST MDTM MLSD MLST NLST SIZE");
    CHECK(texts_that_need(permission::read) == "HASH RETR XCRC XMD5 XSHA XSHA1 XSHA256 XSHA512");
    CHECK(texts_that_need(permission::write) == "STOR STOU");
    CHECK(texts_that_need(permission::append) == "APPE COMB");
    CHECK(texts_that_need(permission::delete_file) == "DELE");
    CHECK(texts_that_need(permission::remove_directory) == "RMD XRMD");
    CHECK(texts_that_need(permission::rename) == "RNFR RNTO");
    CHECK(texts_that_need(permission::make) == "MKD XMKD");
    CHECK(texts_that_need(permission::times) == "MFCT MFMT");

    CHECK(site_texts_that_need(permission::read) == "CPFR");
    CHECK(site_texts_that_need(permission::write) == "COPY CPTO");
    CHECK(site_texts_that_need(permission::remove_directory) == "RMDIR");
    CHECK(site_texts_that_need(permission::make) == "MKDIR SYMLINK");
    CHECK(site_texts_that_need(permission::times) == "UTIME");
    CHECK(site_texts_that_need(permission::mode) == "CHGRP CHMOD");
    CHECK(site_texts_that_need(permission::administer) == "WHO");
}

TEST_CASE("What not every store can do is marked by the ability")
{
    const auto texts_with = [](store_ability ability) {
        const auto has_ability = [ability](const command_row& row) { return row.ability == ability; };
        return texts_where(has_ability) + "/" + texts_where(has_ability, site_command_table());
    };
    CHECK(texts_with(store_ability::set_times) == "MFF MFMT/UTIME");
    CHECK(texts_with(store_ability::set_created) == "MFCT/");
    CHECK(texts_with(store_ability::set_mode) == "/CHMOD UMASK");
    CHECK(texts_with(store_ability::set_group) == "/CHGRP");
    CHECK(texts_with(store_ability::symbolic_links) == "/SYMLINK");
    CHECK(texts_with(store_ability::space) == "AVBL/");
}

TEST_CASE("Every row with a FEAT line is served, and no line comes twice")
{
    std::set<std::string_view> features;
    for (const auto& row : all_rows()) {
        CAPTURE(row.text);
        if (row.feature.empty())
            continue;
        CHECK(is_served(row));
        CHECK(row.feature.find_first_of("\r\n") == std::string_view::npos);
        CHECK(features.insert(row.feature).second);
    }
    for (const auto* line : {"EPRT", "EPSV", "MDTM", "MLST", "REST STREAM", "SIZE", "TVFS", "UTF8", "HOST", "AUTH TLS",
                             "PBSZ", "PROT", "CCC"})
        CHECK(features.count(line) == 1);
}

TEST_CASE("Every row has one line of help and a reference")
{
    for (const auto& row : all_rows()) {
        CAPTURE(row.text);
        CHECK(row.help.ends_with('.'));
        CHECK(row.help.find_first_of("\r\n") == std::string_view::npos);
        CHECK(row.help.size() <= 70);
        CHECK_FALSE(row.reference.empty());
        CHECK(row.reference.find_first_of("\r\n") == std::string_view::npos);
    }
}

TEST_CASE("A row has a syntax if its verb may have an argument")
{
    for (const auto& row : all_rows()) {
        CAPTURE(row.text);
        CHECK(row.syntax.find_first_of("\r\n<>") == std::string_view::npos);
        if (row.argument == argument_rule::none || !is_served(row))
            CHECK(row.syntax.empty());
        else if (row.verb != verb::noop)
            CHECK_FALSE(row.syntax.empty());
    }
}
