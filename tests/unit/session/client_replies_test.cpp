// What is read out of replies, however servers put it.
#include "../../../libftp/src/session/client_replies.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace libftp;

namespace {

reply answer(int code, const std::string& text)
{
    return {code, {text}};
}

std::string md5_digits()
{
    return "0123456789abcdef0123456789abcdef";
}

} // namespace

TEST_CASE("A server does not know a command if it says so by the code")
{
    for (const int code : {202, 500, 501, 502, 504})
        CHECK(says_unknown(answer(code, "")));
    for (const int code : {200, 213, 250, 350, 421, 450, 503, 530, 550, 553})
        CHECK(!says_unknown(answer(code, "")));
}

TEST_CASE("The bytes are the only number, and the last word")
{
    CHECK(parse_byte_count(answer(213, "1234")) == 1234);
    CHECK(parse_byte_count(answer(213, "  1234 \t")) == 1234);
    CHECK(parse_byte_count(answer(213, "a.txt 1234")) == 1234);
    CHECK(parse_byte_count(answer(213, "18446744073709551615")) == 18446744073709551615U);
    for (const auto* text : {"", "a", "-1", "1234x", "1234 bytes", "7 1234", "18446744073709551616", "1,234"}) {
        CAPTURE(text);
        CHECK(!parse_byte_count(answer(213, text)));
    }
    CHECK(!parse_byte_count({213, {}}));
}

TEST_CASE("A time is the first word, with a fraction or not")
{
    CHECK(parse_modification(answer(213, "20240102030405")) == *parse_timestamp("20240102030405"));
    CHECK(parse_modification(answer(213, " 20240102030405.5 a.txt")) == *parse_timestamp("20240102030405.5"));
    for (const auto* text : {"", "a 20240102030405", "20241302030405", "2024010203", "2024-01-02 03:04:05"})
        CHECK(!parse_modification(answer(213, text)));
}

TEST_CASE("Years that are counted from 1900 behind a 19 are read as they are meant")
{
    CHECK(parse_modification(answer(213, "191000102030405")) == *parse_timestamp("20000102030405"));
    CHECK(parse_modification(answer(213, "191240102030405")) == *parse_timestamp("20240102030405"));
    CHECK(parse_modification(answer(213, "191240102030405.5")) == *parse_timestamp("20240102030405.5"));
    CHECK(parse_modification(answer(213, "19990102030405")) == *parse_timestamp("19990102030405"));
    CHECK(!parse_modification(answer(213, "201240102030405")));
    CHECK(!parse_modification(answer(213, "1912401020304055")));
}

TEST_CASE("A digest is the word of its length, in lower case")
{
    const auto digits = md5_digits();
    const std::vector<std::string> texts{
        digits,
        "0123456789ABCDEF0123456789ABCDEF",
        "MD5 0-49 " + digits + " a.txt",
        "MD5 " + digits + " a.txt",
        "a.txt " + digits,
        "\"a.txt\" " + digits,
        "XMD5 of a.txt: \"" + digits + "\".",
    };
    for (const auto& text : texts) {
        CAPTURE(text);
        CHECK(parse_digest(answer(213, text), digest_algorithm::md5, "a.txt") == digits);
    }
}

TEST_CASE("A digest may stand in any line of its reply")
{
    const auto digits = md5_digits();
    const reply answer{213, {"Computing MD5 digest", "MD5 0-9 " + digits + " a.txt"}};
    CHECK(parse_digest(answer, digest_algorithm::md5, "a.txt") == digits);
    CHECK(!parse_digest({213, {digits, digits}}, digest_algorithm::md5, "a.txt"));
}

TEST_CASE("What could be another digest is none")
{
    const auto digits = md5_digits();
    const std::vector<std::string> texts{
        "", "ok", digits + "0", digits.substr(1), digits + " " + digits, "SHA-256 0-49 " + digits + " a.txt",
    };
    for (const auto& text : texts) {
        CAPTURE(text);
        CHECK(!parse_digest(answer(213, text), digest_algorithm::md5, "a.txt"));
    }
    CHECK(!parse_digest({213, {}}, digest_algorithm::md5, "a.txt"));
}

TEST_CASE("A path that looks like a digest is not taken for one")
{
    const auto digits = md5_digits();
    const std::string path(32, 'a');
    CHECK(parse_digest(answer(251, path + " " + digits), digest_algorithm::md5, path) == digits);
    CHECK(parse_digest(answer(251, "\"" + path + "\" " + digits), digest_algorithm::md5, path) == digits);
    CHECK(parse_digest(answer(213, "MD5 0-9 " + digits + " SHA-1 notes"), digest_algorithm::md5, "SHA-1 notes") ==
          digits);
    // Only whole words are the path.
    CHECK(parse_digest(answer(250, digits), digest_algorithm::md5, "012") == digits);
}

TEST_CASE("A CRC may come without leading zeros")
{
    using enum digest_algorithm;
    CHECK(parse_digest(answer(250, "1A2B"), crc32, "a.txt") == "00001a2b");
    CHECK(parse_digest(answer(250, "XCRC 0"), crc32, "a.txt") == "00000000");
    CHECK(parse_digest(answer(213, "CRC32 0-9 89abcdef a"), crc32, "a.txt") == "89abcdef");
    CHECK(!parse_digest(answer(250, "the CRC of a file is 1a2b"), crc32, "b.txt"));
    CHECK(!parse_digest(answer(250, "123456789"), crc32, "b.txt"));
}

TEST_CASE("The last component stands behind the last separator")
{
    const std::vector<std::pair<std::string, std::string>> paths{
        {"a", "a"}, {"/a/b", "b"}, {"/a/b/", "b"}, {"a//", "a"},
        {"/", ""},  {"//", ""},    {"", ""},       {"DISK:[X]A.TXT;1", "DISK:[X]A.TXT;1"},
    };
    for (const auto& [path, name] : paths)
        CHECK(last_component(path) == name);
}
