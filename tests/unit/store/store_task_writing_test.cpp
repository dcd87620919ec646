// Copies and combined files: complete or not there at all, and no part is lost.
#include "support/watched_store.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using libftp::testing::names_in;
using libftp::testing::run_to_end;
using libftp::testing::watched_store;
using names = std::vector<std::string>;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

std::shared_ptr<watched_store> store_with(std::initializer_list<std::pair<const char*, std::string>> files)
{
    auto store = std::make_shared<watched_store>();
    for (const auto& [path, content] : files)
        store->files.add_file(path, content);
    return store;
}

std::shared_ptr<store_task> combining(const std::shared_ptr<watched_store>& store, std::vector<store_path> parts)
{
    return make_combine_task(store, at("/target"), std::move(parts), {});
}

const std::error_code given_up = std::make_error_code(std::errc::operation_canceled);

} // namespace

TEST_CASE("A copy has the content of the file, which stays")
{
    const auto store = store_with({{"/a", "content"}});
    CHECK(run_to_end(*make_copy_task(store, at("/a"), at("/b"), {})).value().bytes == 7);
    CHECK(store->files.content("/a").value() == "content");
    CHECK(store->files.content("/b").value() == "content");
    CHECK(store->discards.empty());
}

TEST_CASE("A copy of an empty file is an empty file")
{
    const auto store = store_with({{"/a", ""}});
    CHECK(run_to_end(*make_copy_task(store, at("/a"), at("/b"), {})).value().bytes == 0);
    CHECK(store->files.content("/b").value().empty());
}

TEST_CASE("A copy replaces a file of that name when it is complete, and moves a bounded part in each step")
{
    const std::string content(2 * mebibyte + 5, 'n');
    const auto store = store_with({{"/a", content}, {"/b", "old"}});
    const auto task = make_copy_task(store, at("/a"), at("/b"), {});
    for (;;) {
        const auto before = store->bytes_read;
        CHECK(store->files.content("/b").value() == "old");
        const auto given = task->step().value();
        CHECK(store->bytes_read - before <= mebibyte);
        if (given.is_done)
            break;
    }
    CHECK(store->files.content("/b").value() == content);
}

TEST_CASE("A copy of a file onto itself is refused")
{
    const auto store = store_with({{"/a", "content"}});
    CHECK(error_of(make_copy_task(store, at("/a"), at("/a"), {})->step()) == store_errc::name_not_allowed);
    CHECK(store->files.content("/a").value() == "content");
}

TEST_CASE("A copy of a directory, of nothing, or onto a directory is refused")
{
    const auto store = store_with({{"/a", "content"}, {"/d/f", ""}});
    CHECK(error_of(make_copy_task(store, at("/d"), at("/b"), {})->step()) == store_errc::is_a_directory);
    CHECK(error_of(make_copy_task(store, at("/gone"), at("/b"), {})->step()) == store_errc::not_found);
    CHECK(error_of(make_copy_task(store, at("/a"), at("/d"), {})->step()) == store_errc::is_a_directory);
    CHECK(names_in(store->files, "/") == names{"a", "d"});
}

TEST_CASE("An abandoned copy leaves no file")
{
    const auto store = store_with({{"/a", std::string(2 * mebibyte, 'x')}});
    auto task = make_copy_task(store, at("/a"), at("/b"), {});
    CHECK_FALSE(task->step().value().is_done);
    task.reset();
    CHECK(store->discards == std::vector{given_up});
    CHECK(names_in(store->files, "/") == names{"a"});
}

TEST_CASE("A copy that cannot be written or read is discarded for that reason, once")
{
    const auto full = make_error_code(store_errc::insufficient_storage);
    const auto store = store_with({{"/a", "content"}});
    SUBCASE("written")
    {
        store->write_error = full;
    }
    SUBCASE("read")
    {
        store->read_error = full;
    }
    CHECK(error_of(make_copy_task(store, at("/a"), at("/b"), {})->step()) == full);
    CHECK(store->discards == std::vector{full});
    CHECK(names_in(store->files, "/") == names{"a"});
}

TEST_CASE("A copy whose commit fails is an error and is not discarded besides")
{
    const auto store = store_with({{"/a", "content"}});
    store->commit_error = make_error_code(store_errc::quota_exceeded);
    CHECK(error_of(run_to_end(*make_copy_task(store, at("/a"), at("/b"), {}))) == store_errc::quota_exceeded);
    CHECK(store->discards.empty());
}

TEST_CASE("Parts are combined in their order to a new file, and then removed")
{
    const auto store = store_with({{"/p2", "two "}, {"/p1", "one "}, {"/p3", "three"}});
    const auto given = run_to_end(*combining(store, {at("/p1"), at("/p2"), at("/p3")})).value();
    CHECK(given.bytes == 13);
    CHECK(store->files.content("/target").value() == "one two three");
    CHECK(names_in(store->files, "/") == names{"target"});
}

TEST_CASE("Parts are appended to a target that is there")
{
    const auto store = store_with({{"/target", "zero "}, {"/p1", "one"}});
    CHECK(run_to_end(*combining(store, {at("/p1")})).value().bytes == 3);
    CHECK(store->files.content("/target").value() == "zero one");
    CHECK(names_in(store->files, "/") == names{"target"});
}

