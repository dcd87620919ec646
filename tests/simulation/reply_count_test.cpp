// Replies that are missing, doubled, out of order or of the wrong kind are noticed.
#include "reply_count.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

using libftp::simulation::reply_count;

namespace {

/// What is wrong with the last of these replies; all before it are fine.
const char* wrong_with_last(std::initializer_list<const char*> lines, std::initializer_list<int> codes)
{
    reply_count count{reply_count::refusals::of_the_verb};
    REQUIRE(count.heard(220) == nullptr);
    for (const auto* const line : lines)
        count.said(line);
    const char* wrong = nullptr;
    for (const auto code : codes) {
        REQUIRE(wrong == nullptr);
        wrong = count.heard(code);
    }
    return wrong;
}

} // namespace

TEST_CASE("Each command gets its reply, in the order of the commands")
{
    CHECK(wrong_with_last({"PWD", "NOOP", "RETR a", "TYPE I"}, {257, 200, 150, 226, 200}) == nullptr);
    CHECK(wrong_with_last({"PWD", "NOOP"}, {200}) != nullptr);
}

TEST_CASE("A doubled reply is noticed, and one that is missing is outstanding")
{
    CHECK(wrong_with_last({"NOOP"}, {200, 200}) != nullptr);
    reply_count count{reply_count::refusals::of_the_verb};
    count.said("NOOP");
    static_cast<void>(count.heard(220));
    CHECK(count.outstanding() == 1);
}

TEST_CASE("During a transfer some commands are answered before its end, and ABOR overtakes what waits")
{
    CHECK(wrong_with_last({"RETR a", "NOOP"}, {150, 200, 226}) == nullptr);
    CHECK(wrong_with_last({"RETR a", "PWD", "ABOR"}, {150, 426, 226, 257}) == nullptr);
    CHECK(wrong_with_last({"RETR a", "PWD", "ABOR", "SYST"}, {150, 426, 226, 215}) != nullptr);
}

TEST_CASE("A transfer that has not begun cannot be complete, and none begins twice")
{
    CHECK(wrong_with_last({"STOR a"}, {226}) != nullptr);
    CHECK(wrong_with_last({"STOR a"}, {150, 150}) != nullptr);
    CHECK(wrong_with_last({"NOOP"}, {150}) != nullptr);
}

TEST_CASE("421 is the last reply")
{
    CHECK(wrong_with_last({"NOOP"}, {421}) == nullptr);
    CHECK(wrong_with_last({"NOOP"}, {421, 200}) != nullptr);
}
