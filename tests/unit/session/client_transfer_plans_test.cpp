// The commands that downloads and uploads become (RFC 959 4.1.3).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

client_script& expect_command(client_script& s, const std::string& line)
{
    return s.opens_data()
        .sends(line)
        .receives("550 no\r\n")
        .closes_data()
        .fails(protocol_errc::refused_permanently, 550);
}

} // namespace

TEST_CASE("Appending is APPE, from no offset")
{
    const auto append = [](std::uint64_t offset) {
        return [offset] {
            return operation::upload{"a", std::make_unique<text_reader>("x"), representation_type::ascii, offset,
                                     operation::upload_verb::append};
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
