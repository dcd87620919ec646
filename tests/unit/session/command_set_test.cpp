// A program's own commands and hooks, and forbidden ones.
#include "session_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

constexpr command_row ping{.text = "XPING",
                           .argument = argument_rule::optional,
                           .login = login_rule::not_needed,
                           .syntax = "[text]",
                           .help = "Answer.",
                           .feature = "XPING"};

reply pong(const command_context& context)
{
    return {250, {"Pong " + context.argument}};
}

script_setup with(command_set commands)
{
    return {.files = {{"/a.txt", "abc"}}, .options = {.commands = std::move(commands)}};
}

} // namespace

TEST_CASE("A program adds a command: it is answered, and in FEAT and HELP")
{
    command_set commands;
    commands.add(ping, pong);
    session_script s{just_connected{}, with(commands)};
    s.send("xping  a b\r\n").expect(250, "Pong  a b").send("FEAT\r\n").expect(211, "XPING");
    s.send("HELP XPING\r\n").expect(214, "XPING [text]: Answer.").send("HELP\r\n").expect(214, "XPING");
    s.replay_at_every_split();
}

TEST_CASE("HELP leaves a gap behind a command of any length")
{
    command_set commands;
    auto row = ping;
    row.text = "REINDEXX";
    commands.add(row, pong);
    session_script s{just_connected{}, with(commands)};
    s.send("HELP\r\n").expect(214).check([](script_host& h) {
        CHECK(h.wire_.find(" REIN    ") != std::string::npos);
        CHECK(h.wire_.find("REINDEXX ") != std::string::npos);
    });
}

TEST_CASE("An own command before the login does not make USER forgotten")
{
    command_set commands;
    commands.add(ping, pong);
    session_script s{just_connected{}, with(commands)};
    s.send("USER ann\r\n").expect(331).send("XPING\r\n").expect(250).send("PASS secret\r\n").expect(230);
}

TEST_CASE("The rules of an own row hold: login, argument, permission")
{
    command_set commands;
    auto row = ping;
    row.login = login_rule::needed;
    row.argument = argument_rule::required;
    row.needs = permission::administer;
    commands.add(row, pong);
    session_script s{just_connected{}, with(commands)};
    s.send("XPING x\r\n").expect(530).send("USER ann\r\n").expect(331).send("PASS secret\r\n").expect(230);
    s.send("XPING\r\n").expect(501).send("XPING x\r\n").expect(550);
    session_script admin{logged_in{permissions{permission::administer}}, with(commands)};
    admin.send("XPING x\r\n").expect(250);
}

TEST_CASE("An own command learns who asks, and may answer in several lines that cannot break out")
{
    command_set commands;
    auto row = ping;
    row.login = login_rule::needed;
    commands.add(row, [](const command_context& context) -> reply {
        CHECK(context.session.user == "ann");
        CHECK(context.session.directory.string() == "/");
        CHECK(context.login->store != nullptr);
        return {211, {"one", "211 two\r\n500 x", "three"}};
    });
    session_script s{logged_in{}, with(commands)};
    s.send("XPING\r\n").expect(211, "three").expect_no_reply();
    s.check([](script_host& h) { CHECK(h.wire_.ends_with("211-one\r\n 211 two??500 x\r\n211 three\r\n")); });
}

TEST_CASE("An own command whose answer is no reply is answered 451")
{
    command_set commands;
    commands.add(ping, [](const command_context&) -> reply { return {}; });
    int told = 0;
    commands.after("XPING", [&told](const command_context&, int code) { told = code; });
    session_script s{logged_in{}, with(commands)};
    s.send("XPING\r\n").expect(451).send("NOOP\r\n").expect(200);
    CHECK(told == 451);
}

TEST_CASE("While an own command runs nothing else is answered; ABOR is, when it has ended")
{
    command_set commands;
    commands.add(ping, pong);
    session_script s{logged_in{}, with(commands)};
    s.check([](script_host& h) { h.holds_calls_ = true; }).send("XPING\r\nNOOP\r\nABOR\r\nABOR\r\n").expect_no_reply();
    s.check([](script_host& h) {
        const auto own = h.expect_action<action::run_command>();
        CHECK(h.actions_.empty());
        h.session_->command_answered(own.id, own.job(), h.now_);
        h.drain();
    });
    s.expect(250).expect(226).expect(200).expect(225).expect_no_reply();
    s.replay_at_every_split();
}

