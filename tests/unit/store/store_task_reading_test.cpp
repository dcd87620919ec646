// Tasks that read one file: what they tell of it, and how little they do in one step.
#include "support/watched_store.hpp"

#include <libftp/protocol/ascii_codec.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using libftp::testing::run_to_end;
using libftp::testing::watched_store;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

std::string digest_of(std::string_view bytes)
{
    auto made = digest::begin(digest_algorithm::sha256).value();
    made.update(bytes);
    return made.finish().value();
}

std::shared_ptr<store_task> sha256_task(const std::shared_ptr<watched_store>& store, byte_range range = {})
{
    return make_digest_task(store, at("/f"), digest_algorithm::sha256, range);
}

std::uint64_t ascii_size_of(std::string content)
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", std::move(content));
    return run_to_end(*make_ascii_size_task(store, at("/f"))).value().bytes;
}

} // namespace

TEST_CASE("A digest task gives the digest of the whole file and its size")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "0123456789");
    const auto given = run_to_end(*sha256_task(store)).value();
    CHECK(given.text == digest_of("0123456789"));
    CHECK(given.bytes == 10);
}

TEST_CASE("A digest task of an empty file gives the digest of nothing")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "");
    const auto given = run_to_end(*sha256_task(store)).value();
    CHECK(given.text == digest_of(""));
    CHECK(given.bytes == 0);
}

TEST_CASE("A digest task of a range reads that range only")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "0123456789");
    const auto given = run_to_end(*sha256_task(store, {2, 6})).value();
    CHECK(given.text == digest_of("2345"));
    CHECK(given.bytes == 4);
    CHECK(store->bytes_read == 4);
}

TEST_CASE("A range that ends behind the end of the file ends with the file")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "0123456789");
    const auto given = run_to_end(*sha256_task(store, {8, 100})).value();
    CHECK(given.text == digest_of("89"));
    CHECK(given.bytes == 2);
}

TEST_CASE("A range without bytes gives the digest of nothing, also at the very end of the file")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "0123456789");
    for (const auto range : {byte_range{5, 5}, byte_range{10, 10}, byte_range{10, 20}})
        CHECK(run_to_end(*sha256_task(store, range)).value().text == digest_of(""));
}

TEST_CASE("A range behind the end of the file is refused as an invalid offset")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "0123456789");
    CHECK(error_of(sha256_task(store, {11, 20})->step()) == store_errc::offset_invalid);
}

TEST_CASE("A range that ends before it begins is refused as an invalid argument")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "0123456789");
    CHECK(error_of(sha256_task(store, {6, 2})->step()) == std::errc::invalid_argument);
}

TEST_CASE("A digest task of a directory or of nothing gives the store's refusal")
{
    const auto store = std::make_shared<watched_store>();
    CHECK(error_of(sha256_task(store)->step()) == store_errc::not_found);
    store->files.add_directory("/f");
    CHECK(error_of(sha256_task(store)->step()) == store_errc::is_a_directory);
}

TEST_CASE("A digest task gives a failure of the reader")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "0123456789");
    store->read_error = std::make_error_code(std::errc::io_error);
    CHECK(error_of(sha256_task(store)->step()) == std::errc::io_error);
}

TEST_CASE("A task does nothing with the store before its first step")
{
    const auto store = std::make_shared<watched_store>();
    const auto allowed = access_rules{permissions::full()};
    const std::vector tasks{
        sha256_task(store),
        make_ascii_size_task(store, at("/f")),
        make_tree_size_task(store, at("/f"), allowed),
        make_copy_task(store, at("/f"), at("/g"), {}),
        make_combine_task(store, at("/f"), {at("/g")}, {}),
        make_directories_task(store, at("/f"), allowed, {}),
        make_tree_removal_task(store, at("/f"), allowed),
    };
    CHECK(store->calls == 0);
}

TEST_CASE("A digest task reads at most so much in one step")
{
    const auto store = std::make_shared<watched_store>();
    const std::string content(3 * mebibyte + mebibyte / 2, 'x');
    store->files.add_file("/f", content);
    const auto task = sha256_task(store);
    std::size_t steps = 0;
    for (;;) {
        const auto before = store->bytes_read;
        const auto given = task->step().value();
        ++steps;
        CHECK(store->bytes_read - before <= mebibyte);
        CHECK(given.bytes == store->bytes_read);
        if (given.is_done) {
            CHECK(given.text == digest_of(content));
            break;
        }
        CHECK(given.text.empty());
    }
    CHECK(steps == 4);
}

TEST_CASE("The size in TYPE A counts a CR more for each LF that has none")
{
    CHECK(ascii_size_of("") == 0);
    CHECK(ascii_size_of("no line end") == 11);
    CHECK(ascii_size_of("a\nb\n") == 6);
    CHECK(ascii_size_of("a\r\nb\r\n") == 6);
    CHECK(ascii_size_of("\n\n") == 4);
    CHECK(ascii_size_of("\r\r\n\r") == 4);
}

TEST_CASE("The size in TYPE A is what a transfer sends, also where the reader cuts a CR from its LF")
{
    std::string content;
    while (content.size() < 3 * mebibyte)
        content += content.size() % 3 == 0 ? "\r\n" : "a\n\r\n";
    std::string sent;
    ascii_encoder{}.encode(content, sent);
    CHECK(ascii_size_of(content) == sent.size());
    CHECK(ascii_size_of("x" + content) == sent.size() + 1);
}

TEST_CASE("The size in TYPE A of a directory is the store's refusal")
{
    const auto store = std::make_shared<watched_store>();
    CHECK(error_of(make_ascii_size_task(store, at("/"))->step()) == store_errc::is_a_directory);
}

TEST_CASE("A reading task gives all that its reader gives, in bounded pieces")
{
    const auto store = std::make_shared<watched_store>();
    std::string content;
    while (content.size() < 2 * mebibyte + 10)
        content += std::to_string(content.size());
    store->files.add_file("/f", content);
    const auto task = make_reading_task(store->open_read(at("/f"), 0).value());
    std::string text;
    for (bool is_done = false; !is_done;) {
        const auto given = task->step().value();
        CHECK(given.text.size() <= mebibyte);
        text += given.text;
        CHECK(given.bytes == text.size());
        is_done = given.is_done;
    }
    CHECK(text == content);
}

TEST_CASE("A reading task gives a failure of its reader")
{
    const auto store = std::make_shared<watched_store>();
    store->files.add_file("/f", "text");
    const auto task = make_reading_task(store->open_read(at("/f"), 0).value());
    store->read_error = std::make_error_code(std::errc::io_error);
    CHECK(error_of(task->step()) == std::errc::io_error);
}
