// Downloads that take what is there already for the beginning of the file.
#include "scratch_folder.hpp"
#include "transfer_task_script.hpp"

using namespace libftp;
using namespace libftp::testing;

TEST_CASE("A resumed download fetches what is missing")
{
    auto host = host_with("0123456789");
    near_file near{"0123"};
    transfer_options options;
    options.existing = existing_file::resume;
    SUBCASE("verified by nothing") {}
    SUBCASE("verified by its size")
    {
        options.verify = verification::size;
    }
    const auto made = download(host, near, options).value();
    CHECK(host.log == steps{"call", "stat f", "call", "download f from 4", "call"});
    CHECK(near.content() == "0123456789");
    CHECK(made.bytes == 6);
    CHECK(made.offset == 4);
    CHECK(made.verified == verification::size);
}

TEST_CASE("To resume a file that is not there, or empty, is to download it")
{
    auto host = host_with("content");
    near_file near;
    transfer_options options;
    options.existing = existing_file::resume;
    SUBCASE("not there")
    {
        CHECK(download(host, near, options).has_value());
        CHECK(host.log == steps{"call", "call", "download f", "call"});
    }
    SUBCASE("empty, and the server can tell nothing")
    {
        host.can_stat = false;
        near.put("");
        CHECK(download(host, near, options).has_value());
    }
    CHECK(near.content() == "content");
}

TEST_CASE("There is nothing to fetch of a file that is complete")
{
    auto host = host_with("content");
    near_file near{"content"};
    transfer_options options;
    options.existing = existing_file::resume;
    options.keeps_time = true;
    SUBCASE("verified by its size")
    {
        options.verify = verification::size;
        CHECK(download(host, near, options).value().verified == verification::size);
        CHECK(host.log == steps{"call", "stat f", "call"});
    }
    SUBCASE("verified by its digest")
    {
        options.verify = verification::hash;
        CHECK(download(host, near, options).value().verified == verification::hash);
        CHECK(host.log == steps{"call", "stat f", "hash f", "call", "call"});
    }
    SUBCASE("with nothing confirmed")
    {
        const auto made = download(host, near, options).value();
        CHECK(made.bytes == 0);
        CHECK_FALSE(made.is_confirmed);
        CHECK(made.announced == 7);
    }
    CHECK(near.content() == "content");
    CHECK(near.modified() == old_time);
}

TEST_CASE("A file that is complete in size but not in content is found out by its digest")
{
    auto host = host_with("content");
    near_file near{"cOntent"};
    transfer_options options;
    options.existing = existing_file::resume;
    options.verify = verification::hash;
    check_failure(download(host, near, options), protocol_errc::verification_failed, operation_step::verification);
}

TEST_CASE("What is longer than the remote file is not the beginning of it")
{
    auto host = host_with("0123");
    near_file near{"01234"};
    transfer_options options;
    options.existing = existing_file::resume;
    check_failure(download(host, near, options), protocol_errc::changed_meanwhile, operation_step::verification);
    CHECK(near.content() == "01234");
}

TEST_CASE("What is older than the remote file is not the beginning of it, unless the digest says so")
{
    auto host = host_with("0123456789", new_time);
    near_file near{"0123"};
    transfer_options options;
    options.existing = existing_file::resume;
    SUBCASE("newer")
    {
        check_failure(download(host, near, options), protocol_errc::changed_meanwhile, operation_step::verification);
        CHECK(near.content() == "0123");
    }
    SUBCASE("newer by less than its time is exact to")
    {
        host.precision = time_precision::day;
        CHECK(download(host, near, options).has_value());
    }
    SUBCASE("of the same digest")
    {
        options.verify = verification::hash;
        CHECK(download(host, near, options).value().verified == verification::hash);
        CHECK(near.content() == "0123456789");
    }
    SUBCASE("of another digest")
    {
        near.put("9123");
        options.verify = verification::hash;
        check_failure(download(host, near, options), protocol_errc::verification_failed, operation_step::verification);
        CHECK(near.content() == "9123");
    }
}

