// The commands that transfers become (RFC 959 4.1.3, RFC 3659 7).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

using operation::listing_verb;

client_script& expect_command(client_script& s, const std::string& line)
{
    return s.opens_data()
        .sends(line)
        .receives("550 no\r\n")
        .closes_data()
        .fails(protocol_errc::refused_permanently, 550);
}

} // namespace

TEST_CASE("A listing is fetched in TYPE A and arrives with the store's line ends")
{
    client_script s;
    s.list("dir").opens_data().sends("LIST dir\r\n").receives("150 go\r\n").begins_to_receive();
    s.gets("-rw-r--r-- 1 a b 3 Jan 1 2020 x\r\n").data_ends().receives("226 done\r\n").commits().succeeds();
    s.check([](client_script_host& h) { CHECK(h.started_[0].file->bytes == "-rw-r--r-- 1 a b 3 Jan 1 2020 x\n"); });
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("Each kind of listing has its command")
{
    client_script s;
    expect_command(s.list("d", listing_verb::list), "LIST d\r\n");
    expect_command(s.list("d", listing_verb::nlst), "NLST d\r\n");
    expect_command(s.list("d", listing_verb::mlsd), "MLSD d\r\n");
    expect_command(s.list("", listing_verb::nlst), "NLST\r\n");
}

TEST_CASE("The best listing is MLSD where FEAT offers MLST, else LIST")
{
    client_script s;
    expect_command(s.list(), "LIST\r\n");
    s.features().sends("FEAT\r\n").receives("211-Features:\r\n MLST type*;\r\n211 End\r\n").succeeds();
    expect_command(s.list(), "MLSD\r\n");
    expect_command(s.list("", listing_verb::list), "LIST\r\n");
}

TEST_CASE("The best listing is chosen when it begins: FEAT may be queued before it")
{
    client_script s;
    s.features().list().sends("FEAT\r\n").receives("211-Features:\r\n MLST type*;\r\n211 End\r\n").succeeds();
    expect_command(s, "MLSD\r\n").replay_at_every_split();
}

TEST_CASE("Appending is APPE, from no offset")
{
    const auto append = [](std::uint64_t offset) {
        return [offset] {
            return operation::upload{"a", std::make_unique<text_reader>("x"), representation_type::ascii, offset, true};
        };
    };
    client_script s;
    expect_command(s.start(append(0)), "APPE a\r\n");
    s.start(append(1)).fails(protocol_errc::argument_invalid).sends_nothing();
}

TEST_CASE("Paths are sent as they are")
{
    client_script s;
    expect_command(s.download(" a  b ", representation_type::ascii), "RETR  a  b \r\n");
    expect_command(s.upload("\xc3\xa4\xff", "x", representation_type::ascii), "STOR \xc3\xa4\xff\xff\r\n");
}
