// FTP's URLs.
#include <doctest/doctest.h>

#include <libftp/error.hpp>
#include <libftp/protocol/url.hpp>

#include <string>

using namespace libftp;
using namespace std::string_view_literals;

namespace {

std::string password_of(const ftp_url& url)
{
    return url.password ? std::string{url.password->reveal()} : "none";
}

bool is_malformed(std::string_view text)
{
    const auto url = parse_ftp_url(text);
    return !url && url.error() == protocol_errc::address_malformed;
}

} // namespace

TEST_CASE("A URL has a host, and may have user, password, port and path")
{
    const auto url = parse_ftp_url("ftp://ann:secret@ftp.example.org:2121/images/new");
    REQUIRE(url);
    CHECK(url->host == "ftp.example.org");
    CHECK(url->port == 2121);
    CHECK(url->user == "ann");
    CHECK(password_of(*url) == "secret");
    CHECK(url->path == "images/new");
}

TEST_CASE("A host alone is a URL too")
{
    for (const auto text : {"ftp://h"sv, "FTP://h"sv, "ftp://h/"sv, "ftp://h:"sv, "ftp://h:21/"sv, "ftp://@h"sv}) {
        CAPTURE(text);
        const auto url = parse_ftp_url(text);
        REQUIRE(url);
        CHECK(url->host == "h");
        CHECK(url->port == 21);
        CHECK(url->user.empty());
        CHECK(password_of(*url) == "none");
        CHECK(url->path.empty());
    }
}

TEST_CASE("A password may be given and empty, and may hold colons and an @")
{
    CHECK(password_of(*parse_ftp_url("ftp://ann@h")) == "none");
    CHECK(password_of(*parse_ftp_url("ftp://ann:@h")) == "");
    CHECK(password_of(*parse_ftp_url("ftp://ann:a:b@c@h")) == "a:b@c");
    CHECK(parse_ftp_url("ftp://ann:a:b@c@h")->user == "ann");
}

TEST_CASE("An encoded delimiter is part of what it stands in")
{
    const auto url = parse_ftp_url("ftp://a%3ab%40c:p%2Fw%25@h%2eorg/%2Fetc/a%20b%3Btype=i");
    REQUIRE(url);
    CHECK(url->user == "a:b@c");
    CHECK(password_of(*url) == "p/w%");
    CHECK(url->host == "h.org");
    CHECK(url->path == "/etc/a b;type=i");
    CHECK(url->type == '\0');
}

TEST_CASE("A path is bytes in any encoding, and everything behind the host's slash")
{
    CHECK(parse_ftp_url("ftp://h/B%C3%A4r.jpg")->path == "B\xc3\xa4r.jpg");
    CHECK(parse_ftp_url("ftp://h/B\xc3\xa4r.jpg")->path == "B\xc3\xa4r.jpg");
    CHECK(parse_ftp_url("ftp://h//a")->path == "/a");
    CHECK(parse_ftp_url("ftp://h/a?b#c:d@e")->path == "a?b#c:d@e");
}

TEST_CASE("A path may end in a type")
{
    CHECK(parse_ftp_url("ftp://h/a;type=A")->type == 'a');
    CHECK(parse_ftp_url("ftp://h/a;TYPE=i")->type == 'i');
    CHECK(parse_ftp_url("ftp://h/a;b;type=d")->type == 'd');
    CHECK(parse_ftp_url("ftp://h/a;b;type=d")->path == "a;b");
    CHECK(is_malformed("ftp://h/a;type="));
    CHECK(is_malformed("ftp://h/a;type=x"));
    CHECK(is_malformed("ftp://h/a;type=ii"));
}

TEST_CASE("An IPv6 address stands in brackets")
{
    const auto url = parse_ftp_url("ftp://ann@[::1]:2121/a");
    REQUIRE(url);
    CHECK(url->host == "::1");
    CHECK(url->port == 2121);
    CHECK(parse_ftp_url("ftp://[2001:db8::1]")->host == "2001:db8::1");
    for (const auto text : {"ftp://[::1"sv, "ftp://[]"sv, "ftp://[h]"sv, "ftp://[127.0.0.1]"sv, "ftp://[::1]x"sv,
                            "ftp://[::1]21"sv, "ftp://::1/"sv, "ftp://[[::1]]"sv}) {
        CAPTURE(text);
        CHECK(is_malformed(text));
    }
}

TEST_CASE("A link-local address names its interface behind %25, or behind the % that people copy")
{
    CHECK(parse_ftp_url("ftp://[fe80::1%25eth0]:2121/a")->host == "fe80::1%eth0");
    CHECK(parse_ftp_url("ftp://[fe80::1%eth0]")->host == "fe80::1%eth0");
    CHECK(parse_ftp_url("ftp://[fe80::1%25]")->host == "fe80::1%25");
    CHECK(format_ftp_url({.host = "fe80::1%eth0", .port = 2121}) == "ftp://[fe80::1%25eth0]:2121/");
    for (const auto text : {"ftp://[fe80::1%]"sv, "ftp://[%25eth0]"sv, "ftp://[h%25eth0]"sv, "ftp://[1.2.3.4%25eth0]"sv,
                            "ftp://[fe80::1%25eth0%0a]"sv, "ftp://[fe80::1%25%zz]"sv}) {
        CAPTURE(text);
        CHECK(is_malformed(text));
    }
}

