// Digests by HASH and by XCRC and its kin (draft-bryan-ftpext-hash).
#include "client_script.hpp"

using namespace libftp;
using namespace libftp::testing;

namespace {

using enum digest_algorithm;

/// A script whose server has these features.
struct server_with : client_script {
    explicit server_with(const std::string& lines)
    {
        features().sends("FEAT\r\n").receives("211-Features:\r\n" + lines + "211 End\r\n").succeeds();
    }
};

client_script& start_hash(client_script& s, std::optional<digest_algorithm> algorithm = {},
                          const std::string& path = "a.txt")
{
    return s.start([=] { return operation::hash{path, algorithm}; });
}

client_script::step sees(digest_algorithm algorithm, const std::string& digits)
{
    return [=](client_script_host& h) {
        const auto& outcome = h.next_outcome().outcome;
        REQUIRE_MESSAGE(outcome.has_value(), outcome.error().message());
        const auto found = std::get<file_digest>(*outcome);
        CHECK(found.algorithm == algorithm);
        CHECK(found.hexadecimal == digits);
    };
}

const std::string sha256_digits(64, 'a');
const std::string sha1_digits(40, 'b');
const std::string md5_digits(32, 'c');

} // namespace

TEST_CASE("HASH makes the digest that is set, if that is the one")
{
    server_with s{" HASH SHA-256*;SHA-1\r\n"};
    start_hash(s).sends("HASH a.txt\r\n").receives("213 SHA-256 0-49 " + sha256_digits + " a.txt\r\n");
    s.check(sees(sha256, sha256_digits));
    start_hash(s, sha256).sends("HASH a.txt\r\n").receives("213 SHA-256 " + std::string(64, 'A') + " a.txt\r\n");
    s.check(sees(sha256, sha256_digits)).replay_at_every_split().fail_after_every_step();
}

TEST_CASE("A digest is that of the whole file, also behind a transfer of a part that was given up")
{
    server_with s{" HASH SHA-256*;SHA-1\r\n"};
    s.download("b", representation_type::image, 7).sends("TYPE I\r\n").receives("200 ok\r\n").opens_data();
    s.sends("REST 7\r\n").cancel(1).closes_data().fails(protocol_errc::canceled).receives("350 at 7\r\n");
    start_hash(s).sends("REST 0\r\n").receives("350 at 0\r\n").sends("HASH a.txt\r\n");
    s.receives("213 SHA-256 0-49 " + sha256_digits + " a.txt\r\n").succeeds();
    start_hash(s).sends("HASH a.txt\r\n").replay_at_every_split();
}

TEST_CASE("Another digest is chosen by OPTS HASH, once")
{
    server_with s{" HASH SHA-256*;SHA-1\r\n"};
    start_hash(s, sha1).sends("OPTS HASH SHA-1\r\n").receives("200 SHA-1\r\n").sends("HASH a.txt\r\n");
    s.receives("213 SHA-1 0-49 " + sha1_digits + " a.txt\r\n").check(sees(sha1, sha1_digits));
    start_hash(s, sha1).sends("HASH a.txt\r\n").receives("213 SHA-1 0-49 " + sha1_digits + " a.txt\r\n");
    s.check(sees(sha1, sha1_digits));
    start_hash(s).sends("OPTS HASH SHA-256\r\n").replay_at_every_split().fail_after_every_step();
}

TEST_CASE("What HASH makes is not known where FEAT does not tell, OPTS was given up, or the caller has sent one")
{
    server_with s{" HASH SHA-1;SHA-256\r\n"};
    start_hash(s).sends("OPTS HASH SHA-256\r\n").cancel(1).fails(protocol_errc::canceled).receives("200 ok\r\n");
    start_hash(s).sends("OPTS HASH SHA-256\r\n").receives("200 ok\r\n").sends("HASH a.txt\r\n");
    s.receives("213 " + sha256_digits + " a.txt\r\n").check(sees(sha256, sha256_digits));
    s.command("OPTS", "HASH SHA-1").sends("OPTS HASH SHA-1\r\n").receives("200 ok\r\n").succeeds();
    start_hash(s).sends("OPTS HASH SHA-256\r\n");
}

TEST_CASE("The best digest is taken, whichever command has it")
{
    server_with s{" HASH MD5*;SHA-1\r\n XSHA256\r\n XMD5\r\n"};
    start_hash(s).sends("XSHA256 a.txt\r\n").receives("250 " + sha256_digits + "\r\n");
    s.check(sees(sha256, sha256_digits));
    start_hash(s, md5).sends("HASH a.txt\r\n").receives("213 MD5 0-9 " + md5_digits + " a.txt\r\n");
    s.check(sees(md5, md5_digits));
}