TEST_CASE("Nothing is resumed without the size of the remote file")
{
    auto host = host_with("0123456789");
    near_file near{"0123"};
    transfer_options options;
    options.existing = existing_file::resume;
    SUBCASE("not to be told")
    {
        host.can_stat = false;
        check_failure(download(host, near, options), protocol_errc::not_supported, operation_step::arguments);
    }
    SUBCASE("not told")
    {
        host.tells_size = false;
        check_failure(download(host, near, options), protocol_errc::not_supported, operation_step::arguments);
    }
    SUBCASE("refused")
    {
        host.files.clear();
        const auto made = download(host, near, options);
        check_failure(made, protocol_errc::refused_permanently, operation_step::command);
        CHECK(made.error().answer.code == 550);
    }
    CHECK(near.content() == "0123");
}

TEST_CASE("What has come of a local file stays there, to be resumed once more")
{
    auto host = host_with("0123456789");
    const testing::scratch_folder folder;
    transfer_options options;
    options.existing = existing_file::resume;
    const auto resume = [&] {
        download_task task{"f", make_local_place(folder.path("f")), options};
        return host.run(task);
    };
    host.fail_at(2, testing::lost_connection(), 3);
    CHECK_FALSE(resume().has_value());
    CHECK(folder.read("f") == "012");
    host.fail_at(6, testing::lost_connection(), 4);
    CHECK_FALSE(resume().has_value());
    CHECK(folder.read("f") == "0123456");
    CHECK(resume().has_value());
    CHECK(folder.read("f") == "0123456789");
}

TEST_CASE("Of a server that takes REST and sends the file from its beginning nothing is left behind what was there")
{
    auto host = host_with("0123456789");
    host.ignores_restart = true;
    const testing::scratch_folder folder;
    folder.write("f", "0123");
    transfer_options options;
    SUBCASE("resumed")
    {
        options.existing = existing_file::resume;
    }
    SUBCASE("from an offset")
    {
        options.offset = 4;
        options.verify = verification::size;
    }
    download_task task{"f", make_local_place(folder.path("f")), options};
    const auto made = host.run(task);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == protocol_errc::transfer_incomplete);
    CHECK(folder.read("f") == "0123");
}

TEST_CASE("What was resumed is opened anew although the host still has the writer of the attempt before")
{
    auto host = host_with("0123456789");
    host.keeps_sinks = true;
    const testing::scratch_folder folder;
    transfer_options options;
    options.existing = existing_file::resume;
    options.retry.attempts = 2;
    SUBCASE("to begin again")
    {
        host.fail_at(3, testing::lost_connection(), 4);
        host.before(4, [&] { host.files["f"] = {"another 10", file_time{std::chrono::hours{99}}}; });
        download_task task{"f", make_local_place(folder.path("f")), options};
        CHECK(host.run(task).has_value());
        CHECK(folder.read("f") == "another 10");
    }
    SUBCASE("to leave it as it was")
    {
        folder.write("f", "0123");
        host.ignores_restart = true;
        host.fail_at(3, testing::lost_connection(), 10);
        download_task task{"f", make_local_place(folder.path("f")), options};
        CHECK_FALSE(host.run(task).has_value());
        CHECK(folder.read("f") == "0123");
    }
    CHECK(host.kept_sinks.size() == 1);
}

TEST_CASE("To resume a file that neither side has makes none")
{
    task_host host;
    const testing::scratch_folder folder;
    transfer_options options;
    options.existing = existing_file::resume;
    download_task task{"f", make_local_place(folder.path("f")), options};
    check_failure(host.run(task), protocol_errc::refused_permanently, operation_step::transfer_command);
    CHECK(folder.names().empty());
}

TEST_CASE("An empty file is resumed to an empty file")
{
    auto host = host_with("");
    const testing::scratch_folder folder;
    transfer_options options;
    options.existing = existing_file::resume;
    download_task task{"f", make_local_place(folder.path("f")), options};
    CHECK(host.run(task).has_value());
    CHECK(folder.names() == steps{"f"});
}

TEST_CASE("A file that cannot be opened for what has come ends the download")
{
    auto host = host_with("0123456789");
    const testing::scratch_folder folder;
    transfer_options options;
    options.existing = existing_file::resume;
    options.retry.attempts = 3;
    download_task task{"f", make_local_place(folder.path("no/f")), options};
    const auto made = host.run(task);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == std::errc::no_such_file_or_directory);
    CHECK(made.error().step == operation_step::near_end);
}
