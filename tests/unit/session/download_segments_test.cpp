// Downloads in segments: several parts of one file at the same time.
#include "awkward_contents.hpp"
#include "near_files.hpp"
#include "scratch_folder.hpp"
#include "task_host.hpp"

#include <libftp/session/transfer_task.hpp>

#include <doctest/doctest.h>

using namespace libftp;
using libftp::testing::lost_connection;
using libftp::testing::scratch_folder;
using libftp::testing::task_host;

namespace {

using steps = std::vector<std::string>;
constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

/// Made when first asked for: other tests start in the same program.
const std::string& content()
{
    static const auto bytes = testing::mixed_bytes(3 * mebibyte + 1);
    return bytes;
}

struct download {
    scratch_folder folder{};
    task_host host{};
    transfer_options options{};

    download()
    {
        host.files["f"] = {content(), file_time{std::chrono::hours{24}}};
        options.segments = 3;
    }

    client_result<transfer_result> run()
    {
        download_task task{"f", make_local_place(folder.path("f")), options};
        return host.run(task);
    }
    [[nodiscard]] bool is_complete() const { return folder.names() == steps{"f"} && folder.read("f") == content(); }
};

} // namespace

TEST_CASE("Segments are fetched at the same time and make one file")
{
    download it;
    it.options.keeps_time = true;
    const auto made = it.run().value();
    CHECK(it.host.log == steps{"stat f", "call", "download f length 1048576", "download f from 1048576 length 1048576",
                               "download f from 2097152", "stat f", "call"});
    CHECK(it.is_complete());
    CHECK(made.bytes == content().size());
    CHECK(made.announced == content().size());
    CHECK(made.verified == verification::size);
    CHECK(made.is_confirmed);
    CHECK(made.attempts == 1);
    CHECK(std::filesystem::last_write_time(it.folder.path("f")) ==
          std::chrono::file_clock::from_sys(file_time{std::chrono::hours{24}}));
}

TEST_CASE("What was cut off by closing is not confirmed, but of the right size")
{
    download it;
    it.host.confirms = false;
    const auto made = it.run().value();
    CHECK_FALSE(made.is_confirmed);
    CHECK(made.verified == verification::size);
}

TEST_CASE("The progress of segments is summed")
{
    download it;
    std::vector<std::uint64_t> heard;
    it.options.progress = [&](const transfer_progress& made) {
        CHECK(made.total == content().size());
        heard.push_back(made.bytes);
    };
    CHECK(it.run().has_value());
    CHECK(std::ranges::is_sorted(heard));
    CHECK(heard.back() == content().size());
}

TEST_CASE("Each segment is tried again on its own")
{
    download it;
    it.options.retry.attempts = 2;
    it.host.fail_at(2, lost_connection(), 1000);
    it.host.fail_at(3, lost_connection(), 2000);
    const auto made = it.run().value();
    CHECK(it.is_complete());
    CHECK(made.attempts == 3);
    CHECK(made.bytes == content().size());
    CHECK(std::ranges::count(it.host.log, "download f from 1000 length 1047576") == 1);
    CHECK(std::ranges::count(it.host.log, "download f from 1050576 length 1046576") == 1);
}

TEST_CASE("A segment that fails for good fails the download, and nothing is left of it")
{
    for (std::size_t step = 2; step < 5; ++step) {
        download it;
        it.host.fail_at(step, lost_connection(), 1000);
        const auto made = it.run();
        CAPTURE(step);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::connection_closed);
        CHECK(it.folder.names().empty());
    }
}

TEST_CASE("Segments of a file that has changed are not put together")
{
    download it;
    it.options.retry.attempts = 2;
    SUBCASE("noticed at the end")
    {
        it.host.before(4, [&] { it.host.files["f"].modified += std::chrono::hours{1}; });
    }
    SUBCASE("noticed when one is tried again")
    {
        it.host.fail_at(2, lost_connection(), 1000);
        it.host.before(4, [&] { it.host.files["f"].modified += std::chrono::hours{1}; });
    }
    const auto made = it.run();
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == protocol_errc::changed_meanwhile);
    CHECK(it.folder.names().empty());
}

