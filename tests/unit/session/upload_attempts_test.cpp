// Uploads that are tried again: resumed where that is certain to be right, or begun anew.
#include "transfer_task_script.hpp"

#include <libftp/store/single_file.hpp>

#include <algorithm>

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("An upload goes on where the server has stopped")
{
    task_host host;
    host.fail_at(2, lost_connection(), 6);
    auto options = tried(2);
    SUBCASE("with all that was sent") {}
    SUBCASE("with some of what was sent")
    {
        host.before(4, [&] { host.files["f"].content.resize(4); });
    }
    SUBCASE("with the digest of the whole")
    {
        options.verify = verification::hash;
    }
    SUBCASE("in the place of an older file")
    {
        host.files["f"] = {"older and longer", file_time{std::chrono::hours{2}}};
    }
    const auto made = upload(host, near_file{"0123456789"}, options).value();
    CHECK(host.files["f"].content == "0123456789");
    CHECK(host.log[4] == "stat f");
    CHECK(host.log[6].starts_with("upload f from"));
    CHECK(made.attempts == 2);
    // What is put together of two attempts is never left unverified.
    CHECK(made.verified == std::max(options.verify, verification::size));
}

TEST_CASE("The bytes of all attempts are counted")
{
    task_host host;
    host.fail_at(2, lost_connection(), 6);
    const auto made = upload(host, near_file{"0123456789"}, tried(2)).value();
    CHECK(host.log == steps{"stat f", "call", "upload f", "pause 500", "stat f", "call", "upload f from 6", "stat f"});
    CHECK(made.bytes == 10);
    CHECK(made.offset == 0);
}

TEST_CASE("What was there before is not taken for the beginning of what is uploaded")
{
    task_host host;
    host.files["f"].content = "abc";
    host.fail_at(2, lost_connection(), 6);
    SUBCASE("since the server keeps it until the new file is complete")
    {
        host.keeps_partial_uploads = false;
    }
    SUBCASE("since nobody can tell")
    {
        host.can_stat = false;
        host.before(4, [&] { host.can_stat = true; });
    }
    CHECK(upload(host, near_file{"0123456789"}, tried(2)).has_value());
    CHECK(host.files["f"].content == "0123456789");
    CHECK(host.log.back() == "upload f");
}

TEST_CASE("More than was sent is not of this upload")
{
    task_host host;
    host.fail_at(2, lost_connection(), 3);
    host.before(4, [&] { host.files["f"].content = "abcdef"; });
    CHECK(upload(host, near_file{"0123456789"}, tried(2)).has_value());
    CHECK(host.files["f"].content == "0123456789");
    CHECK(host.log.back() == "upload f");
}

TEST_CASE("Without REST, or in text, an upload begins anew")
{
    task_host host;
    auto options = tried(2);
    SUBCASE("without REST")
    {
        host.can_restart = false;
        host.fail_at(2, lost_connection(), 6);
    }
    SUBCASE("in text")
    {
        options.type = representation_type::ascii;
        host.fail_at(1, lost_connection(), 6);
    }
    CHECK(upload(host, near_file{"0123456789"}, options).has_value());
    CHECK(host.files["f"].content == "0123456789");
    CHECK(host.log.back() == "upload f");
}

TEST_CASE("What is to be resumed is appended without REST, and never begun anew")
{
    task_host host;
    host.files["f"].content = "0123";
    host.can_restart = false;
    transfer_options options;
    options.existing = existing_file::resume;
    SUBCASE("where the server takes APPE")
    {
        const auto made = upload(host, near_file{"0123456789"}, options).value();
        CHECK(host.log == steps{"stat f", "call", "upload f from 4", "stat f", "call", "append f", "stat f"});
        CHECK(host.files["f"].content == "0123456789");
        CHECK(made.offset == 4);
        CHECK(made.bytes == 6);
        CHECK(made.verified == verification::size);
    }
    SUBCASE("where it does not")
    {
        host.fail_at(5, {protocol_errc::refused_permanently}, 0);
        CHECK_FALSE(upload(host, near_file{"0123456789"}, options).has_value());
        CHECK(host.log.back() == "append f");
        CHECK(host.files["f"].content == "0123");
    }
    SUBCASE("where somebody else has appended something")
    {
        host.before(3, [&] { host.files["f"].content = "0123abcdefg"; });
        CHECK(upload(host, near_file{"0123456789"}, options).error().code == protocol_errc::changed_meanwhile);
        CHECK(host.files["f"].content == "0123abcdefg");
    }
}

