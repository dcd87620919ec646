// Downloads as tasks: what is asked, what is compared, what is committed.
#include "transfer_task_script.hpp"

#include <libftp/store/single_file.hpp>

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("A plain download asks the server for nothing but the file")
{
    auto host = host_with("content");
    near_file near;
    const auto made = download(host, near).value();
    CHECK(host.log == steps{"call", "download f", "call"});
    CHECK(near.content() == "content");
    CHECK(made.bytes == 7);
    CHECK(made.offset == 0);
    CHECK(made.announced == 7);
    CHECK(made.announced_by == size_source::preliminary_reply);
    CHECK(made.verified == verification::size);
    CHECK(made.is_confirmed);
    CHECK(made.attempts == 1);
    CHECK(made.time == std::chrono::seconds{1});
}

TEST_CASE("A file replaces an older one, and an empty file is a file")
{
    auto host = host_with("");
    near_file near{"older and longer"};
    CHECK(download(host, near).has_value());
    CHECK(near.content() == "");
}

TEST_CASE("A download that fails leaves the older file as it was")
{
    auto host = host_with("content");
    host.fail_at(1, testing::lost_connection(), 3);
    near_file near{"older"};
    const auto made = download(host, near);
    check_failure(made, protocol_errc::connection_closed, operation_step::transfer);
    CHECK(made.error().bytes == 3);
    CHECK(made.error().session == session_state::closed);
    CHECK(near.content() == "older");
}

TEST_CASE("A download that is reset behind the last byte is complete if the server has confirmed it and told the size")
{
    const auto reset = std::make_error_code(std::errc::connection_reset);
    auto host = host_with("content");
    near_file near{"older"};
    operation_error why{.code = reset, .answer = {226, {"done"}}, .step = operation_step::transfer};
    known_file known{.size = 7, .by = size_source::size_command};
    std::uint64_t bytes = 7;
    SUBCASE("complete")
    {
        host.fail_at(1, why, bytes);
        const auto made = download(host, near, {}, known).value();
        CHECK(near.content() == "content");
        CHECK(made.bytes == 7);
        CHECK(made.is_confirmed);
        CHECK(made.verified == verification::size);
        return;
    }
    SUBCASE("not confirmed")
    {
        why.answer = {};
    }
    SUBCASE("cut short")
    {
        bytes = 6;
    }
    SUBCASE("of a size that only a listing tells")
    {
        known.by = size_source::listing;
    }
    host.fail_at(1, why, bytes);
    check_failure(download(host, near, {}, known), reset, operation_step::transfer);
    CHECK(near.content() == "older");
}

TEST_CASE("A server that cannot tell about the file stops no download that does not depend on it")
{
    auto host = host_with("content");
    host.can_stat = false;
    near_file near;
    transfer_options options;
    options.progress = [](const transfer_progress&) {};
    options.keeps_time = true;
    options.retry.attempts = 3;
    SUBCASE("plain") {}
    SUBCASE("to be verified by the size that is announced")
    {
        options.verify = verification::size;
    }
    SUBCASE("to be fetched in segments")
    {
        options.segments = 4;
    }
    CHECK(download(host, near, options).has_value());
    CHECK(host.log == steps{"stat f", "call", "download f", "call"});
    CHECK(near.content() == "content");
}

TEST_CASE("A refusal of what is asked before the download is left to the download to explain")
{
    task_host host;
    near_file near;
    transfer_options options;
    options.keeps_time = true;
    const auto made = download(host, near, options);
    check_failure(made, protocol_errc::refused_permanently, operation_step::transfer_command);
    CHECK(made.error().answer.code == 550);
    CHECK_FALSE(near.content());
}

TEST_CASE("What is known is not asked for")
{
    auto host = host_with("content");
    near_file near;
    transfer_options options;
    options.keeps_time = true;
    options.retry.attempts = 2;
    options.verify = verification::size;
    const auto made =
        download(host, near, options, {.size = 7, .modified = new_time, .by = size_source::listing}).value();
    CHECK(host.log == steps{"call", "download f", "call"});
    CHECK(made.announced_by == size_source::listing);
    CHECK(near.modified() == new_time);
}

