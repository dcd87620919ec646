// SIZE, MDTM and AVBL (RFC 3659 3 and 4, draft-peterson-streamlined-ftp 4).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

client_operation size_of_a()
{
    return operation::size{"a"};
}
client_operation time_of_a()
{
    return operation::modified{"a"};
}

} // namespace

TEST_CASE("A size is asked for in TYPE I, which is set once")
{
    client_script s;
    s.start(size_of_a).sends("TYPE I\r\n").receives("200 ok\r\n").sends("SIZE a\r\n").receives("213 1234\r\n");
    s.gives(std::uint64_t{1234});
    s.start(size_of_a).sends("SIZE a\r\n").receives("213  5 \r\n").gives(std::uint64_t{5});
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A size is not asked for where TYPE I is refused")
{
    client_script s;
    s.start(size_of_a).sends("TYPE I\r\n").receives("504 no\r\n").fails(protocol_errc::refused_permanently, 504);
    s.failed_at(operation_step::type).sends_nothing();
    s.start(size_of_a).sends("TYPE I\r\n");
}

TEST_CASE("TYPE is set again when it was given up half-way, or the caller has sent one")
{
    client_script s;
    s.start(size_of_a).sends("TYPE I\r\n").cancel(0).fails(protocol_errc::canceled).receives("200 ok\r\n");
    s.start(size_of_a).sends("TYPE I\r\n").receives("200 ok\r\n").receives("213 1\r\n").succeeds();
    s.check([](client_script_host& h) { (void)h.send_output(); });
    s.command("TYPE", "A").sends("TYPE A\r\n").receives("200 ok\r\n").succeeds();
    s.start(size_of_a).sends("TYPE I\r\n");
}

TEST_CASE("A size that is refused or unreadable leaves the session usable")
{
    client_script s;
    s.start(size_of_a).receives("200 ok\r\n").receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550);
    s.failed_at(operation_step::command);
    s.start(size_of_a).receives("450 busy\r\n").fails(protocol_errc::refused_transiently, 450);
    s.start(size_of_a).receives("213 many\r\n").fails(protocol_errc::reply_unexpected, 213);
    s.start(size_of_a).receives("350 what\r\n").fails(protocol_errc::reply_unexpected, 350);
    s.start(size_of_a).receives("213 a 12\r\n").gives(std::uint64_t{12});
    s.replay_at_every_split();
}

TEST_CASE("A time is read from the reply to MDTM, also from servers that took 2000 for 19100")
{
    client_script s;
    s.start(time_of_a).sends("MDTM a\r\n").receives("213 20240102030405.250\r\n");
    s.gives(*parse_timestamp("20240102030405.25"));
    s.start(time_of_a)
        .sends("MDTM a\r\n")
        .receives("213 191240102030405\r\n")
        .gives(*parse_timestamp("20240102030405"));
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A time that is refused or unreadable leaves the session usable")
{
    client_script s;
    s.start(time_of_a).receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550);
    s.start(time_of_a).receives("213 yesterday\r\n").fails(protocol_errc::reply_unexpected, 213);
    s.start(time_of_a).receives("213 20240102030405\r\n").gives(*parse_timestamp("20240102030405"));
}

TEST_CASE("The space in a directory is told by AVBL")
{
    client_script s;
    s.start([] { return operation::space{"a"}; }).sends("AVBL a\r\n").receives("213 12345678901\r\n");
    s.gives(std::uint64_t{12345678901});
    s.start([] { return operation::space{}; }).sends("AVBL\r\n").receives("213 1\r\n").gives(std::uint64_t{1});
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Without AVBL nobody can tell the space")
{
    client_script s;
    s.start([] { return operation::space{"a"}; }).receives("500 what\r\n").fails(protocol_errc::not_supported, 500);
    s.start([] { return operation::space{"a"}; }).receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550);
    s.start([] { return operation::space{"a"}; }).receives("213 lots\r\n").fails(protocol_errc::reply_unexpected, 213);
    s.check([](client_script_host& h) { (void)h.send_output(); });
    s.features().sends("FEAT\r\n").receives("211-Features:\r\n SIZE\r\n211 End\r\n").succeeds();
    s.start([] { return operation::space{"a"}; }).fails(protocol_errc::not_supported).sends_nothing();
}

TEST_CASE("Paths that cannot be sent are refused")
{
    for (const auto& path : {std::string{"a\rb"}, std::string{"a\nb"}, std::string{"a\0b", 3}}) {
        client_script s;
        s.start([path] { return operation::size{path}; }).fails(protocol_errc::argument_invalid);
        s.start([path] { return operation::modified{path}; }).fails(protocol_errc::argument_invalid);
        s.start([path] { return operation::space{path}; }).fails(protocol_errc::argument_invalid).sends_nothing();
    }
    client_script s;
    s.start([] { return operation::size{}; }).fails(protocol_errc::argument_invalid);
    s.start([] { return operation::modified{}; }).fails(protocol_errc::argument_invalid).sends_nothing();
}
