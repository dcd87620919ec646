// STRU R in MODE S in both directions, at every split.
#include <doctest/doctest.h>

#include "awkward_contents.hpp"
#include "data_events.hpp"

#include <libftp/protocol/record_structure.hpp>

#include <memory>
#include <string>

using namespace libftp;
using namespace libftp::testing;
using namespace std::string_literals;

namespace {

void check(std::string_view input, std::string_view expected)
{
    check_decoding([] { return std::make_unique<record_decoder>(); }, input, expected);
}

} // namespace

TEST_CASE("255 and 1 end a record, 255 and 2 the file, 255 and 3 both")
{
    check("ab\xff\x01"s + "cd\xff\x01\xff\x02", "ab<record>cd<record><end><whole>");
    check("ab\xff\x01"s + "cd\xff\x03", "ab<record>cd<record><end><whole>");
    check("\xff\x02", "<end><whole>");
    check("\xff\x01\xff\x01\xff\x02", "<record><record><end><whole>");
}

TEST_CASE("255 twice is one byte of the file")
{
    check("a\xff\xff"s + "b\xff\xff\xff\xff\xff\x02", "a\xff"s + "b\xff\xff<end><whole>");
}

TEST_CASE("255 before any other byte is malformed")
{
    for (const char byte : {'\0', '\4', 'a', '\xfe'})
        check("a\xff"s + byte, "a<malformed>");
}

TEST_CASE("Bytes that have no end of the file behind them are not a whole file")
{
    check("", "");
    check("ab\xff\x01", "ab<record>");
    check("ab\xff", "ab");
}

TEST_CASE("A byte behind the end of the file has no place in records")
{
    check("\xff\x02"s + "a", "<end><malformed>");
    check("\xff\x03\xff\x02", "<record><end><malformed>");
}

TEST_CASE("An end that is flagged together with a record comes without more input")
{
    record_decoder decoder;
    std::string_view input = "\xff\x03";
    CHECK(decoder.read(input) == data_event::end_of_record);
    CHECK(input.empty());
    CHECK_FALSE(decoder.has_ended());
    CHECK(decoder.read(input) == data_event::end_of_file);
    CHECK(decoder.has_ended());
    CHECK(decoder.read(input) == data_event::need_more);
}

TEST_CASE("Records are sent as their bytes, each 255 doubled, and the control code")
{
    std::string out;
    record_encoder encoder;
    encoder.encode("a\xff"s + "b", out);
    encoder.end_record(out);
    encoder.mark("1048576", out);
    encoder.encode("\xff\xff", out);
    encoder.end_record(out);
    encoder.finish(out);
    CHECK(out == "a\xff\xff"s + "b\xff\x01" + "\xff\xff\xff\xff" + "\xff\x01" + "\xff\x02");
}

TEST_CASE("Any content comes back from records as it went")
{
    for (const auto& content : small_awkward_contents()) {
        record_encoder encoder;
        check(encoded(encoder, content, 3), content + "<end><whole>");
    }
    for (const auto& content : large_awkward_contents()) {
        record_encoder encoder;
        record_decoder decoder;
        const bool came_back =
            data_events(decoder, cut(encoded(encoder, content, 100'000), 4099)) == content + "<end><whole>";
        CHECK(came_back);
    }
}
