// Downloads that are tried again: resumed where they stopped, or begun anew.
#include "transfer_task_script.hpp"

#include <libftp/store/single_file.hpp>

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("A download goes on where it stopped if size and time are what they were")
{
    auto host = host_with("0123456789");
    host.fail_at(2, lost_connection(), 4);
    near_file near;
    auto options = tried(2);
    SUBCASE("verified by nothing") {}
    SUBCASE("verified by its size")
    {
        options.verify = verification::size;
    }
    const auto made = download(host, near, options).value();
    CHECK(host.log ==
          steps{"stat f", "call", "download f", "pause 500", "call", "stat f", "download f from 4", "call"});
    CHECK(near.content() == "0123456789");
    CHECK(made.bytes == 10);
    CHECK(made.offset == 0);
    CHECK(made.attempts == 2);
    CHECK(made.verified == verification::size);
}

TEST_CASE("The digest of a download that was interrupted is that of all its bytes")
{
    auto host = host_with("0123456789");
    host.fail_at(3, lost_connection(), 4);
    near_file near{"01"};
    auto options = tried(2);
    options.verify = verification::hash;
    SUBCASE("from the beginning") {}
    SUBCASE("resumed")
    {
        options.existing = existing_file::resume;
        host.fail_at(4, lost_connection(), 4);
    }
    CHECK(download(host, near, options).value().verified == verification::hash);
    CHECK(near.content() == "0123456789");
}

TEST_CASE("Each pause before another attempt is twice as long, up to the longest")
{
    auto host = host_with("content");
    for (std::size_t step = 0; step < 100; ++step)
        host.fail_at(step, lost_connection());
    near_file near;
    auto options = tried(6);
    options.retry.first_pause = std::chrono::milliseconds{100};
    options.retry.longest_pause = std::chrono::milliseconds{500};
    const auto made = download(host, near, options);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == protocol_errc::connection_closed);
    CHECK(host.log == steps{"stat f", "pause 100", "stat f", "pause 200", "stat f", "pause 400", "stat f", "pause 500",
                            "stat f", "pause 500", "stat f"});
    CHECK_FALSE(near.content());
}

TEST_CASE("Only what may help is tried again")
{
    auto host = host_with("content");
    near_file near;
    operation_error why;
    SUBCASE("a permanent refusal")
    {
        why = refusal(550, operation_step::transfer_command);
    }
    SUBCASE("a failure of this side, whatever it is")
    {
        why = {.code = std::make_error_code(std::errc::timed_out), .answer = {}, .step = operation_step::near_end};
    }
    SUBCASE("cancelation")
    {
        why = {protocol_errc::canceled};
    }
    host.fail_at(2, why);
    const auto made = download(host, near, tried(5));
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == why.code);
    CHECK(host.log == steps{"stat f", "call", "download f"});
}

TEST_CASE("A file that was replaced meanwhile is downloaded anew")
{
    auto host = host_with("0123456789");
    host.fail_at(2, lost_connection(), 4);
    near_file near{"older"};
    auto options = tried(2);
    SUBCASE("by one of another size")
    {
        host.before(3, [&] { host.files["f"].content = "another"; });
    }
    SUBCASE("by a later one")
    {
        host.before(3, [&] { host.files["f"] = {"9876543210", file_time{std::chrono::hours{30}}}; });
    }
    SUBCASE("and verified by the new one's digest")
    {
        options.verify = verification::hash;
        host.fail_at(3, lost_connection(), 4);
        host.before(4, [&] { host.files["f"].content = "another"; });
    }
    const auto made = download(host, near, options).value();
    CHECK(near.content() == host.files["f"].content);
    CHECK(made.announced == host.files["f"].content.size());
    CHECK(made.bytes == 4 + host.files["f"].content.size());
    CHECK(host.log.at(host.log.size() - 2) == "download f");
}

TEST_CASE("What cannot be thrown away is not mixed with what the file has become")
{
    auto host = host_with("0123456789");
    near_file near{"01"};
    auto options = tried(2);
    SUBCASE("the file that is resumed")
    {
        options.existing = existing_file::resume;
        host.fail_at(3, lost_connection(), 4);
        host.before(4, [&] { host.files["f"].content = "another"; });
        const auto made = download(host, near, options);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::changed_meanwhile);
        CHECK(made.error().step == operation_step::verification);
        CHECK(made.error().bytes == 4);
        CHECK(near.content() == "01");
    }
    SUBCASE("a sink that has taken bytes")
    {
        std::string text;
        host.fail_at(2, lost_connection(), 4);
        host.before(3, [&] { host.files["f"].content = "another"; });
        download_task task{"f", make_sink_place(make_text_writer(text)), options};
        const auto made = host.run(task);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::changed_meanwhile);
        CHECK(text == "0123");
    }
}