TEST_CASE("A part that is named twice is there twice")
{
    const auto store = store_with({{"/p", "ab"}});
    CHECK(run_to_end(*combining(store, {at("/p"), at("/p")})).has_value());
    CHECK(store->files.content("/target").value() == "abab");
}

TEST_CASE("A target among the parts is refused, under another name too")
{
    const auto store = store_with({{"/target", "zero"}, {"/p", "one"}});
    store->files.make_symbolic_link(at("/target"), at("/link")).value();
    for (const auto* same : {"/target", "/link"}) {
        CAPTURE(same);
        CHECK(error_of(run_to_end(*combining(store, {at("/p"), at(same)}))) == store_errc::name_not_allowed);
    }
    CHECK(store->files.content("/target").value() == "zero");
    CHECK(names_in(store->files, "/") == names{"link", "p", "target"});
}

TEST_CASE("A missing part or a directory among the parts is found before anything is written")
{
    const auto store = store_with({{"/target", "zero"}, {"/p", "one"}, {"/d/f", ""}});
    CHECK(error_of(run_to_end(*combining(store, {at("/p"), at("/gone")}))) == store_errc::not_found);
    CHECK(error_of(run_to_end(*combining(store, {at("/p"), at("/d")}))) == store_errc::is_a_directory);
    CHECK(store->files.content("/target").value() == "zero");
    CHECK(store->files.content("/p").value() == "one");
}

TEST_CASE("No part is removed before the target is committed")
{
    const auto store = store_with({{"/p1", "one"}, {"/p2", "two"}});
    std::size_t commits_at_removal = 0;
    store->before_removal = [&](const store_path&) { commits_at_removal = store->commits; };
    store->commit_error = make_error_code(store_errc::insufficient_storage);
    CHECK(error_of(run_to_end(*combining(store, {at("/p1"), at("/p2")}))) == store_errc::insufficient_storage);
    CHECK(names_in(store->files, "/") == names{"p1", "p2"});

    store->commits = 0;
    store->commit_error = {};
    CHECK(run_to_end(*combining(store, {at("/p1"), at("/p2")})).has_value());
    CHECK(commits_at_removal == 1);
}

TEST_CASE("An abandoned combination leaves the parts and no new file")
{
    const auto store = store_with({{"/p1", std::string(2 * mebibyte, 'x')}, {"/p2", "two"}});
    auto task = combining(store, {at("/p1"), at("/p2")});
    while (store->bytes_read == 0)
        CHECK_FALSE(task->step().value().is_done);
    task.reset();
    CHECK(store->discards == std::vector{given_up});
    CHECK(names_in(store->files, "/") == names{"p1", "p2"});
}

TEST_CASE("A combination that cannot be written is discarded for that reason, and keeps the parts")
{
    const auto store = store_with({{"/p1", "one"}});
    store->write_error = make_error_code(store_errc::quota_exceeded);
    CHECK(error_of(run_to_end(*combining(store, {at("/p1")}))) == store_errc::quota_exceeded);
    CHECK(store->discards == std::vector{store->write_error});
    CHECK(names_in(store->files, "/") == names{"p1"});
}

TEST_CASE("A combination reads a bounded part in each step, and tells how far it is")
{
    const auto store = store_with({{"/p1", std::string(mebibyte + 1, 'x')}, {"/p2", std::string(mebibyte, 'y')}});
    const auto task = combining(store, {at("/p1"), at("/p2")});
    for (;;) {
        const auto before = store->bytes_read;
        const auto given = task->step().value();
        CHECK(store->bytes_read - before <= mebibyte);
        CHECK(given.bytes == store->bytes_read);
        if (given.is_done)
            break;
    }
    CHECK(store->files.content("/target").value().size() == 2 * mebibyte + 1);
}

TEST_CASE("Many parts are checked and removed some at a time")
{
    const auto store = std::make_shared<watched_store>();
    std::vector<store_path> parts;
    for (int i = 0; i < 600; ++i) {
        parts.push_back(at("/" + std::to_string(i)));
        store->files.add_file(parts.back().string(), "x");
    }
    const auto task = combining(store, parts);
    for (bool is_done = false; !is_done;) {
        const auto before = store->calls;
        is_done = task->step().value().is_done;
        CHECK(store->calls - before <= 300);
    }
    CHECK(store->files.content("/target").value() == std::string(600, 'x'));
    CHECK(names_in(store->files, "/") == names{"target"});
}

TEST_CASE("A copy gets no mode bits that its source has not")
{
    const auto store = store_with({{"/private", "1"}, {"/open", "2"}});
    store->files.set_attributes(at("/private"), {.mode = 0600}).value();
    run_to_end(*make_copy_task(store, at("/private"), at("/copy"), {})).value();
    CHECK(store->files.stat(at("/copy")).value().mode == 0600U);
    run_to_end(*make_copy_task(store, at("/open"), at("/copy2"), 0027)).value();
    CHECK(store->files.stat(at("/copy2")).value().mode == 0640U);
    store->files.set_attributes(at("/open"), {.mode = 0666}).value();
    run_to_end(*make_copy_task(store, at("/open"), at("/copy3"), {})).value();
    CHECK(store->files.stat(at("/copy3")).value().mode == 0644U);
    run_to_end(*combining(store, {at("/open"), at("/private")})).value();
    CHECK(store->files.stat(at("/target")).value().mode == 0600U);
}
