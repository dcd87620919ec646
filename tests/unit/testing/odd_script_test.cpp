// Which rule is for which command, and what a script remembers.
#include <doctest/doctest.h>

#include "odd_host.hpp"

using namespace libftp;
using namespace libftp::testing;
using namespace std::string_literals;

TEST_CASE("Without rules the server is libftp's own, for everybody")
{
    in_all_pieces([](odd_script& script) { script.files().add_file("/a.txt", "hello"); },
                  [](odd_host& host) {
                      CHECK(host.heard() == "220 Service ready.\r\n");
                      CHECK(host.says("USER x\r\n").starts_with("331 "));
                      CHECK(host.says("PASS y\r\n").starts_with("230 "));
                      CHECK(host.says("SIZE a.txt\r\n") == "213 5\r\n"s);
                      CHECK(host.says("QUIT\r\n") == "221 Goodbye.\r\n"s);
                      CHECK(host.end == "|");
                  });
}

TEST_CASE("A rule is for a verb in any letter case, with any argument")
{
    in_all_pieces([](odd_script& script) { script.on("SIZE").answers("550 no SIZE here"); },
                  [](odd_host& host) {
                      host.log_in();
                      host.heard();
                      CHECK(host.says("SIZE a\r\n") == "550 no SIZE here\r\n");
                      CHECK(host.says("size\r\n") == "550 no SIZE here\r\n");
                      CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
                  });
}

TEST_CASE("A rule with an argument is for commands with such an argument")
{
    in_all_pieces([](odd_script& script) { script.on("CWD *.d").answers("550 no"); },
                  [](odd_host& host) {
                      host.log_in();
                      host.heard();
                      CHECK(host.says("CWD a.d\r\n") == "550 no\r\n");
                      CHECK(host.says("CWD /\r\n").starts_with("250 "));
                  });
}

TEST_CASE("A pattern may be for several verbs")
{
    in_all_pieces([](odd_script& script) { script.on("X*").answers("502 no X"); },
                  [](odd_host& host) {
                      host.log_in();
                      host.heard();
                      CHECK(host.says("XPWD\r\nPWD\r\nXMKD a\r\n") ==
                            "502 no X\r\n257 \"/\" is the current directory.\r\n502 no X\r\n");
                  });
}

TEST_CASE("Rules for the same command have their turns one after the other")
{
    in_all_pieces(
        [](odd_script& script) {
            script.on("NOOP").answers("450 busy").once();
            script.on("NOOP").answers("421 tired").times(2);
        },
        [](odd_host& host) {
            host.heard();
            CHECK(host.says("NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n") == "450 busy\r\n421 tired\r\n421 tired\r\n200 OK.\r\n");
        });
}

TEST_CASE("Forgotten rules hold no more")
{
    odd_script script;
    script.on("NOOP").answers("450 busy");
    odd_host host{script};
    script.forget_rules();
    host.heard();
    CHECK(host.says("NOOP\r\n") == "200 OK.\r\n");
}

TEST_CASE("What the server lacks is answered 502 and is not in FEAT")
{
    in_all_pieces(
        [](odd_script& script) {
            script.lacks({"EPSV", "MLSD", "size"});
        },
        [](odd_host& host) {
            host.log_in();
            host.heard();
            for (const auto* line : {"EPSV\r\n", "MLSD\r\n", "MLST\r\n", "SIZE a\r\n"})
                CHECK(host.says(line).starts_with("502 "));
            const auto features = host.says("FEAT\r\n");
            CHECK(features.find("MDTM") != std::string::npos);
            for (const auto* absent : {"EPSV", "MLST", "SIZE"})
                CHECK(features.find(absent) == std::string::npos);
        });
}

TEST_CASE("Only the users that are named log in")
{
    in_all_pieces(
        [](odd_script& script) {
            script.logs_in("ann", "secret");
            script.logs_in("bob", "word", "desk");
        },
        [](odd_host& host) {
            host.heard();
            CHECK(host.says("USER ann\r\nPASS wrong\r\n").find("\n530 ") != std::string::npos);
            CHECK(host.says("USER bob\r\nPASS word\r\n").find("\n332 ") != std::string::npos);
            CHECK(host.says("ACCT bench\r\n").starts_with("530 "));
            CHECK(host.says("USER bob\r\nPASS word\r\nACCT desk\r\n").find("\n230 ") != std::string::npos);
            CHECK(host.says("USER ann\r\nPASS secret\r\n").find("\n230 ") != std::string::npos);
        });
}

TEST_CASE("All lines are heard in order, and secrets are not")
{
    odd_script script;
    script.on("NOOP").stays_silent();
    odd_host host{script, 3};
    host.says("USER ann\r\npass secret\r\nACCT desk\r\nNOOP\r\nPASS\r\nnonsense and more\r\n");
    CHECK(script.heard() ==
          std::vector<std::string>{"USER ann", "pass ***", "ACCT ***", "NOOP", "PASS", "nonsense and more"});
}

TEST_CASE("Connections are counted")
{
    odd_script script;
    CHECK(script.connections() == 0);
    const odd_host first{script};
    const odd_host second{script};
    CHECK(script.connections() == 2);
}

TEST_CASE("What the script says goes to all connections that there are, and to none that come later")
{
    odd_script script;
    odd_host first{script};
    odd_host second{script};
    script.says("421 bye\r\n");
    odd_host third{script};
    for (auto* host : {&first, &second, &third}) {
        host->heard();
        host->script_changed();
        host->script_changed();
    }
    CHECK(first.heard() == "421 bye\r\n");
    CHECK(second.heard() == "421 bye\r\n");
    CHECK(third.heard().empty());
}