TEST_CASE("A host has no colon, encoded or not: only an IPv6 address does, in its brackets")
{
    for (const auto text :
         {"ftp://a%3Ab/"sv, "ftp://a%3a21"sv, "ftp://ann@%3A/"sv, "ftp://%3A%3A1/"sv, "ftp://%5B::1%5D/"sv}) {
        CAPTURE(text);
        CHECK(is_malformed(text));
    }
}

TEST_CASE("What is not an ftp URL is malformed")
{
    for (const auto text : {""sv, "h"sv, "ftp:"sv, "ftp:/h"sv, "ftp://"sv, "ftp:///a"sv, "ftp://ann@"sv, "ftp://:21"sv,
                            "ftp://h?a"sv, "ftp://h?a/b"sv, "ftp://h#a"sv, "ftp://h%3Fa"sv, "http://h"sv, "sftp://h"sv,
                            "ftpss://h"sv, "ftps:/h"sv, "ftpes:"sv, " ftp://h"sv}) {
        CAPTURE(text);
        CHECK(is_malformed(text));
    }
}

TEST_CASE("A URL's scheme tells how TLS is demanded, and which port is meant")
{
    struct expected {
        std::string_view text;
        ftp_scheme scheme;
        std::uint16_t port;
    };
    for (const auto& row :
         {expected{"ftp://h/a"sv, ftp_scheme::ftp, 21}, expected{"ftps://h/a"sv, ftp_scheme::ftps, 990},
          expected{"FtpS://ann@h:/a"sv, ftp_scheme::ftps, 990}, expected{"ftps://h:21/a"sv, ftp_scheme::ftps, 21},
          expected{"ftpes://h/a"sv, ftp_scheme::ftpes, 21},
          expected{"FTPES://[::1]:990/a"sv, ftp_scheme::ftpes, 990}}) {
        CAPTURE(row.text);
        const auto url = parse_ftp_url(row.text);
        REQUIRE(url);
        CHECK(url->scheme == row.scheme);
        CHECK(url->port == row.port);
        CHECK(url->path == "a");
    }
}

TEST_CASE("A port is a number from 1 to 65535")
{
    CHECK(parse_ftp_url("ftp://h:65535")->port == 65535);
    for (const auto text : {"ftp://h:0"sv, "ftp://h:65536"sv, "ftp://h:x"sv, "ftp://h:-1"sv, "ftp://h:+1"sv,
                            "ftp://h: 21"sv, "ftp://h:21x"sv, "ftp://h:21:21"sv, "ftp://h:99999999999999999999"sv}) {
        CAPTURE(text);
        CHECK(is_malformed(text));
    }
}

TEST_CASE("A bad escape or a control byte makes a URL malformed, wherever it stands")
{
    for (const auto bad : {"%"sv, "%4"sv, "%4x"sv, "%x4"sv, "%+4"sv, "% 4"sv, "%0x41"sv, "%00"sv, "%0d%0a"sv, "%7F"sv,
                           "\n"sv, "\0"sv, "\x7f"sv}) {
        CAPTURE(bad);
        const std::string part{bad};
        CHECK(is_malformed("ftp://h/" + part));
        CHECK(is_malformed("ftp://" + part + "@h/"));
        CHECK(is_malformed("ftp://a:" + part + "@h/"));
        CHECK(is_malformed("ftp://" + part + "/"));
    }
}

TEST_CASE("The password of a URL is found where it is written, to be hidden")
{
    CHECK(find_url_password("open ftp://ann:secret@h/a") == "secret");
    CHECK(find_url_password("ftp://ann:@h") == "");
    CHECK(find_url_password("ftps://ann:se:cr%40et@h") == "se:cr%40et");
    CHECK(find_url_password("FTPES://ann:secret@h") == "secret");
    CHECK_FALSE(find_url_password("ftp://ann@h"));
    CHECK_FALSE(find_url_password("ftp://h:21/"));
    CHECK_FALSE(find_url_password("ann:secret@h"));
    CHECK_FALSE(find_url_password(""));
}

TEST_CASE("The password of a malformed URL is found as well, rather too long than too short")
{
    CHECK(find_url_password("ftp://ann:se/cr et@h") == "se/cr et");
    CHECK(find_url_password("ftp://ann:secret@h/a@b") == "secret@h/a");
    CHECK(find_url_password("ftp://ann:%@h:x") == "%");
}

TEST_CASE("A URL is written without its password, and reads as it was")
{
    for (const auto text :
         {"ftp://h/"sv, "ftp://ann@h/images/new"sv, "ftps://h/"sv, "ftps://h:21/"sv, "ftpes://h:2121/a"sv,
          "ftp://[::1]:2121/"sv, "ftp://[fe80::1%25eth%250]/"sv, "ftp://[fe80::1%2525]/"sv,
          "ftp://h/%2Fetc/a%20b%3Btype=i"sv, "ftp://a%3Ab%40c@h/B%C3%A4r;type=a"sv, "ftp://h/%2F"sv, "ftp://h/%2F/a"sv,
          "ftp://h/a%25b~-._"sv}) {
        CAPTURE(text);
        const auto url = parse_ftp_url(text);
        REQUIRE(url);
        const auto written = format_ftp_url(*url);
        const auto again = parse_ftp_url(written);
        REQUIRE(again);
        CHECK(again->path == url->path);
        CHECK(again->user == url->user);
        CHECK(again->host == url->host);
        CHECK(again->port == url->port);
        CHECK(again->scheme == url->scheme);
        CHECK(again->type == url->type);
        CHECK(format_ftp_url(*again) == written);
    }
    CHECK(format_ftp_url(*parse_ftp_url("FTP://ann:secret@h:21//etc")) == "ftp://ann@h/%2Fetc");
}