TEST_CASE("An own command waits for the end of a transfer, whatever its row says")
{
    command_set commands;
    auto row = ping;
    row.during_transfer = transfer_rule::answered;
    commands.add(row, pong);
    session_script s{logged_in{}, with(commands)};
    s.data_ready().send("RETR a.txt\r\n").expect(150).send("XPING\r\n").expect_no_reply().sends("abc").expect(226);
    s.expect(250);
}

TEST_CASE("A forbidden SITE takes the commands behind it along")
{
    command_set commands;
    commands.forbid("SITE");
    session_script s{logged_in{}, with(commands)};
    s.send("SITE UMASK\r\n").expect(502).send("HELP SITE CHMOD\r\n").expect(502).send("FEAT\r\n").expect(211);
    s.check([](script_host& h) { CHECK(h.wire_.find("SITE CHMOD\r\n") == std::string::npos); });
}

TEST_CASE("A program replaces a standard command, under all its names")
{
    command_set commands;
    commands.add({.text = "MKD", .argument = argument_rule::required, .help = "No."},
                 [](const command_context&) -> reply {
                     return {550, {"Not here."}};
                 });
    session_script s{logged_in{}, with(commands)};
    s.send("MKD d\r\n").expect(550, "Not here.").send("XMKD d\r\n").expect(550, "Not here.");
    s.send("CWD d\r\n").expect(550);
}

TEST_CASE("What a program says of a command that it has replaced holds for all its names")
{
    const auto answering = [](int code) {
        return [code](const command_context&) -> reply { return {code, {"Answered."}}; };
    };
    const command_row mkd{.text = "MKD", .argument = argument_rule::required, .help = "Answer."};
    command_set commands;
    commands.add(mkd, answering(250));

    SUBCASE("it replaces it again")
    {
        commands.add(mkd, answering(257));
        session_script s{logged_in{}, with(commands)};
        s.send("MKD d\r\n").expect(257).send("XMKD d\r\n").expect(257);
    }
    SUBCASE("it forbids it")
    {
        commands.forbid("XMKD");
        session_script s{logged_in{}, with(commands)};
        s.send("MKD d\r\n").expect(502).send("XMKD d\r\n").expect(502).send("RMD d\r\n").expect(550);
    }
    SUBCASE("it has a hook refuse it")
    {
        commands.before("MKD", [](const command_context&) { return std::optional{reply{550, {"No."}}}; });
        session_script s{logged_in{}, with(commands)};
        s.send("MKD d\r\n").expect(550, "No.").send("XMKD d\r\n").expect(550, "No.").send("XPWD\r\n").expect(257);
    }
}

TEST_CASE("What a program's command of several names adds to FEAT stands there once")
{
    command_set commands;
    commands.add({.text = "XSHA1", .argument = argument_rule::required, .help = "Answer.", .feature = "XSHA1 own"},
                 pong);
    session_script s{logged_in{}, with(commands)};
    s.send("XSHA a\r\n").expect(250, "Pong a").send("FEAT\r\n").expect(211, "XSHA1 own");
    s.check([](script_host& h) {
        const auto first = h.wire_.find(" XSHA1 own\r\n");
        CHECK(first != std::string::npos);
        CHECK(h.wire_.find(" XSHA1 own\r\n", first + 1) == std::string::npos);
    });
}

TEST_CASE("A command behind SITE is none of those of the same name that are not")
{
    command_set commands;
    commands.before("HELP", [](const command_context&) { return std::optional{reply{550, {"No."}}}; });
    commands.forbid("SITE MKDIR");
    session_script s{logged_in{}, with(commands)};
    s.send("HELP\r\n").expect(550, "No.").send("SITE HELP\r\n").expect(214);
    s.send("SITE MKDIR d\r\n").expect(502).send("MKD d\r\n").expect(257).send("SITE RMDIR d\r\n").expect(200);
}

TEST_CASE("A program adds a command behind SITE, and replaces one")
{
    command_set commands;
    commands.add_site({.text = "PING", .argument = argument_rule::optional, .help = "Answer."}, pong);
    commands.add_site({.text = "IDLE", .argument = argument_rule::optional, .help = "Answer."}, pong);
    session_script s{logged_in{}, with(commands)};
    s.send("SITE PING x\r\n").expect(250, "Pong x").send("SITE IDLE 5\r\n").expect(250, "Pong 5");
    s.send("SITE HELP\r\n").expect(214, "PING").send("SITE UMASK\r\n").expect(200).send("PING\r\n").expect(500);
}