TEST_CASE("HASH that is refused gives way to the older command, if there is one")
{
    server_with s{" HASH SHA-256;MD5;SHA-1*\r\n XSHA256\r\n"};
    SUBCASE("OPTS is refused")
    {
        start_hash(s).sends("OPTS HASH SHA-256\r\n").receives("501 no\r\n").sends("XSHA256 a.txt\r\n");
        s.receives("250 " + sha256_digits + "\r\n").check(sees(sha256, sha256_digits));
    }
    SUBCASE("HASH is unknown")
    {
        start_hash(s).receives("200 ok\r\n").receives("500 what\r\n");
        s.check([](client_script_host& h) { (void)h.send_output(); });
        s.receives("250 " + sha256_digits + "\r\n").check(sees(sha256, sha256_digits));
    }
    SUBCASE("there is none")
    {
        start_hash(s, md5).sends("OPTS HASH MD5\r\n").receives("501 no\r\n").fails(protocol_errc::not_supported, 501);
    }
    SUBCASE("OPTS fails in another way")
    {
        start_hash(s, md5).sends("OPTS HASH MD5\r\n").receives("451 no\r\n");
        s.fails(protocol_errc::refused_transiently, 451);
    }
}

TEST_CASE("A digest that is refused or unreadable is a failure")
{
    server_with s{" HASH SHA-256*;SHA-1\r\n"};
    start_hash(s).sends("HASH a.txt\r\n").receives("550 no\r\n").fails(protocol_errc::refused_permanently, 550);
    start_hash(s).sends("HASH a.txt\r\n").receives("450 busy\r\n").fails(protocol_errc::refused_transiently, 450);
    start_hash(s).sends("HASH a.txt\r\n").receives("213 SHA-1 0-49 " + sha1_digits + " a.txt\r\n");
    s.fails(protocol_errc::reply_unexpected, 213);
    // After that it is set anew.
    start_hash(s).sends("OPTS HASH SHA-256\r\n").replay_at_every_split();
}

TEST_CASE("The older commands answer with digits in many places")
{
    for (const auto& answer : {"250 " + md5_digits, "213 " + md5_digits, "200 a.txt " + std::string(32, 'C'),
                               "251 \"a.txt\" " + md5_digits}) {
        CAPTURE(answer);
        server_with s{" XMD5 filename;start;end\r\n"};
        start_hash(s).sends("XMD5 a.txt\r\n").receives(answer + "\r\n").check(sees(md5, md5_digits));
        s.replay_at_every_split().fail_after_every_step();
    }
    server_with s{" XCRC\r\n"};
    start_hash(s).sends("XCRC a.txt\r\n").receives("250 1AB\r\n").check(sees(crc32, "000001ab"));
}

TEST_CASE("The names that servers have for a digest are used as they are listed")
{
    server_with s{" XSHA\r\n MD5\r\n"};
    start_hash(s).sends("XSHA a.txt\r\n").receives("250 " + sha1_digits + "\r\n").check(sees(sha1, sha1_digits));
    start_hash(s, md5).sends("MD5 a.txt\r\n").receives("251 a.txt " + md5_digits + "\r\n").check(sees(md5, md5_digits));
}

TEST_CASE("A path with spaces goes to the older commands in quotes, and without them if that is refused")
{
    server_with s{" XMD5\r\n HASH SHA-1*\r\n"};
    start_hash(s, md5, "a \"b\"").sends("XMD5 \"a \"\"b\"\"\"\r\n").receives("550 no\r\n").sends("XMD5 a \"b\"\r\n");
    s.receives("250 " + md5_digits + "\r\n").check(sees(md5, md5_digits));
    start_hash(s, md5, "a b").sends("XMD5 \"a b\"\r\n").receives("250 \"a b\" " + md5_digits + "\r\n");
    s.check(sees(md5, md5_digits));
    start_hash(s, md5, "a b").sends("XMD5 \"a b\"\r\n").receives("450 no\r\n");
    s.fails(protocol_errc::refused_transiently, 450);
    start_hash(s, sha1, "a b").sends("HASH a b\r\n");
    s.replay_at_every_split().fail_after_every_step();
}

TEST_CASE("What the server cannot make is not supported, and nothing is sent")
{
    client_script s;
    start_hash(s).fails(protocol_errc::not_supported).sends_nothing();
    server_with other{" HASH SHA-1*\r\n XMD5\r\n"};
    start_hash(other, sha512).fails(protocol_errc::not_supported).sends_nothing();
    start_hash(other, md5).sends("XMD5 a.txt\r\n").receives("502 no\r\n").fails(protocol_errc::not_supported, 502);
}

TEST_CASE("A path for a digest must not be empty or hold a line end")
{
    client_script s;
    start_hash(s, md5, "").fails(protocol_errc::argument_invalid);
    start_hash(s, md5, "a\rb").fails(protocol_errc::argument_invalid).sends_nothing();
}
