// Which page the arguments ask for, and what is on it.
#include "../../../apps/common/help_pages.hpp"

#include <CLI/CLI.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

struct program {
    program()
    {
        app.add_option("HOST", host, "Where to go");
        app.add_flag("--fast")->description("Hurry");
        app.add_option("--size", size, "How large")->option_text("SIZE")->group("Limits");
        app.add_option("--secret", size, "Not to be seen")->group("");
        auto* user = app.add_subcommand("user", "Manage users");
        auto* add = user->add_subcommand("add", "Add one");
        add->add_option("NAME", name, "Who")->required();
    }

    std::string page(std::vector<std::string> words)
    {
        std::vector<const char*> arguments{"program"};
        for (const auto& word : words)
            arguments.push_back(word.c_str());
        return pages.asked_by(static_cast<int>(arguments.size()), arguments.data()).value_or("none");
    }

    std::string host, size, name;
    CLI::App app{"Does things. And more.", "program"};
    help_pages pages{app,
                     {.version = "things 1",
                      .purpose = "do things",
                      .usage = "program [HOST]",
                      .examples = "program example.com",
                      .topics = {{"limits", "Limits", "how much", "Units are thousands."},
                                 {"codes", "Exit codes", "what it ends with", "0 is good."}}}};
};

bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("The first page has the usage, the options of no topic and the topics")
{
    program p;
    const auto page = p.pages.first_page();
    for (const auto* part : {"Does things.", "  program [HOST]\n", "  program example.com\n", "--fast", "Hurry", "HOST",
                             "user  ", "limits  ", "how much", "codes  "})
        CHECK_MESSAGE(holds(page, part), part);
    for (const auto* part : {"--size", "--secret", "--man"})
        CHECK_FALSE_MESSAGE(holds(page, part), part);
    CHECK(p.app.help() == page);
}

TEST_CASE("A topic shows its text and its options")
{
    program p;
    const auto page = p.page({"help", "limits"});
    CHECK(page == "Limits\n\nUnits are thousands.\n\n  --size SIZE             How large\n");
    CHECK(p.page({"--help", "limits"}) == page);
    CHECK(p.page({"help", "codes"}) == "Exit codes\n\n0 is good.\n");
    CHECK(p.page({"help"}) == p.pages.first_page());
}

TEST_CASE("A command is a topic too")
{
    program p;
    CHECK(holds(p.page({"help", "user"}), "program user COMMAND"));
    CHECK(holds(p.page({"help", "user", "add"}), "program user add NAME"));
}

TEST_CASE("Arguments that ask for no page are left to the program")
{
    program p;
    CHECK(p.page({}) == "none");
    CHECK(p.page({"--help"}) == "none");
    CHECK(p.page({"example.com", "--help"}) == "none");
}

TEST_CASE("Who asks for a topic that is not there is told which ones are")
{
    program p;
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"help", "nothing"}, {"--help", "secret"}, {"help", "user", "nothing"}, {"help", "limits", "more"}}) {
        try {
            p.page(words);
            FAIL("no error");
        } catch (const CLI::ParseError& fault) {
            CHECK(holds(fault.what(), "limits, codes"));
        }
    }
}

TEST_CASE("The man page has everything that is on the pages")
{
    program p;
    const auto page = p.page({"--man"});
    for (const auto* part :
         {".TH PROGRAM 1", "program \\- do things", ".SH \"SYNOPSIS\"", "\\fB\\-\\-fast\\fR", ".SS \"Limits\"",
          "\\fB\\-\\-size SIZE\\fR", "Units are thousands.", ".SS \"program user add NAME\"", ".SH \"EXIT CODES\""})
        CHECK_MESSAGE(holds(page, part), part);
    CHECK_FALSE(holds(page, "secret"));
}