TEST_CASE("A file that is shorter than its listing says is asked about once more, and kept if that is its size")
{
    auto host = host_with("half");
    host.announces_size = false;
    near_file near;
    SUBCASE("it is")
    {
        const auto made = download(host, near, {}, {.size = 7, .by = size_source::listing}).value();
        CHECK(made.verified == verification::size);
        CHECK(near.content() == "half");
    }
    SUBCASE("it is not")
    {
        host.before(2, [&host] { host.files["f"].content = "content"; });
        check_failure(download(host, near, {}, {.size = 7, .by = size_source::listing}),
                      protocol_errc::transfer_incomplete, operation_step::verification);
        CHECK_FALSE(near.content());
    }
    SUBCASE("the server cannot tell")
    {
        host.can_stat = false;
        const auto made = download(host, near, {}, {.size = 7, .by = size_source::listing}).value();
        CHECK(made.verified == verification::none);
        CHECK(near.content() == "half");
    }
    SUBCASE("the session is lost over it")
    {
        host.fail_at(2, lost_connection());
        CHECK(
            download(host, near, tried(2), {.size = 7, .modified = old_time, .by = size_source::listing}).has_value());
        CHECK(near.content() == "half");
        return;
    }
    CHECK(host.log.at(2) == "stat f");
}

TEST_CASE("What the server tells adds to what is known")
{
    auto host = host_with("content");
    host.precision = time_precision::none;
    near_file near;
    transfer_options options;
    options.retry.attempts = 2;
    options.keeps_time = true;
    const auto made = download(host, near, options, {.modified = new_time}).value();
    CHECK(made.announced_by == size_source::facts);
    CHECK(near.modified() == new_time);
}

TEST_CASE("What the server does not tell stays as it is known")
{
    auto host = host_with("content");
    host.tells_size = false;
    near_file near;
    transfer_options options;
    options.keeps_time = true;
    const auto made = download(host, near, options, {.size = 7, .by = size_source::listing}).value();
    CHECK(made.announced_by == size_source::listing);
    CHECK(near.modified() == old_time);
}

TEST_CASE("The time of the remote file is kept to the nanosecond")
{
    const auto exact = old_time + std::chrono::nanoseconds{123'456'789};
    auto host = host_with("content", exact);
    near_file near;
    transfer_options options;
    options.keeps_time = true;
    CHECK(download(host, near, options).has_value());
    CHECK(near.modified() == exact);
}

TEST_CASE("A place that cannot set times takes a file all the same")
{
    auto host = host_with("content");
    std::string text;
    transfer_options options;
    options.keeps_time = true;
    download_task task{"f", make_sink_place(make_text_writer(text)), options};
    CHECK(host.run(task).has_value());
    CHECK(text == "content");
}

TEST_CASE("Progress tells the bytes so far, where they began and the size of the whole")
{
    auto host = host_with("content");
    near_file near{"co"};
    std::vector<transfer_progress> heard;
    transfer_options options;
    options.existing = existing_file::resume;
    options.progress = [&](const transfer_progress& made) { heard.push_back(made); };
    CHECK(download(host, near, options).has_value());
    REQUIRE(heard.size() == 5);
    CHECK(heard[0].bytes == 1);
    CHECK(heard[4].bytes == 5);
    CHECK(heard[4].offset == 2);
    CHECK(heard[4].total == 7);
}

TEST_CASE("An offset holds for both files")
{
    auto host = host_with("0123456789");
    near_file near{"abcdefgh"};
    transfer_options options;
    options.offset = 4;
    const auto made = download(host, near, options).value();
    CHECK(host.log == steps{"call", "download f from 4", "call"});
    CHECK(near.content() == "abcd456789");
    CHECK(made.offset == 4);
    CHECK(made.bytes == 6);
}

TEST_CASE("A digest is asked for first, and compared before anything is committed")
{
    auto host = host_with("content");
    near_file near{"older"};
    transfer_options options;
    options.verify = verification::hash;
    SUBCASE("equal")
    {
        CHECK(download(host, near, options).value().verified == verification::hash);
        CHECK(near.content() == "content");
    }
    SUBCASE("not equal")
    {
        host.before(2, [&] { host.files["f"].content = "cOntent"; });
        check_failure(download(host, near, options), protocol_errc::verification_failed, operation_step::verification);
        CHECK(near.content() == "older");
    }
    SUBCASE("from an offset")
    {
        options.offset = 3;
        near.put("con");
        CHECK(download(host, near, options).value().verified == verification::hash);
        CHECK(host.log == steps{"hash f", "call", "download f from 3", "call"});
        return;
    }
    CHECK(host.log[0] == "hash f");
}

