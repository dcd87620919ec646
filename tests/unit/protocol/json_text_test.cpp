// JSON stays valid JSON whatever bytes go into it.
#include <libftp/protocol/json_text.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <limits>

using namespace libftp;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

std::string json_string(std::string_view bytes)
{
    std::string text;
    append_json_string(text, bytes);
    return text;
}

} // namespace

TEST_CASE("A JSON string keeps well-formed UTF-8 as it is")
{
    CHECK(json_string("") == R"("")");
    CHECK(json_string("plain /text") == R"("plain /text")");
    CHECK(json_string("Gr\xc3\xbc\xc3\x9f"
                      "e \xe2\x82\xac \xf0\x9f\x93\x81") == "\"Gr\xc3\xbc\xc3\x9f"
                                                            "e \xe2\x82\xac \xf0\x9f\x93\x81\"");
}

TEST_CASE("Quotes and backslashes cannot end a JSON string")
{
    CHECK(json_string(R"(a"b)") == R"("a\"b")");
    CHECK(json_string(R"(a\)") == R"("a\\")");
    CHECK(json_string(R"(","admin":")") == R"("\",\"admin\":\"")");
}

TEST_CASE("Control characters are escaped: C0, DEL and C1")
{
    CHECK(json_string("a\r\nb\tc") == R"("a\u000d\u000ab\u0009c")");
    CHECK(json_string("\0"s) == R"("\u0000")");
    CHECK(json_string("\x1b[2J\x7f") == R"("\u001b[2J\u007f")");
    CHECK(json_string("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0") == "\"\\u0080\\u009b\\u009f\xc2\xa0\"");
}

TEST_CASE("Each byte that is not UTF-8 becomes U+FFFD")
{
    CHECK(json_string("\xff") == R"("\ufffd")");
    CHECK(json_string("a\x80z") == R"("a\ufffdz")");
    CHECK(json_string("cut \xe2\x82") == R"("cut \ufffd\ufffd")");
    CHECK(json_string("overlong \xc0\xaf \xe0\x80\xaf \xf0\x80\x80\xaf") ==
          R"("overlong \ufffd\ufffd \ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd")");
    CHECK(json_string("surrogate \xed\xa0\x80") == R"("surrogate \ufffd\ufffd\ufffd")");
    CHECK(json_string("past U+10FFFF \xf4\x90\x80\x80 \xf5") == R"("past U+10FFFF \ufffd\ufffd\ufffd\ufffd \ufffd")");
    CHECK(json_string("a quote in \xc3\"") == R"("a quote in \ufffd\"")");
}

TEST_CASE("An object has its members in order, and none is one too")
{
    json_object object;
    CHECK(object.to_string() == "{}");
    object.text("name", "a \"b\"").number("size", 3).yes("is_new");
    CHECK(object.to_string() == R"({"name":"a \"b\"","size":3,"is_new":true})");
    CHECK(json_object{}.number("most", std::numeric_limits<std::uint64_t>::max()).to_string() ==
          R"({"most":18446744073709551615})");
}

TEST_CASE("Seconds have six decimals and are never negative")
{
    CHECK(json_object{}.seconds("s", 0s).to_string() == R"({"s":0.000000})");
    CHECK(json_object{}.seconds("s", 1050ms).to_string() == R"({"s":1.050000})");
    CHECK(json_object{}.seconds("s", 1999ns).to_string() == R"({"s":0.000001})");
    CHECK(json_object{}.seconds("s", -1s).to_string() == R"({"s":0.000000})");
}

TEST_CASE("A time is that of RFC 3339, its fraction cut to milliseconds")
{
    const auto text_of = [](clock::duration since_1970) {
        return json_object{}.time("t", clock::time_point{since_1970}).to_string();
    };
    using namespace std::chrono;
    const auto november = sys_days{2026y / November / 19}.time_since_epoch() + 10h + 7min + 3s;
    CHECK(text_of(november + 250999us) == R"({"t":"2026-11-19T10:07:03.250Z"})");
    CHECK(text_of(0s) == R"({"t":"1970-01-01T00:00:00.000Z"})");
    CHECK(text_of(-1ns) == R"({"t":"1969-12-31T23:59:59.999Z"})");
    CHECK(text_of(clock::duration::max()) == R"({"t":"2262-04-11T23:47:16.854Z"})");
    CHECK(text_of(clock::duration::min()) == R"({"t":"1677-09-21T00:12:43.145Z"})");
}

TEST_CASE("Bytes that a text cannot hold are told in hexadecimal")
{
    CHECK(json_object{}.hexadecimal("a", std::string_view{"\x00\x7f\xff", 3}).to_string() == R"({"a":"007fff"})");
    CHECK(json_object{}.hexadecimal("a", "").to_string() == R"({"a":""})");
    for (const auto* text : {"", "a\x1b", "\xc3\xa9", "\xf0\x9f\x98\x80"})
        CHECK(is_utf8(text));
    for (const auto* bytes : {"\xff", "a\xc3", "\xc3\xa9\xa9", "\xed\xa0\x80", "\xc0\xaf"})
        CHECK_FALSE(is_utf8(bytes));
}
