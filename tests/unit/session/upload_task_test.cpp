// Uploads as tasks: what becomes of a file that is there, what is verified, what fails.
#include "transfer_task_script.hpp"

#include <libftp/store/single_file.hpp>

using namespace libftp;
using namespace libftp::testing;

namespace {

client_result<transfer_result> upload_from_source(task_host& host, const std::string& text, transfer_options options)
{
    upload_task task{make_source_place(make_text_reader(text)), "f", std::move(options)};
    return host.run(task);
}

} // namespace

TEST_CASE("A plain upload asks the server for nothing")
{
    task_host host;
    host.files["f"].content = "older and longer";
    const auto made = upload(host, near_file{"content"}).value();
    CHECK(host.log == steps{"call", "upload f"});
    CHECK(host.files["f"].content == "content");
    CHECK(made.bytes == 7);
    CHECK(made.announced == 7);
    CHECK(made.announced_by == size_source::near_end);
    CHECK(made.verified == verification::none);
    CHECK(made.is_confirmed);
    CHECK(made.attempts == 1);
}

TEST_CASE(
    "An upload that is reset behind the last byte is complete if the server has confirmed it and then has all of it")
{
    const auto reset = std::make_error_code(std::errc::connection_reset);
    operation_error why{.code = reset, .answer = {226, {"done"}}, .step = operation_step::transfer};
    const near_file near{"content"};
    task_host host;
    std::uint64_t bytes = 7;
    SUBCASE("complete")
    {
        host.fail_at(1, why, bytes);
        const auto made = upload(host, near).value();
        CHECK(host.log == steps{"call", "upload f", "stat f"});
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
    SUBCASE("less is there than was sent")
    {
        host.before(2, [&host] { host.files["f"].content = "conten"; });
    }
    SUBCASE("the server does not tell")
    {
        host.can_stat = false;
    }
    host.fail_at(1, why, bytes);
    check_failure(upload(host, near), reset, operation_step::transfer);
}

TEST_CASE("A source that is there already is sent")
{
    task_host host;
    transfer_options options;
    options.keeps_time = true;
    SUBCASE("verified by nothing") {}
    SUBCASE("verified by its size")
    {
        options.verify = verification::size;
    }
    SUBCASE("verified by its digest")
    {
        options.verify = verification::hash;
    }
    CHECK(upload_from_source(host, "content", options).value().verified == options.verify);
    CHECK(host.files["f"].content == "content");
}

TEST_CASE("An empty file is sent, however it is to be treated")
{
    for (const auto existing : {existing_file::replace, existing_file::resume, existing_file::append}) {
        task_host host;
        transfer_options options;
        options.existing = existing;
        CHECK(upload(host, near_file{""}, options).has_value());
        CHECK(host.files.contains("f"));
    }
}

TEST_CASE("What is appended is added to what the server has")
{
    task_host host;
    host.files["f"].content = "con";
    transfer_options options;
    options.existing = existing_file::append;
    CHECK(upload(host, near_file{"tent"}, options).has_value());
    CHECK(host.log == steps{"call", "append f"});
    CHECK(host.files["f"].content == "content");
}

TEST_CASE("A file that is to be unique gets a name from the server, by which it is verified and dated")
{
    task_host host;
    near_file near{"content"};
    transfer_options options;
    options.existing = existing_file::keep_unique;
    options.keeps_time = true;
    options.verify = verification::hash;
    SUBCASE("a name that is told")
    {
        CHECK(upload(host, near, options).value().remote_name == "f.1");
        CHECK(host.log == steps{"call", "unique f", "hash f.1", "set time f.1"});
    }
    SUBCASE("no name")
    {
        host.unique_name.clear();
        check_failure(upload(host, near, options), protocol_errc::not_supported, operation_step::verification);
    }
    SUBCASE("no name, and none needed")
    {
        host.unique_name.clear();
        options.verify = verification::none;
        CHECK(upload(host, near, options).has_value());
        CHECK(host.log == steps{"call", "unique f"});
    }
}

TEST_CASE("An offset holds for both files, and is not looked at")
{
    task_host host;
    host.files["f"].content = "abcdef";
    transfer_options options;
    options.offset = 2;
    const auto made = upload(host, near_file{"0123456789"}, options).value();
    CHECK(host.log == steps{"call", "upload f from 2"});
    CHECK(host.files["f"].content == "ab23456789");
    CHECK(made.offset == 2);
    CHECK(made.bytes == 8);
}

TEST_CASE("A source begins at the offset")
{
    task_host host;
    host.files["f"].content = "abcdef";
    transfer_options options;
    options.offset = 2;
    CHECK(upload_from_source(host, "xy", options).has_value());
    CHECK(host.files["f"].content == "abxy");
}

TEST_CASE("A resumed upload sends what the server has not")
{
    task_host host;
    host.files["f"].content = "0123";
    near_file near{"0123456789"};
    transfer_options options;
    options.existing = existing_file::resume;
    SUBCASE("some of it")
    {
        const auto made = upload(host, near, options).value();
        CHECK(host.log == steps{"stat f", "call", "upload f from 4", "stat f"});
        CHECK(made.bytes == 6);
        CHECK(made.verified == verification::size);
        CHECK(made.offset == 4);
    }
    SUBCASE("all of it")
    {
        host.files.clear();
        CHECK(upload(host, near, options).value().bytes == 10);
        CHECK(host.log == steps{"stat f", "call", "upload f"});
    }
    SUBCASE("nothing")
    {
        host.files["f"].content = "0123456789";
        const auto made = upload(host, near, options).value();
        CHECK(host.log == steps{"stat f", "call"});
        CHECK(made.bytes == 0);
        CHECK_FALSE(made.is_confirmed);
    }
    SUBCASE("some of it, with the digest of the whole")
    {
        options.verify = verification::hash;
        CHECK(upload(host, near, options).value().verified == verification::hash);
    }
    SUBCASE("nothing, with the digest of the whole")
    {
        host.files["f"].content = "0123456789";
        options.verify = verification::hash;
        CHECK(upload(host, near, options).value().verified == verification::hash);
        CHECK(host.log == steps{"stat f", "call", "hash f"});
    }
    SUBCASE("some of it, with the size of the whole")
    {
        options.verify = verification::size;
        CHECK(upload(host, near, options).value().verified == verification::size);
    }
    CHECK(host.files["f"].content == "0123456789");
}

TEST_CASE("What the server has is not the beginning of a shorter file")
{
    task_host host;
    host.files["f"].content = "01234";
    transfer_options options;
    options.existing = existing_file::resume;
    check_failure(upload(host, near_file{"0123"}, options), protocol_errc::changed_meanwhile,
                  operation_step::verification);
    CHECK(host.files["f"].content == "01234");
}

TEST_CASE("Another beginning is found out by the digest")
{
    task_host host;
    host.files["f"].content = "abcd";
    transfer_options options;
    options.existing = existing_file::resume;
    options.verify = verification::hash;
    check_failure(upload(host, near_file{"0123456789"}, options), protocol_errc::verification_failed,
                  operation_step::verification);
}

TEST_CASE("What a server has put elsewhere than it was asked to is no whole file")
{
    for (const auto existing : {existing_file::resume, existing_file::replace}) {
        task_host host;
        host.ignores_restart = true;
        transfer_options options;
        options.existing = existing;
        options.retry.attempts = existing == existing_file::resume ? 1 : 2;
        if (existing == existing_file::resume)
            host.files["f"].content = "0123";
        else
            host.fail_at(2, lost_connection(), 6);
        const auto made = upload(host, near_file{"0123456789"}, options);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == protocol_errc::transfer_incomplete);
    }
}

