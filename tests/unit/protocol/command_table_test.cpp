// What the rows say, against the RFCs' rules.
#include <doctest/doctest.h>

#include <libftp/protocol/command_table.hpp>

#include <algorithm>
#include <set>
#include <string>

using namespace libftp;

namespace {

/// The texts of the rows that `chosen` picks, parted by spaces.
template <class Predicate>
std::string texts_where(Predicate chosen)
{
    std::string texts;
    for (const auto& row : command_table()) {
        if (chosen(row))
            texts.append(texts.empty() ? "" : " ").append(row.text);
    }
    return texts;
}

std::string texts_that_need(permission needed)
{
    return texts_where([needed](const command_row& row) { return row.needs == needed; });
}

bool is_served(const command_row& row)
{
    return row.support == support::served;
}

} // namespace

TEST_CASE("The table serves these verbs")
{
    CHECK(texts_where(is_served) ==
          "ABOR ALLO APPE CDUP CWD DELE EPRT EPSV FEAT HELP LIST MDTM MKD MLSD MLST MODE NLST NOOP OPTS PASS PASV PORT "
          "PWD QUIT REIN REST RETR RMD RNFR RNTO SIZE STAT STOR STRU SYST TYPE USER XCUP XCWD XMKD XPWD XRMD");
}

TEST_CASE("The other verbs of RFC 959 are recognized")
{
    CHECK(texts_where([](const command_row& row) { return !is_served(row); }) == "ACCT SITE SMNT STOU");
}

TEST_CASE("Every verb has a row")
{
    std::set<verb> verbs;
    for (const auto& row : command_table())
        verbs.insert(row.verb);
    CHECK(verbs.size() == static_cast<std::size_t>(verb::user) + 1);
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

TEST_CASE("The verbs of RFC 775 are other names of five verbs, and their rows decide the same")
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
}

TEST_CASE("Before login only these verbs run")
{
    CHECK(texts_where([](const command_row& row) { return row.login == login_rule::not_needed; }) ==
          "ABOR ACCT FEAT HELP NOOP OPTS PASS QUIT REIN SYST USER");
}

TEST_CASE("During a transfer only these verbs are answered")
{
    CHECK(texts_where([](const command_row& row) { return row.during_transfer == transfer_rule::answered; }) ==
          "ABOR NOOP QUIT STAT");
}

TEST_CASE("These verbs stand alone")
{
    CHECK(texts_where([](const command_row& row) { return row.argument == argument_rule::none; }) ==
          "ABOR CDUP FEAT PASV PWD QUIT REIN STOU SYST XCUP XPWD");
}

TEST_CASE("These verbs may stand alone")
{
    CHECK(texts_where([](const command_row& row) { return row.argument == argument_rule::optional; }) ==
          "EPSV HELP LIST MLSD MLST NLST NOOP PASS STAT");
}

TEST_CASE("Each verb that touches files needs the permission for it")
{
    CHECK(texts_that_need(permission::list) == "LIST MDTM MLSD MLST NLST SIZE");
    CHECK(texts_that_need(permission::read) == "RETR");
    CHECK(texts_that_need(permission::write) == "STOR STOU");
    CHECK(texts_that_need(permission::append) == "APPE");
    CHECK(texts_that_need(permission::remove) == "DELE RMD XRMD");
    CHECK(texts_that_need(permission::rename) == "RNFR RNTO");
    CHECK(texts_that_need(permission::make) == "MKD XMKD");
}

TEST_CASE("FEAT is made of these lines, each once")
{
    std::string features;
    for (const auto& row : command_table()) {
        if (!row.feature.empty())
            features.append(row.text).append(":").append(row.feature).append(" ");
    }
    CHECK(features == "CWD:TVFS EPRT:EPRT EPSV:EPSV MDTM:MDTM MLST:MLST OPTS:UTF8 REST:REST STREAM SIZE:SIZE ");
}

TEST_CASE("Every row has one line of help, and a syntax if it may have an argument")
{
    for (const auto& row : command_table()) {
        CAPTURE(row.text);
        CHECK(row.help.ends_with('.'));
        CHECK(row.help.find_first_of("\r\n") == std::string_view::npos);
        CHECK(row.help.size() <= 60);
        CHECK(row.syntax.find_first_of("\r\n<>") == std::string_view::npos);
        if (row.argument == argument_rule::none)
            CHECK(row.syntax.empty());
        if (row.argument == argument_rule::required)
            CHECK_FALSE(row.syntax.empty());
    }
}