TEST_CASE("A segment is begun anew where the server has forgotten how to tell about files")
{
    download it;
    it.options.retry.attempts = 2;
    it.host.fail_at(3, lost_connection(), 1000);
    it.host.before(5, [&] { it.host.can_stat = false; });
    CHECK(it.run().has_value());
    CHECK(it.is_complete());
    CHECK(std::ranges::count(it.host.log, "download f from 1048576 length 1048576") == 2);
}

TEST_CASE("A connection that is lost while the file is looked at for the last time is another attempt")
{
    download it;
    it.options.retry.attempts = 2;
    it.host.fail_at(5, lost_connection());
    CHECK(it.run().value().attempts == 2);
    CHECK(it.is_complete());
}

TEST_CASE("A server without REST sends the file in one piece")
{
    download it;
    it.host.can_restart = false;
    CHECK(it.run().value().bytes == content().size());
    CHECK(it.is_complete());
    CHECK(it.host.log.at(it.host.log.size() - 2) == "download f");
}

TEST_CASE("A server that takes REST and sends the file from its beginning is found out by its last segment")
{
    download it;
    it.host.ignores_restart = true;
    CHECK(it.run().value().bytes == content().size());
    CHECK(it.is_complete());
    CHECK(it.host.log.at(it.host.log.size() - 2) == "download f");
}

TEST_CASE("What cannot be parted comes in one piece")
{
    download it;
    std::string expected = content();
    SUBCASE("too small a file")
    {
        expected.resize(2 * mebibyte - 1);
        it.host.files["f"].content = expected;
    }
    SUBCASE("a size that is not known")
    {
        it.host.can_stat = false;
    }
    SUBCASE("text")
    {
        it.options.type = representation_type::ascii;
    }
    SUBCASE("what is to be verified by its digest")
    {
        it.options.verify = verification::hash;
    }
    SUBCASE("what is resumed")
    {
        it.folder.write("f", content().substr(0, 10));
        it.options.existing = existing_file::resume;
    }
    SUBCASE("one segment")
    {
        it.options.segments = 1;
    }
    SUBCASE("no segment")
    {
        it.options.segments = 0;
    }
    CHECK(it.run().has_value());
    CHECK(it.folder.read("f") == expected);
    CHECK(std::ranges::count_if(it.host.log, [](const auto& step) { return step.starts_with("download"); }) == 1);
}

TEST_CASE("A place without segments takes the file in one piece")
{
    download it;
    testing::near_file near;
    download_task task{"f", near.place, it.options};
    CHECK(it.host.run(task).has_value());
    CHECK(near.content() == content());
    CHECK(it.host.log == steps{"stat f", "call", "call", "download f", "call"});
}

TEST_CASE("Segments that are canceled at any step leave nothing, unless the file is complete")
{
    for (const auto what : {task_host::running::ends, task_host::running::completes}) {
        for (std::size_t step = 0; step < 7; ++step) {
            download it;
            it.host.cancel_at(step, what);
            const auto made = it.run();
            CAPTURE(step);
            CHECK(made.has_value() == (step == 6));
            if (made) {
                CHECK(it.is_complete());
            } else {
                CHECK(made.error().code == protocol_errc::canceled);
                CHECK(it.folder.names().empty());
            }
        }
    }
}

TEST_CASE("Each failure of the near side ends a download in segments, with nothing under the name")
{
    for (std::size_t call = 0;; ++call) {
        download it;
        auto place = std::make_shared<testing::failing_place>(make_local_place(it.folder.path("f")));
        place->fail_at(call);
        download_task task{"f", place, it.options};
        const auto made = it.host.run(task);
        if (place->calls() <= call) {
            CHECK(made.has_value());
            break;
        }
        CAPTURE(call);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().step == operation_step::near_end);
        CHECK(it.folder.names().empty());
    }
}