TEST_CASE("Nothing is resumed if it cannot be told what is there")
{
    task_host host;
    host.files["f"].content = "0123";
    transfer_options options;
    options.existing = existing_file::resume;
    SUBCASE("on the server")
    {
        host.can_stat = false;
        check_failure(upload(host, near_file{"0123456789"}, options), protocol_errc::not_supported,
                      operation_step::arguments);
    }
    SUBCASE("on the server, of its size")
    {
        host.tells_size = false;
        check_failure(upload(host, near_file{"0123456789"}, options), protocol_errc::not_supported,
                      operation_step::arguments);
    }
    SUBCASE("on the server, where a directory has that name")
    {
        host.type = file_type::directory;
        host.tells_size = false;
        check_failure(upload(host, near_file{"0123456789"}, options), store_errc::is_a_directory,
                      operation_step::command);
    }
    SUBCASE("on the server, for another reason than that it is missing")
    {
        host.fail_at(0, testing::refusal(553));
        check_failure(upload(host, near_file{"0123456789"}, options), protocol_errc::refused_permanently,
                      operation_step::command);
    }
    SUBCASE("on this side")
    {
        check_failure(upload_from_source(host, "0123456789", options), store_errc::not_supported,
                      operation_step::near_end);
    }
    CHECK(host.files["f"].content == "0123");
}

TEST_CASE("The size is asked for after the upload, and must be that of the near file")
{
    task_host host;
    near_file near{"content"};
    transfer_options options;
    options.verify = verification::size;
    SUBCASE("equal")
    {
        CHECK(upload(host, near, options).value().verified == verification::size);
        CHECK(host.log == steps{"call", "upload f", "stat f"});
    }
    SUBCASE("not equal")
    {
        host.before(2, [&] { host.files["f"].content += "\r"; });
        check_failure(upload(host, near, options), protocol_errc::transfer_incomplete, operation_step::verification);
    }
    SUBCASE("not told")
    {
        host.tells_size = false;
        check_failure(upload(host, near, options), protocol_errc::not_supported, operation_step::verification);
    }
    SUBCASE("not to be had")
    {
        host.can_stat = false;
        check_failure(upload(host, near, options), protocol_errc::not_supported, operation_step::arguments);
        CHECK(host.files["f"].content == "content");
    }
}