TEST_CASE("A sink that was opened once is filled by all attempts together")
{
    auto host = host_with("0123456789");
    host.fail_at(2, lost_connection(), 4);
    host.fail_at(6, lost_connection(), 3);
    std::string text;
    download_task task{"f", make_sink_place(make_text_writer(text)), tried(3)};
    CHECK(host.run(task).value().attempts == 3);
    CHECK(text == "0123456789");
    CHECK(host.log.at(10) == "download f from 7");
}

TEST_CASE("Without size and time there is no resuming: the download begins anew")
{
    auto host = host_with("0123456789");
    host.fail_at(2, lost_connection(), 4);
    near_file near;
    SUBCASE("never to be told")
    {
        host.can_stat = false;
    }
    SUBCASE("no longer to be told")
    {
        host.before(4, [&] { host.can_stat = false; });
    }
    SUBCASE("only now to be told")
    {
        host.can_stat = false;
        host.before(4, [&] { host.can_stat = true; });
    }
    CHECK(download(host, near, tried(2)).value().bytes == 14);
    CHECK(near.content() == "0123456789");
    CHECK(host.log ==
          steps{"stat f", "call", "download f", "pause 500", "call", "stat f", "call", "download f", "call"});
}

TEST_CASE("A sink that cannot be opened anew ends the download with what went wrong")
{
    auto host = host_with("0123456789");
    host.can_stat = false;
    std::string text;
    SUBCASE("after some bytes")
    {
        host.fail_at(2, lost_connection(), 4);
        download_task task{"f", make_sink_place(make_text_writer(text)), tried(2)};
        const auto made = host.run(task);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::connection_closed);
    }
    SUBCASE("but not before the first one")
    {
        host.fail_at(2, lost_connection());
        download_task task{"f", make_sink_place(make_text_writer(text)), tried(2)};
        CHECK(host.run(task).has_value());
        CHECK(text == "0123456789");
    }
}

TEST_CASE("A server without REST sends the file once more from the beginning")
{
    auto host = host_with("0123456789");
    host.can_restart = false;
    near_file near;
    SUBCASE("after a failure")
    {
        host.fail_at(2, lost_connection(), 4);
        CHECK(download(host, near, tried(2)).has_value());
        CHECK(near.content() == "0123456789");
        CHECK(host.log.at(6) == "download f from 4");
        CHECK(host.log.at(8) == "download f");
    }
    SUBCASE("but not if what is there is to be resumed")
    {
        near.put("0123");
        auto options = tried(2);
        options.existing = existing_file::resume;
        const auto made = download(host, near, options);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().step == operation_step::restart);
        CHECK(near.content() == "0123");
    }
}

TEST_CASE("Text is begun anew after a failure, since its bytes cannot be counted")
{
    auto host = host_with("0123456789");
    host.fail_at(2, lost_connection(), 4);
    near_file near;
    auto options = tried(2);
    options.type = representation_type::ascii;
    CHECK(download(host, near, options).has_value());
    CHECK(host.log == steps{"stat f", "call", "download f", "pause 500", "call", "call", "download f", "call"});
    CHECK(near.content() == "0123456789");
}

TEST_CASE("Nothing is fetched again if all bytes are there and only the confirmation is missing")
{
    auto host = host_with("0123456789");
    host.fail_at(2, lost_connection(), 10);
    near_file near;
    const auto made = download(host, near, tried(2)).value();
    CHECK(host.log == steps{"stat f", "call", "download f", "pause 500", "call", "stat f", "call"});
    CHECK(near.content() == "0123456789");
    CHECK_FALSE(made.is_confirmed);
    CHECK(made.verified == verification::size);
}

TEST_CASE("More bytes than the file has are not of the file: the download begins anew")
{
    auto host = host_with("0123456789");
    host.before(2, [&] { host.files["f"].content = "0123456789abc"; });
    host.fail_at(2, lost_connection(), 12);
    host.before(3, [&] { host.files["f"].content = "0123456789"; });
    near_file near;
    CHECK(download(host, near, tried(2)).has_value());
    CHECK(near.content() == "0123456789");
    CHECK(host.log.at(host.log.size() - 2) == "download f");
}

