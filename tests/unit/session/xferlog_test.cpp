// The lines of the transfer log, column by column.
#include <libftp/session/xferlog.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

clock::time_point at(std::chrono::year_month_day date, clock::duration time_of_day)
{
    return clock::time_point{std::chrono::sys_days{date}.time_since_epoch() + time_of_day};
}

session_facts ann()
{
    using namespace std::chrono;
    return {.id = 7,
            .peer = {ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 7}}, 40000},
            .user = "ann",
            .now = at(2026y / November / 19, 10h + 7min + 3s + 999ms)};
}

store_path path(std::string_view text)
{
    return store_path{}.resolve(text).value();
}

transfer_report upload_of(std::string_view name)
{
    return {.kind = transfer_kind::upload, .path = path(name), .coding = {representation_type::image}};
}

/// Collects the lines.
struct log_book {
    std::vector<std::string> lines;
    xferlog log{[this](std::string_view line) { lines.emplace_back(line); }};
};

/// The one line that a transfer leads to.
std::string line_of(const session_facts& session, const transfer_report& report)
{
    log_book book;
    book.log.transfer_ended(session, report);
    REQUIRE(book.lines.size() == 1);
    return book.lines.front();
}

} // namespace

TEST_CASE("A download is a line of the columns of xferlog(5)")
{
    CHECK(line_of(ann(), {.path = path("pub/file.bin"),
                          .coding = {representation_type::image},
                          .bytes = 1048576,
                          .time = 12400ms,
                          .reply_code = 226}) ==
          "Thu Nov 19 10:07:03 2026 12 192.0.2.7 1048576 /pub/file.bin b _ o r ann ftp 0 * c");
}

TEST_CASE("An upload goes in, and so does what is appended")
{
    auto report = upload_of("a");
    CHECK(line_of(ann(), report) == "Thu Nov 19 10:07:03 2026 1 192.0.2.7 0 /a b _ i r ann ftp 0 * c");
    report.kind = transfer_kind::append;
    CHECK(line_of(ann(), report) == "Thu Nov 19 10:07:03 2026 1 192.0.2.7 0 /a b _ i r ann ftp 0 * c");
}

TEST_CASE("A transfer that did not complete is marked, for whatever reason it ended")
{
    for (const auto end :
         {transfer_end::no_connection, transfer_end::connection_broken, transfer_end::store_failed,
          transfer_end::malformed, transfer_end::aborted, transfer_end::stalled, transfer_end::session_ended}) {
        auto report = upload_of("a");
        report.end = end;
        CHECK(line_of(ann(), report) == "Thu Nov 19 10:07:03 2026 1 192.0.2.7 0 /a b _ i r ann ftp 0 * i");
    }
}

TEST_CASE("TYPE A, anonymous users and IPv6 show in their columns")
{
    auto session = ann();
    session.is_anonymous = true;
    session.user = "ftp";
    session.peer.address = ip_address::loopback_v6();
    CHECK(line_of(session, {.path = path("a"), .bytes = 3}) ==
          "Thu Nov 19 10:07:03 2026 1 ::1 3 /a a _ o a ftp ftp 0 * c");
}

TEST_CASE("The time is that of ctime: two places for the day, and a new year begins in time")
{
    using namespace std::chrono;
    auto session = ann();
    session.now = at(2027y / January / 1, 0s);
    CHECK(line_of(session, upload_of("a")).starts_with("Fri Jan  1 00:00:00 2027 1 "));
    session.now -= 1ns;
    CHECK(line_of(session, upload_of("a")).starts_with("Thu Dec 31 23:59:59 2026 1 "));
    session.now = at(2028y / February / 29, 12h);
    CHECK(line_of(session, upload_of("a")).starts_with("Tue Feb 29 12:00:00 2028 1 "));
}

TEST_CASE("A transfer takes whole seconds, and one at least")
{
    const auto seconds_of = [](clock::duration time) {
        auto report = upload_of("a");
        report.time = time;
        const auto line = line_of(ann(), report).substr(std::string_view{"Thu Nov 19 10:07:03 2026 "}.size());
        return line.substr(0, line.find(' '));
    };
    CHECK(seconds_of(-5s) == "1");
    CHECK(seconds_of(0s) == "1");
    CHECK(seconds_of(1400ms) == "1");
    CHECK(seconds_of(1600ms) == "2");
    CHECK(seconds_of(3600s) == "3600");
}

TEST_CASE("A listing is no transfer of a file")
{
    log_book book;
    book.log.transfer_ended(ann(), {.kind = transfer_kind::listing});
    CHECK(book.lines.empty());
}

TEST_CASE("A removed file goes out of the store, and other changes are not logged")
{
    log_book book;
    book.log.changed(ann(), {.kind = change_kind::file_removed, .path = path("old file")});
    REQUIRE(book.lines.size() == 1);
    CHECK(book.lines.front() == "Thu Nov 19 10:07:03 2026 0 192.0.2.7 0 /old_file b _ d r ann ftp 0 * c");
    book.log.changed(ann(), {.kind = change_kind::directory_removed, .path = path("d")});
    book.log.changed(ann(), {.kind = change_kind::renamed, .path = path("a"), .to = path("b")});
    CHECK(book.lines.size() == 1);
}

TEST_CASE("No name of a file or user adds a column or a line")
{
    auto session = ann();
    session.user = "an n\n\r\t* c\nThu";
    for (const std::string_view name :
         {"two words", "tab\tand escape \x1b[2J", "C1 \xc2\x9b in UTF-8", "C1 \x9b alone", "\x7f", " "}) {
        const auto line = line_of(session, upload_of(name));
        CHECK(std::count(line.begin(), line.end(), ' ') == 17);
        CHECK(line.find_first_of("\r\n\t\x1b\x7f\x9b") == std::string::npos);
    }
    CHECK(line_of(session, upload_of("a b\x01")) ==
          "Thu Nov 19 10:07:03 2026 1 192.0.2.7 0 /a_b_ b _ i r an_n___*_c_Thu ftp 0 * c");
}

TEST_CASE("Names keep their other bytes, UTF-8 or not, and a user without a name keeps the column")
{
    auto session = ann();
    CHECK(line_of(session, upload_of("Gr\xc3\xbc\xc3\x9f"
                                     "e \xff\xe4\""))
              .find(" /Gr\xc3\xbc\xc3\x9f"
                    "e_\xff\xe4\" b ") != std::string::npos);
    session.user.clear();
    CHECK(line_of(session, upload_of("a")).ends_with(" r * ftp 0 * c"));
}
