// What a session takes over from another one with the same server.
#include "client_script.hpp"
#include "client_transfer_script.hpp"

#include <string>

using namespace libftp;
using namespace libftp::testing;

namespace {

const std::string features_of_ours = "211-Features:\r\n MLST type*;\r\n UTF8\r\n MODE B KEEP\r\n211 End\r\n";

client_script_setup setup_with(server_effect effects)
{
    client_script_setup setup;
    setup.options.keeps_data_connections = true;
    setup.options.quirks = {{.where = server_words::greeting, .pattern = "*known*", .effects = effects}};
    return setup;
}

/// A session of somebody who has logged in by a password, and has listed a directory.
struct elder_session {
    explicit elder_session(server_effect effects = server_effect::keeps_order) : setup(setup_with(effects)), s(setup)
    {
        s.greeting().receives("220 A known server\r\n").succeeds().log_in("ann", "secret").sends("USER ann\r\n");
        s.receives("331 who?\r\n").sends("PASS secret\r\n").receives("230 in\r\n").succeeds();
        s.features().sends("FEAT\r\n").receives(features_of_ours).sends("OPTS UTF8 ON\r\n").receives("200 ok\r\n");
        s.succeeds().check([this](client_script_host& h) { setup.elder = &h.session_; });
    }

    client_script_setup setup;
    client_script s;
};

client_script& greets(client_script& s)
{
    return s.greeting().receives("220 A known server\r\n").succeeds();
}

} // namespace

TEST_CASE("A second session gives name and password in one go, and asks for no features")
{
    const elder_session elder;
    client_script s{elder.setup};
    greets(s).log_in("ann", "secret").sends("USER ann\r\nPASS secret\r\n").receives("331 who?\r\n230 in\r\n");
    s.succeeds().features().sends("OPTS UTF8 ON\r\n").receives("200 ok\r\n").succeeds();
    s.check([](client_script_host& h) {
        CHECK(h.session_.features().mlst);
        CHECK(h.session_.features().keeps_data);
    });
    s.features().sends("FEAT\r\n").receives("211 none\r\n").succeeds(); // who asks once more wants to know
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("The password shows nowhere when it goes out together with the name")
{
    const elder_session elder;
    client_script s{elder.setup};
    greets(s).log_in("ann", "secret").sends("USER ann\r\nPASS secret\r\n");
    s.receives("331 who?\r\n230 you are secret\r\n").succeeds().check([](client_script_host& h) {
        CHECK(h.heard<event::command_sent>().back().line == "PASS ***");
        CHECK(h.heard<event::reply_received>().back().answer.text() == "you are ***");
    });
}

TEST_CASE("What greets in other words is another server")
{
    const elder_session elder;
    client_script s{elder.setup};
    s.greeting().receives("220 A known server, number 2\r\n").succeeds();
    s.log_in("ann", "secret").sends("USER ann\r\n").receives("331 who?\r\n").sends("PASS secret\r\n");
    s.receives("230 in\r\n").succeeds().features().sends("FEAT\r\n");
}

TEST_CASE("A server that is not known to keep the order is asked step by step")
{
    const elder_session elder{server_effect::none};
    client_script s{elder.setup};
    greets(s).log_in("ann", "secret").sends("USER ann\r\n").receives("331 who?\r\n").sends("PASS secret\r\n");
    s.receives("230 in\r\n").succeeds().replay_at_every_split();
}

TEST_CASE("Who is let in by the name alone passes over the answer to the password")
{
    const elder_session elder;
    client_script s{elder.setup};
    greets(s).log_in("ann", "secret").sends("USER ann\r\nPASS secret\r\n").receives("230 in\r\n").succeeds();
    s.command("NOOP").sends("NOOP\r\n").receives("503 you are in\r\n200 ok\r\n").succeeds();
    s.replay_at_every_split();
}

TEST_CASE("A refusal of the name or of the password is that of the login")
{
    const elder_session elder;
    for (const std::string answers : {"530 too many\r\n503 who?\r\n", "331 who?\r\n530 too many\r\n"}) {
        client_script s{elder.setup};
        greets(s).log_in("ann", "secret").sends("USER ann\r\nPASS secret\r\n").receives(answers);
        s.fails(protocol_errc::refused_permanently, 530).replay_at_every_split();
    }
    client_script s{elder.setup};
    greets(s).log_in("ann", "secret").sends("USER ann\r\nPASS secret\r\n").receives("421 too many\r\n");
    s.fails(protocol_errc::service_closing, 421).closes();
}

TEST_CASE("A server that wants an account gets it behind the password")
{
    const elder_session elder;
    client_script s{elder.setup};
    greets(s).log_in("ann", "secret", "sales").sends("USER ann\r\nPASS secret\r\n");
    s.receives("331 who?\r\n332 account?\r\n").sends("ACCT sales\r\n").receives("230 in\r\n").succeeds();
    s.replay_at_every_split();
    client_script at_once{elder.setup};
    greets(at_once).log_in("ann", "secret", "sales").sends("USER ann\r\nPASS secret\r\n");
    at_once.receives("332 account?\r\n").sends("ACCT sales\r\n").receives("503 not now\r\n230 in\r\n").succeeds();
    at_once.replay_at_every_split();
}

TEST_CASE("What an EPSV has led to holds for both sessions, what commands have set holds for one")
{
    elder_session elder;
    elder.s.download("a").sends("TYPE I\r\nEPSV\r\n").receives("200 image\r\n229 (|||50004|)\r\n");
    elder.s.connects_to({script_server.address, script_passive_port}).data_connected().sends("RETR a\r\n");
    client_script s{elder.setup};
    greets(s).download("b").sends("TYPE I\r\nEPSV\r\nRETR b\r\n");
}