TEST_CASE("A connection that is lost while the file is asked about is another attempt")
{
    auto host = host_with("0123456789");
    near_file near;
    auto options = tried(4);
    options.verify = verification::hash;
    host.fail_at(0, lost_connection());
    host.fail_at(3, lost_connection());
    host.fail_at(7, lost_connection(), 4);
    SUBCASE("three times in all")
    {
        CHECK(download(host, near, options).value().attempts == 4);
        CHECK(near.content() == "0123456789");
    }
    SUBCASE("and again while it is asked about once more")
    {
        host.fail_at(10, lost_connection());
        const auto made = download(host, near, options);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().bytes == 4);
        CHECK_FALSE(near.content());
    }
}

TEST_CASE("A login that is refused when the session is opened again is another attempt, and says nothing of the file")
{
    auto host = host_with("0123456789");
    host.fail_at(2, lost_connection(), 4);
    auto too_many_sessions = refusal(530, operation_step::password);
    too_many_sessions.session = session_state::closed;
    host.fail_at(5, too_many_sessions);
    near_file near;
    SUBCASE("while attempts are left")
    {
        CHECK(download(host, near, tried(3)).has_value());
        CHECK(host.log == steps{"stat f", "call", "download f", "pause 500", "call", "stat f", "pause 1000", "stat f",
                                "download f from 4", "call"});
        CHECK(near.content() == "0123456789");
    }
    SUBCASE("the last of them")
    {
        check_failure(download(host, near, tried(2)), protocol_errc::refused_permanently, operation_step::password);
    }
}

TEST_CASE("Progress follows the place in the file, from attempt to attempt")
{
    auto host = host_with("0123456789");
    host.fail_at(2, lost_connection(), 4);
    near_file near;
    auto options = tried(2);
    std::vector<std::uint64_t> heard;
    options.progress = [&](const transfer_progress& made) {
        CHECK(made.total == 10);
        heard.push_back(made.bytes);
    };
    CHECK(download(host, near, options).has_value());
    CHECK(heard == std::vector<std::uint64_t>{1, 2, 3, 4, 6, 8, 10});
}

TEST_CASE("A host that still writes for an attempt that is over changes nothing")
{
    auto host = host_with("0123456789");
    host.keeps_sinks = true;
    host.fail_at(2, lost_connection(), 4);
    near_file near;
    host.before(6, [&] {
        CHECK(host.kept_sinks.at(0)->write("late").error() == protocol_errc::canceled);
        host.kept_sinks.at(0)->discard(protocol_errc::canceled);
    });
    CHECK(download(host, near, tried(2)).has_value());
    CHECK(near.content() == "0123456789");
}

TEST_CASE("Whichever step the connection is lost at, a download with attempts left is completed")
{
    for (const bool is_resumed : {false, true}) {
        for (std::size_t step = 0;; ++step) {
            auto host = host_with("0123456789");
            near_file near{"01"};
            host.fail_at(step, lost_connection(), 3);
            auto options = tried(2);
            options.verify = verification::hash;
            if (is_resumed)
                options.existing = existing_file::resume;
            CAPTURE(step);
            CHECK(download(host, near, options).has_value());
            CHECK(near.content() == "0123456789");
            if (host.log.size() <= step)
                break;
        }
    }
}

TEST_CASE("A download that is canceled between its attempts commits nothing")
{
    for (std::size_t step = 0; step < 7; ++step) {
        auto host = host_with("0123456789");
        host.fail_at(2, lost_connection(), 4);
        host.cancel_at(step, task_host::running::completes);
        near_file near{"older"};
        const auto made = download(host, near, tried(2));
        CAPTURE(step);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::canceled);
        CHECK(near.content() == "older");
    }
}

TEST_CASE(
    "A download that commands sent ahead have confused is made good at once, without an attempt being allowed for")
{
    auto host = host_with("0123456789");
    near_file near;
    SUBCASE("once")
    {
        host.fail_at(1, {protocol_errc::order_confused}, 4);
        const auto made = download(host, near, tried(1)).value();
        CHECK(host.log == steps{"call", "download f", "call", "stat f", "call", "download f", "call"});
        CHECK(near.content() == "0123456789");
        CHECK(made.attempts == 2);
    }
    SUBCASE("but not forever")
    {
        for (std::size_t step = 0; step < 1000; ++step)
            host.fail_at(step, {protocol_errc::order_confused});
        const auto made = download(host, near, tried(1));
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::order_confused);
        CHECK_FALSE(near.content());
    }
}