TEST_CASE("A resumed upload goes on with what the server has by then")
{
    task_host host;
    host.files["f"].content = "012";
    host.fail_at(2, lost_connection(), 3);
    auto options = tried(2);
    options.existing = existing_file::resume;
    near_file near{"0123456789"};
    SUBCASE("what was sent")
    {
        CHECK(upload(host, near, options).value().bytes == 7);
        CHECK(host.log[host.log.size() - 2] == "upload f from 6");
        CHECK(host.files["f"].content == "0123456789");
    }
    SUBCASE("nothing any more")
    {
        host.before(4, [&] { host.files.clear(); });
        CHECK(upload(host, near, options).has_value());
        CHECK(host.log.back() == "upload f");
        CHECK(host.files["f"].content == "0123456789");
    }
    SUBCASE("more than was sent")
    {
        host.before(4, [&] { host.files["f"].content = "0123456"; });
        const auto made = upload(host, near, options);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::changed_meanwhile);
    }
    SUBCASE("not to be told any more")
    {
        SUBCASE("at all")
        {
            host.before(4, [&] { host.can_stat = false; });
        }
        SUBCASE("by its size")
        {
            host.before(4, [&] { host.tells_size = false; });
        }
        const auto made = upload(host, near, options);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::connection_closed);
        CHECK(made.error().bytes == 3);
    }
}

TEST_CASE("Nothing is sent again if the server has all of it and has only not confirmed it")
{
    task_host host;
    host.fail_at(2, lost_connection(), 10);
    const auto made = upload(host, near_file{"0123456789"}, tried(2)).value();
    CHECK(host.log == steps{"stat f", "call", "upload f", "pause 500", "stat f", "call"});
    CHECK_FALSE(made.is_confirmed);
    CHECK(made.bytes == 10);
}

TEST_CASE("A near file that has changed between two attempts ends the upload")
{
    for (const auto existing : {existing_file::replace, existing_file::resume, existing_file::append}) {
        task_host host;
        near_file near{"0123456789"};
        auto options = tried(2);
        options.existing = existing;
        const std::size_t sending = existing == existing_file::append ? 1 : 2;
        host.fail_at(sending, lost_connection());
        host.before(sending + 1, [&] { near.put("9876543210", file_time{std::chrono::hours{50}}); });
        const auto made = upload(host, near, options);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::changed_meanwhile);
    }
}

TEST_CASE("What makes something new each time is tried again only if nothing was sent")
{
    for (const auto existing : {existing_file::append, existing_file::keep_unique}) {
        for (const std::uint64_t sent : {0U, 1U}) {
            task_host host;
            host.fail_at(1, lost_connection(), sent);
            auto options = tried(2);
            options.existing = existing;
            const auto made = upload(host, near_file{"0123456789"}, options);
            CHECK(made.has_value() == (sent == 0));
            if (!made)
                CHECK(made.error().code == protocol_errc::connection_closed);
        }
    }
}

TEST_CASE("A source that cannot be opened once more ends the upload with what went wrong")
{
    task_host host;
    host.fail_at(2, lost_connection(), 6);
    upload_task task{make_source_place(make_text_reader("0123456789")), "f", tried(3)};
    const auto made = host.run(task);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == protocol_errc::connection_closed);
    CHECK(made.error().bytes == 6);
}

TEST_CASE("Progress follows the place in the file, from attempt to attempt")
{
    task_host host;
    host.fail_at(2, lost_connection(), 6);
    auto options = tried(2);
    std::vector<std::uint64_t> heard;
    options.progress = [&](const transfer_progress& made) {
        CHECK(made.total == 10);
        heard.push_back(made.bytes);
    };
    CHECK(upload(host, near_file{"0123456789"}, options).has_value());
    CHECK(heard == std::vector<std::uint64_t>{6, 10});
}

TEST_CASE("Whichever step the connection is lost at, an upload with attempts left is completed")
{
    for (const auto how : {verification::size, verification::hash}) {
        for (const bool is_resumed : {false, true}) {
            for (std::size_t step = 0;; ++step) {
                task_host host;
                host.files["f"].content = "01";
                host.fail_at(step, lost_connection(), 3);
                auto options = tried(2);
                options.verify = how;
                options.keeps_time = true;
                if (is_resumed)
                    options.existing = existing_file::resume;
                CAPTURE(step);
                CHECK(upload(host, near_file{"0123456789"}, options).has_value());
                CHECK(host.files["f"].content == "0123456789");
                CHECK(host.files["f"].modified == file_time{std::chrono::hours{48}});
                if (host.log.size() <= step)
                    break;
            }
        }
    }
}

TEST_CASE("An upload that loses its connection at every attempt ends with that")
{
    for (const std::size_t lost_again : {4U, 6U}) {
        task_host host;
        host.fail_at(2, lost_connection(), 3);
        host.fail_at(lost_again, lost_connection(), 3);
        const auto made = upload(host, near_file{"0123456789"}, tried(2));
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::connection_closed);
        CHECK(made.error().bytes == (lost_again == 4 ? 3U : 6U));
    }
}

TEST_CASE("An upload that is canceled between its attempts is so")
{
    for (std::size_t step = 0; step < 6; ++step) {
        task_host host;
        host.fail_at(2, lost_connection(), 4);
        host.cancel_at(step, task_host::running::completes);
        const auto made = upload(host, near_file{"0123456789"}, tried(2));
        CAPTURE(step);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::canceled);
    }
}
