// Tests the part of a host that needs no network.
#include <libftp/session/answer_here.hpp>
#include <libftp/store/memory_store.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace libftp;

namespace {

/// A session with a host that answers here what needs no network, and keeps what is left.
struct hosted_session {
    std::shared_ptr<memory_store> files = std::make_shared<memory_store>();
    anonymous_authenticator logins{{.store = files, .allowed = permissions::full()}};
    session_options options;
    session_observer nobody;
    clock::time_point time{};
    std::unique_ptr<server_session> session;
    std::vector<server_action> left{};

    explicit hosted_session(session_options wanted = {})
        : options(std::move(wanted)),
          session(std::make_unique<server_session>(options, nobody, 1, endpoint{}, endpoint{}, time))
    {
    }

    std::string says_to(std::string_view line)
    {
        session->output_sent(session->output().size(), time);
        session->received(line, time);
        while (auto asked = session->next_action())
            if (auto of_network = answer_here(*session, logins, *std::move(asked), [this] { return ++calls, time; }))
                left.push_back(*std::move(of_network));
        return std::string{session->output().substr(0, 3)};
    }
    int calls = 0;
};

} // namespace

TEST_CASE("logins and store calls are carried out here, and the session is told")
{
    hosted_session h;
    CHECK(h.says_to("USER anonymous\r\n") == "331");
    CHECK(h.says_to("PASS guest@\r\n") == "230");
    CHECK(h.says_to("MKD d\r\n") == "257");
    CHECK(h.files->stat(store_path{}.resolve("/d").value()).value().is_directory());
    CHECK(h.says_to("RMD nothing\r\n") == "550");
    CHECK(h.calls == 3);
    CHECK(h.left.empty());
}

TEST_CASE("a program's own command is carried out here")
{
    session_options options;
    options.commands.add_site({.text = "HELLO", .help = "Greet."}, [](const command_context&) -> reply {
        return {200, {"Hello."}};
    });
    hosted_session h{std::move(options)};
    h.says_to("USER anonymous\r\n");
    h.says_to("PASS guest@\r\n");
    CHECK(h.says_to("SITE HELLO\r\n") == "200");
    CHECK(h.left.empty());
}

TEST_CASE("what is for the network is given back")
{
    hosted_session h;
    h.says_to("USER anonymous\r\n");
    h.says_to("PASS guest@\r\n");
    h.says_to("PASV\r\n");
    REQUIRE(h.left.size() == 1);
    CHECK(std::holds_alternative<action::listen_data>(h.left.front()));
}
