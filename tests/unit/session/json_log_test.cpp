// One JSON object for each event, with the members a program looks for.
#include <libftp/session/json_log.hpp>

#include <libftp/error.hpp>

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

const clock::time_point now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 19}.time_since_epoch() + 10h + 7min +
                            3s + 250ms};
const endpoint peer{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 7}}, 40000};

session_facts ann()
{
    return {.id = 7, .peer = peer, .user = "ann", .now = now};
}

store_path path(std::string_view text)
{
    return store_path{}.resolve(text).value();
}

/// What ann's events begin with.
std::string ann_and(const std::string& event, const std::string& rest = "}")
{
    return R"({"time":"2026-11-19T10:07:03.250Z","event":")" + event +
           R"(","session":7,"peer":"192.0.2.7","peer_port":40000,"user":"ann")" + rest;
}

/// Keeps the last line.
struct log_book {
    std::string line;
    json_log log{[this](std::string_view text) { line = text; }};
};

} // namespace

TEST_CASE("The beginning of a session tells who came, and leaves out what is not known yet")
{
    log_book book;
    auto session = ann();
    session.user.clear();
    book.log.opened(session);
    CHECK(book.line == R"({"time":"2026-11-19T10:07:03.250Z","event":"opened","session":7,)"
                       R"("peer":"192.0.2.7","peer_port":40000})");
    session.peer.address = ip_address::loopback_v6();
    book.log.opened(session);
    CHECK(book.line.find(R"("peer":"::1","peer_port":40000})") != std::string::npos);
}

TEST_CASE("A connection that was turned away has no session")
{
    log_book book;
    book.log.turned_away(peer, now);
    CHECK(book.line ==
          R"({"time":"2026-11-19T10:07:03.250Z","event":"turned_away","peer":"192.0.2.7","peer_port":40000})");
}

TEST_CASE("A proxy whose header cannot be read is named, with what was wrong")
{
    log_book book;
    book.log.proxy_failed(peer, protocol_errc::proxy_header_malformed, now);
    CHECK(book.line == R"({"time":"2026-11-19T10:07:03.250Z","event":"proxy_failed","peer":"192.0.2.7",)"
                       R"("peer_port":40000,"error":"the connection does not begin with a PROXY header"})");
}

TEST_CASE("Every event says whatever is known of the session")
{
    log_book book;
    auto session = ann();
    session.is_anonymous = true;
    session.client = "gFTP";
    session.host = "ftp.example.org";
    book.log.logged_in(session);
    CHECK(book.line == ann_and("logged_in", R"(,"is_anonymous":true,"client":"gFTP","host":"ftp.example.org"})"));
    book.log.closed(session, close_reason::quit);
    CHECK(book.line ==
          ann_and("closed", R"(,"is_anonymous":true,"client":"gFTP","host":"ftp.example.org","reason":"quit"})"));
}

TEST_CASE("Every event says which version of TLS protects the control connection")
{
    log_book book;
    auto session = ann();
    session.tls =
        std::make_shared<const tls_facts>(tls_facts{.version = "TLSv1.3", .cipher = "TLS_AES_128_GCM_SHA256"});
    book.log.logged_in(session);
    CHECK(book.line == ann_and("logged_in", R"(,"tls":"TLSv1.3"})"));
    book.log.closed(session, close_reason::tls_failed);
    CHECK(book.line == ann_and("closed", R"(,"tls":"TLSv1.3","reason":"tls_failed"})"));
}

TEST_CASE("A failed handshake tells why")
{
    log_book book;
    book.log.tls_failed(ann(), tls_errc::session_not_resumed);
    CHECK(book.line ==
          ann_and("tls_failed", R"(,"error":")" + make_error_code(tls_errc::session_not_resumed).message() + "\"}"));
}

TEST_CASE("Commands, replies and logins tell their texts")
{
    log_book book;
    book.log.command_received(ann(), "RETR", "a.txt");
    CHECK(book.line == ann_and("command_received", R"(,"name":"RETR","argument":"a.txt"})"));
    book.log.replied(ann(), 226, "Done.");
    CHECK(book.line == ann_and("replied", R"(,"code":226,"text":"Done."})"));
    book.log.logged_in(ann());
    CHECK(book.line == ann_and("logged_in"));
    book.log.login_refused(ann(), "bob");
    CHECK(book.line == ann_and("login_refused", R"(,"refused_user":"bob"})"));
}

TEST_CASE("The end of a transfer tells how it went, and its cause where there is one")
{
    log_book book;
    book.log.transfer_began(ann(), transfer_kind::upload, path("d/a"));
    CHECK(book.line == ann_and("transfer_began", R"(,"kind":"upload","path":"/d/a"})"));

    transfer_report report{.kind = transfer_kind::upload,
                           .path = path("d/a"),
                           .coding = {representation_type::image, file_structure::file, transfer_mode::deflate},
                           .offset = 10,
                           .bytes = 1000,
                           .time = 1500ms,
                           .reply_code = 226};
    book.log.transfer_ended(ann(), report);
    CHECK(book.line == ann_and("transfer_ended",
                               R"(,"kind":"upload","path":"/d/a","end":"completed","offset":10,"bytes":1000,)"
                               R"("seconds":1.500000,"type":"image","structure":"file","mode":"deflate",)"
                               R"("reply_code":226})"));
    report.is_protected = true;
    book.log.transfer_ended(ann(), report);
    CHECK(book.line.ends_with(R"("reply_code":226,"is_protected":true})"));
    report.is_protected = false;
    report.end = transfer_end::malformed;
    report.reply_code = 426;
    report.error = protocol_errc::transfer_malformed;
    book.log.transfer_ended(ann(), report);
    CHECK(book.line.find(R"("end":"malformed")") != std::string::npos);
    CHECK(book.line.ends_with(R"("reply_code":426,"error":")" + report.error.message() + "\"}"));
}

TEST_CASE("A change tells its new place where it has one")
{
    log_book book;
    book.log.changed(ann(), {.kind = change_kind::directory_made, .path = path("d")});
    CHECK(book.line == ann_and("changed", R"(,"kind":"directory_made","path":"/d"})"));
    book.log.changed(ann(), {.kind = change_kind::renamed, .path = path("a"), .to = path("b")});
    CHECK(book.line == ann_and("changed", R"(,"kind":"renamed","path":"/a","to":"/b"})"));
}

TEST_CASE("No bytes from the peer break out of their string or line")
{
    log_book book;
    auto session = ann();
    session.user = "\",\"user\":\"root";
    session.client = "line\r\n{\"event\":\"closed\"}";
    book.log.command_received(session, "\xff\"\\", "\x1b]0;title\x07 \xc3\x28 \xed\xa0\x80");
    CHECK(book.line == R"({"time":"2026-11-19T10:07:03.250Z","event":"command_received","session":7,)"
                       R"("peer":"192.0.2.7","peer_port":40000,"user":"\",\"user\":\"root",)"
                       R"("client":"line\u000d\u000a{\"event\":\"closed\"}","name":"\ufffd\"\\",)"
                       R"("argument":"\u001b]0;title\u0007 \ufffd( \ufffd\ufffd\ufffd"})");
    book.log.transfer_began(ann(), transfer_kind::download, path("a\x01\"\xfe"));
    CHECK(book.line.ends_with(R"("path":"/a\u0001\"\ufffd"})"));
}