TEST_CASE("Without a digest to be had nothing is downloaded that needs one")
{
    auto host = host_with("content");
    host.can_hash = false;
    near_file near;
    transfer_options options;
    options.verify = verification::hash;
    check_failure(download(host, near, options), protocol_errc::not_supported, operation_step::arguments);
    CHECK(host.log == steps{"hash f"});
}

TEST_CASE("A size that is asked for must be known and agree")
{
    auto host = host_with("content");
    host.announces_size = false;
    near_file near;
    transfer_options options;
    options.verify = verification::size;
    SUBCASE("not known")
    {
        host.can_stat = false;
        check_failure(download(host, near, options), protocol_errc::not_supported, operation_step::verification);
    }
    SUBCASE("not equal")
    {
        host.before(2, [&] { host.files["f"].content = "conten"; });
        check_failure(download(host, near, options), protocol_errc::transfer_incomplete, operation_step::verification);
    }
    SUBCASE("not equal, but not asked for")
    {
        const auto made = download(host, near, {}, {.size = 100}).value();
        CHECK(made.verified == verification::none);
        return;
    }
    CHECK_FALSE(near.content());
}

TEST_CASE("Options that contradict each other are refused before anything is done")
{
    auto host = host_with("content");
    near_file near;
    transfer_options options;
    SUBCASE("text that is resumed")
    {
        options.type = representation_type::ascii;
        options.existing = existing_file::resume;
    }
    SUBCASE("text that is verified")
    {
        options.type = representation_type::ascii;
        options.verify = verification::size;
    }
    SUBCASE("an offset of its own for what is resumed")
    {
        options.existing = existing_file::resume;
        options.offset = 1;
    }
    SUBCASE("what is for uploads")
    {
        options.existing = existing_file::append;
    }
    SUBCASE("what is for uploads, too")
    {
        options.existing = existing_file::keep_unique;
    }
    check_failure(download(host, near, options), protocol_errc::argument_invalid, operation_step::arguments);
    CHECK(host.log.empty());
}

TEST_CASE("Each failure of the near side ends a download, with nothing under the name")
{
    for (const bool is_verified : {false, true}) {
        for (std::size_t call = 0;; ++call) {
            auto host = host_with("0123456789");
            near_file near{"0123"};
            near.place->fail_at(call);
            transfer_options options;
            options.existing = existing_file::resume;
            options.retry.attempts = 5;
            options.verify = is_verified ? verification::hash : verification::none;
            const auto made = download(host, near, options);
            if (near.place->calls() <= call) {
                CHECK(made.has_value());
                CHECK(call > 4);
                break;
            }
            CAPTURE(call);
            check_failure(made, std::make_error_code(std::errc::io_error), operation_step::near_end);
            CHECK(near.content() == "0123");
        }
    }
}

TEST_CASE("A download that is canceled at any step commits nothing, unless it is complete")
{
    for (const auto what : {task_host::running::ends, task_host::running::completes}) {
        for (std::size_t step = 0;; ++step) {
            auto host = host_with("content");
            host.cancel_at(step, what);
            near_file near;
            transfer_options options;
            options.verify = verification::hash;
            options.keeps_time = true;
            const auto made = download(host, near, options);
            if (host.log.size() <= step) {
                CHECK(step == 5);
                CHECK(made.has_value());
                break;
            }
            CAPTURE(step);
            if (step == 4) { // the commit
                CHECK(made.has_value());
                CHECK(near.content() == "content");
            } else {
                REQUIRE_FALSE(made.has_value());
                CHECK(made.error().code == protocol_errc::canceled);
                CHECK_FALSE(near.content());
            }
        }
    }
}

TEST_CASE("A download that is canceled before its first step is done")
{
    near_file near;
    download_task task{"f", near.place, {}};
    CHECK_FALSE(task.is_done());
    task.cancel();
    CHECK(task.is_done());
    CHECK_FALSE(task.next_step());
    CHECK(task.take_result().error().code == protocol_errc::canceled);
}

TEST_CASE("Steps outlive the task that they are of")
{
    auto task = std::make_unique<download_task>("f", near_file{}.place, transfer_options{});
    auto step = std::get<client_step::call>(task->next_step().value());
    task.reset();
    step.job();
    step.then();
}