TEST_CASE("A forbidden command answers 502 under all its names, and is in neither FEAT nor HELP")
{
    command_set commands;
    commands.forbid("RMD");
    commands.forbid("MDTM");
    commands.forbid("XYZZY");
    commands.forbid("SITE CHMOD");
    session_script s{logged_in{}, with(commands)};
    s.send("RMD d\r\n").expect(502).send("XRMD d\r\n").expect(502).send("SITE CHMOD 600 a.txt\r\n").expect(502);
    s.send("MDTM a.txt\r\n").expect(502).send("FEAT\r\n").expect(211).send("HELP\r\n").expect(214);
    s.check([](script_host& h) {
        CHECK(h.wire_.find("MDTM") == std::string::npos);
        CHECK(h.wire_.find("RMD ") == std::string::npos);
        CHECK(h.wire_.find("SITE CHMOD") == std::string::npos);
    });
}

TEST_CASE("Where SITE is forbidden HELP explains no command behind it")
{
    command_set commands;
    commands.forbid("SITE");
    session_script s{logged_in{}, with(commands)};
    s.send("HELP SITE\r\n").expect(502).send("HELP SITE CHMOD\r\n").expect(502);
}

TEST_CASE("A hook before a command can refuse it, under all its names, and lets others pass")
{
    command_set commands;
    commands.before("DELE", [](const command_context& context) -> std::optional<reply> {
        if (context.argument == "a.txt")
            return reply{550, {"That one stays."}};
        return std::nullopt;
    });
    commands.before("CWD", [](const command_context&) { return std::optional{reply{550, {"No."}}}; });
    session_script s{logged_in{}, with(commands)};
    s.send("DELE a.txt\r\n").expect(550, "That one stays.").expect_content("/a.txt", "abc");
    s.send("DELE none\r\n").expect(550, "No such").send("XCWD /\r\n").expect(550, "No.").send("NOOP\r\n").expect(200);
}

TEST_CASE("A hook is not asked for what the rules refuse anyway")
{
    command_set commands;
    commands.before("", [](const command_context&) -> std::optional<reply> {
        FAIL("asked");
        return std::nullopt;
    });
    session_script s{just_connected{}, with(commands)};
    s.send("XYZZY\r\n").expect(500).send("PWD\r\n").expect(530).send("USER\r\n").expect(501);
}

TEST_CASE("A hook after a command hears the code of its last reply, for transfers that of their end")
{
    const auto heard = std::make_shared<std::vector<std::string>>();
    const auto note = [heard](const command_context& context, int code) {
        heard->push_back(context.name + " " + context.argument + " " + std::to_string(code));
    };
    command_set commands;
    for (const auto* text : {"STOR", "RETR", "RNFR", "MKD", "SITE", "HASH", "ABOR", "PASS"})
        commands.after(text, note);
    session_script s{logged_in{}, with(commands)};
    heard->clear();
    s.data_ready().send("STOR n\r\n").expect(150).send("NOOP\r\n").expect(200);
    CHECK(heard->empty());
    s.receives("x")
        .expect(226)
        .send("RNFR n\r\n")
        .expect(350)
        .send("XMKD d\r\n")
        .expect(257)
        .send("PWD\r\n")
        .expect(257);
    s.send("SITE UMASK 022\r\n").expect(200).send("HASH n\r\n").expect(213);
    s.data_ready().send("RETR n\r\n").expect(150).send("ABOR\r\n");
    s.transfer_ends<action::send_data>({0, transfer_fault::canceled, {}}).expect(426).expect(226);
    CHECK(*heard == std::vector<std::string>{"STOR n 226", "RNFR n 350", "XMKD d 257", "UMASK 022 200", "HASH n 213",
                                             "RETR n 426", "ABOR  226"});
}

TEST_CASE("Hooks see no password")
{
    const auto heard = std::make_shared<std::string>();
    command_set commands;
    commands.before("PASS", [heard](const command_context& context) -> std::optional<reply> {
        *heard = context.argument;
        return std::nullopt;
    });
    session_script s{logged_in{}, with(commands)};
    CHECK(*heard == "***");
}

TEST_CASE("A command in the place of PASS gets the password, and hooks and observers do not")
{
    const auto heard = std::make_shared<std::string>();
    command_set commands;
    commands.add({.text = "PASS", .argument = argument_rule::required, .login = login_rule::not_needed, .help = "x"},
                 [heard](const command_context& context) -> reply {
                     *heard = context.argument;
                     return {530, {"No."}};
                 });
    commands.before("PASS", [](const command_context& context) -> std::optional<reply> {
        CHECK(context.argument == "***");
        return std::nullopt;
    });
    session_script s{just_connected{}, with(commands)};
    s.send("pass secret\r\n").expect(530).check([](script_host& h) {
        CHECK(h.log_.lines.back() == "command pass ***");
    });
    CHECK(*heard == "secret");
}
