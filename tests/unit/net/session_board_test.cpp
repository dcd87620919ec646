// What the board tells of sessions that report to it.
#include <doctest/doctest.h>

#include "net/session_board.hpp"

#include <string>

using namespace libftp;
using namespace std::chrono_literals;
using net::session_board;

namespace {

const clock::time_point start{1000h};

session_facts ann_at(clock::time_point now)
{
    return {.id = 7, .user = "ann", .now = now};
}

store_path path(std::string_view text)
{
    return store_path{}.resolve(text).value();
}

/// ann, who has begun an upload.
void begin_upload(session_board& board)
{
    board.opened(ann_at(start));
    board.transfer_began(ann_at(start), transfer_kind::upload, path("/big"));
}

} // namespace

TEST_CASE("Sessions are told in the order they came, and no more when they are gone")
{
    session_board board;
    for (const std::uint64_t id : {1U, 2U, 3U, 40U, 5U})
        board.opened({.id = id, .now = start});
    board.closed({.id = 2, .now = start}, close_reason::quit);
    std::string ids;
    for (const auto& session : board.sessions(start))
        ids += std::to_string(session.facts.id) + " ";
    CHECK(ids == "1 3 5 40 ");
    CHECK(board.facts().size() == 4);
    CHECK(board.facts().back().id == 40);
    CHECK(board.has(1));
    CHECK_FALSE(board.has(2));
}

TEST_CASE("A session is told as it is now, with when it came and when something happened last")
{
    session_board board;
    board.opened({.id = 7, .now = start});
    board.logged_in(ann_at(start + 1s));
    auto facts = ann_at(start + 2s);
    facts.client = "gFTP";
    board.facts_changed(facts);
    facts.now = start + 3s;
    facts.directory = path("/d");
    board.replied(facts, 250, "");
    const auto told = board.sessions(start + 9s).at(0);
    CHECK(told.began == start);
    CHECK(told.facts.user == "ann");
    CHECK(told.facts.client == "gFTP");
    CHECK(told.facts.directory.string() == "/d");
    CHECK(told.facts.now == start + 3s);
    CHECK(told.command.empty());
    CHECK_FALSE(told.transfer);
}

TEST_CASE("The last command is told, of a long one the beginning")
{
    session_board board;
    board.opened(ann_at(start));
    const auto command = [&](std::string_view name, std::string_view argument) {
        board.command_received(ann_at(start), name, argument);
        return board.sessions(start).at(0).command;
    };
    CHECK(command("RETR", "a b") == "RETR a b");
    CHECK(command("NOOP", "") == "NOOP");
    const std::string longest(4096, 'x');
    CHECK(command("STOR", longest) == "STOR " + longest.substr(0, 246));
    CHECK(command(longest, longest) == longest.substr(0, 250) + " ");
}

TEST_CASE("A transfer is told from its beginning to its end, with the bytes that have moved")
{
    session_board board;
    begin_upload(board);
    board.transfer_progressed(ann_at(start), transfer_kind::upload, 100);
    board.transfer_progressed(ann_at(start), transfer_kind::upload, 20);
    const auto told = board.sessions(start).at(0).transfer;
    REQUIRE(told);
    CHECK(told->kind == transfer_kind::upload);
    CHECK(told->path.string() == "/big");
    CHECK(told->began == start);
    CHECK(told->bytes == 120);
    CHECK(told->bytes_per_second == 0);
    board.transfer_ended(ann_at(start), {});
    board.transfer_progressed(ann_at(start), transfer_kind::upload, 1);
    CHECK_FALSE(board.sessions(start).at(0).transfer);
}

TEST_CASE("The rate of a transfer is that of its last seconds, and sinks when nothing moves")
{
    session_board board;
    begin_upload(board);
    const auto rate_at = [&](clock::time_point now) { return board.sessions(now).at(0).transfer->bytes_per_second; };
    board.transfer_progressed(ann_at(start + 500ms), transfer_kind::upload, 1000);
    CHECK(rate_at(start + 999ms) == 0);
    board.transfer_progressed(ann_at(start + 2s), transfer_kind::upload, 1000);
    CHECK(rate_at(start + 2s) == 1000);
    board.transfer_progressed(ann_at(start + 2500ms), transfer_kind::upload, 5000);
    CHECK(rate_at(start + 2500ms) == 1000);
    CHECK(rate_at(start + 3s) == 5000);
    board.transfer_progressed(ann_at(start + 4s), transfer_kind::upload, 1000);
    CHECK(rate_at(start + 4s) == 3000);
    CHECK(rate_at(start + 8s) == 0);
}