TEST_CASE("The digest is asked for after the upload, and must be that of what was sent")
{
    task_host host;
    near_file near{"content"};
    transfer_options options;
    options.verify = verification::hash;
    SUBCASE("equal")
    {
        CHECK(upload(host, near, options).value().verified == verification::hash);
        CHECK(host.log == steps{"call", "upload f", "hash f"});
    }
    SUBCASE("not equal")
    {
        host.before(2, [&] { host.files["f"].content = "cOntent"; });
        check_failure(upload(host, near, options), protocol_errc::verification_failed, operation_step::verification);
    }
    SUBCASE("not to be had")
    {
        host.can_hash = false;
        check_failure(upload(host, near, options), protocol_errc::not_supported, operation_step::arguments);
    }
}

TEST_CASE("The remote file gets the time of the near one, where that is possible")
{
    task_host host;
    near_file near{"content"};
    transfer_options options;
    options.keeps_time = true;
    SUBCASE("possible")
    {
        CHECK(upload(host, near, options).has_value());
        CHECK(host.files["f"].modified == near.modified());
    }
    SUBCASE("not possible")
    {
        host.can_set_time = false;
        CHECK(upload(host, near, options).has_value());
    }
    SUBCASE("refused")
    {
        host.fail_at(2, testing::refusal(550));
        CHECK(upload(host, near, options).has_value());
    }
    SUBCASE("never answered")
    {
        host.fail_at(2, testing::lost_connection());
        CHECK(upload(host, near, options).has_value());
    }
    CHECK(host.log == steps{"call", "upload f", "set time f"});
}

TEST_CASE("Progress tells the bytes so far, where they began and the size of the whole")
{
    task_host host;
    host.files["f"].content = "0123";
    transfer_options options;
    options.existing = existing_file::resume;
    std::vector<transfer_progress> heard;
    options.progress = [&](const transfer_progress& made) { heard.push_back(made); };
    CHECK(upload(host, near_file{"0123456789abcdef"}, options).has_value());
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].bytes == 7);
    CHECK(heard[1].bytes == 12);
    CHECK(heard[1].offset == 4);
    CHECK(heard[1].total == 16);
}

TEST_CASE("A near file that is not there ends an upload")
{
    task_host host;
    check_failure(upload(host, near_file{}), store_errc::not_found, operation_step::near_end);
    CHECK(host.log == steps{"call"});
}

TEST_CASE("Options that contradict each other are refused before anything is done")
{
    task_host host;
    transfer_options options;
    SUBCASE("text that is resumed")
    {
        options.type = representation_type::ascii;
        options.existing = existing_file::resume;
    }
    SUBCASE("text that is verified")
    {
        options.type = representation_type::ascii;
        options.verify = verification::hash;
    }
    SUBCASE("an end that is verified as if it were the whole")
    {
        options.existing = existing_file::append;
        options.verify = verification::size;
    }
    SUBCASE("an offset of its own for what is resumed")
    {
        options.existing = existing_file::resume;
        options.offset = 1;
    }
    SUBCASE("an offset for what is appended")
    {
        options.existing = existing_file::append;
        options.offset = 1;
    }
    check_failure(upload(host, near_file{"content"}, options), protocol_errc::argument_invalid,
                  operation_step::arguments);
    CHECK(host.log.empty());
}

TEST_CASE("Each failure of the near side ends an upload")
{
    for (std::size_t call = 0;; ++call) {
        task_host host;
        host.files["f"].content = "0123";
        near_file near{"0123456789"};
        near.place->fail_at(call);
        transfer_options options;
        options.existing = existing_file::resume;
        options.verify = verification::hash;
        options.retry.attempts = 5;
        const auto made = upload(host, near, options);
        if (near.place->calls() <= call) {
            CHECK(made.has_value());
            CHECK(call > 4);
            break;
        }
        CAPTURE(call);
        check_failure(made, std::make_error_code(std::errc::io_error), operation_step::near_end);
    }
}

TEST_CASE("An upload that is canceled at any step is so, unless it is complete")
{
    for (const auto what : {task_host::running::ends, task_host::running::completes}) {
        for (std::size_t step = 0; step < 4; ++step) {
            task_host host;
            host.cancel_at(step, what);
            transfer_options options;
            options.verify = verification::size;
            options.keeps_time = true;
            const auto made = upload(host, near_file{"content"}, options);
            CAPTURE(step);
            CHECK(made.has_value() == (step == 3));
            if (!made)
                CHECK(made.error().code == protocol_errc::canceled);
        }
    }
}

TEST_CASE("An upload that is canceled before its first step is done")
{
    upload_task task{near_file{"content"}.place, "f", {}};
    task.cancel();
    CHECK(task.is_done());
    CHECK_FALSE(task.next_step());
    CHECK(task.take_result().error().code == protocol_errc::canceled);
}
