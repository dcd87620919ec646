// Mirrors in both directions: what is transferred, made, removed, left out and reported.
#include "mirror_script.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::add_tree;
using libftp::testing::at;
using libftp::testing::mirror_script;
using libftp::testing::time_of;
using libftp::testing::tree_contents;
using libftp::testing::tree_host;
using texts = std::vector<std::string>;

TEST_CASE("A tree is downloaded with its directories and the times of its files")
{
    mirror_script script;
    add_tree(script);
    script.host.server.add_directory("/top/empty");
    CHECK(script.run());
    CHECK(script.near_tree() == script.far_tree());
    CHECK(script.events == texts{"make d", "make d/e", "make empty", "transfer a", "transfer d/b", "transfer d/e/c"});
    CHECK(script.result.transferred == 3);
    CHECK(script.result.bytes == 12);
    CHECK(script.result.made == 3);
    CHECK(script.files->stat(at("/home/d/b"))->modified == time_of("20200101120000"));
}

TEST_CASE("A tree is uploaded with its directories and the times of its files")
{
    mirror_script script{mirror_direction::upload};
    add_tree(script);
    CHECK(script.run());
    CHECK(script.near_tree() == script.far_tree());
    CHECK(script.events == texts{"make d", "make d/e", "transfer a", "transfer d/b", "transfer d/e/c"});
    CHECK(script.host.server.stat(at("/top/d/b"))->modified == time_of("20200101120000"));
}

TEST_CASE("The progress of each file is told by its path")
{
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        mirror_script script{direction};
        add_tree(script);
        texts told;
        script.options.progress = [&told](const std::string& path, const transfer_progress& made) {
            told.push_back(path + ' ' + std::to_string(made.bytes));
        };
        CHECK(script.run());
        std::sort(told.begin(), told.end());
        CHECK(told == texts{"a 2", "d/b 4", "d/e/c 6"});
    }
}

TEST_CASE("Directories that were made are not listed before they are filled")
{
    mirror_script script{mirror_direction::upload};
    add_tree(script);
    CHECK(script.run());
    CHECK(script.did("LIST /top"));
    CHECK_FALSE(script.did("LIST /top/d"));
}

TEST_CASE("A second mirror transfers nothing")
{
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        mirror_script script{direction};
        add_tree(script);
        CHECK(script.run());
        CHECK(script.run());
        CHECK(script.events.empty());
        CHECK(script.result.unchanged == 3);
    }
}

TEST_CASE("What is only on the side written to stays, unless it is to be removed")
{
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        mirror_script script{direction};
        const bool is_download = direction == mirror_direction::download;
        const auto add_extra = [&](const char* path) {
            is_download ? script.add_near(path, "x") : script.add_far(path, "x");
        };
        add_tree(script);
        for (const auto* path : {"extra", "d/extra", "gone/x", "gone/deep/y"})
            add_extra(path);
        CHECK(script.run());
        CHECK(script.result.removed == 0);
        CHECK((is_download ? script.near_tree() : script.far_tree()).contains("gone/deep/y"));

        script.options.extras = mirror_extras::remove;
        CHECK(script.run());
        CHECK(script.events == texts{"remove d/extra", "remove extra", "remove gone", "remove gone/deep",
                                     "remove gone/deep/y", "remove gone/x"});
        CHECK(script.near_tree() == script.far_tree());
    }
}

TEST_CASE("What a glob leaves out is neither transferred nor removed")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.options.exclude = {"*.tmp", "/top.txt", "d/secret"};
    for (const auto* path : {"a.tmp", "top.txt", "d/top.txt", "d/secret/x", "secret/x"})
        script.add_far(path, "far");
    for (const auto* path : {"b.tmp", "old/c.tmp", "old/d", "d/secret/y", "d/z.tmp"})
        script.add_near(path, "near");
    CHECK(script.run());
    CHECK(script.near_tree() == tree_contents{{"b.tmp", "near"},
                                              {"d/", ""},
                                              {"d/secret/", ""},
                                              {"d/secret/y", "near"},
                                              {"d/top.txt", "far"},
                                              {"d/z.tmp", "near"},
                                              {"old/", ""},
                                              {"old/c.tmp", "near"},
                                              {"secret/", ""},
                                              {"secret/x", "far"}});
    CHECK_FALSE(script.did("LIST /top/d/secret"));
}

TEST_CASE("Only files are chosen by `include`")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.options.include = {"*.txt", "d/b"};
    add_tree(script);
    script.add_far("d/t.txt", "t");
    script.add_near("other", "stays");
    script.add_near("old.txt", "goes");
    CHECK(script.run());
    CHECK(script.near_tree() ==
          tree_contents{{"d/", ""}, {"d/b", "<d/b"}, {"d/e/", ""}, {"d/t.txt", "t"}, {"other", "stays"}});
}

TEST_CASE("A dry run tells what would be done, and changes nothing")
{
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        mirror_script script{direction};
        const bool is_download = direction == mirror_direction::download;
        add_tree(script);
        is_download ? script.add_near("x/y", "x") : script.add_far("x/y", "x");
        is_download ? script.add_near("d", "a file") : script.add_far("d", "a file");
        script.options.extras = mirror_extras::remove;
        const auto far = script.far_tree();
        const auto near = script.near_tree();
        script.options.is_dry_run = true;
        CHECK(script.run());
        CHECK(script.far_tree() == far);
        CHECK(script.near_tree() == near);
        CHECK(script.near->changes.empty());
        const auto promised = script.events;
        CHECK(promised.size() == 8);
        CHECK(script.result.bytes == 12);

        script.options.is_dry_run = false;
        CHECK(script.run());
        CHECK(script.events == promised);
        CHECK(script.near_tree() == script.far_tree());
    }
}

TEST_CASE("Extras are told by a dry run without a step for each")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.options.is_dry_run = true;
    script.add_far("a", "1");
    for (int i = 0; i < 20'000; ++i)
        script.files->add_file("/home/" + std::to_string(i), "");
    CHECK(script.run());
    CHECK(script.result.removed == 20'000);
    CHECK(script.host.calls == 1);
}

TEST_CASE("A file where a directory is needed, and the other way round, is a failure of that entry")
{
    mirror_script script;
    add_tree(script);
    script.add_near("d", "a file");
    script.add_near("a/x", "in a directory");
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail a", "fail d"});
    CHECK(script.result.failures.size() == 2);
    CHECK(script.near_tree() == tree_contents{{"a/", ""}, {"a/x", "in a directory"}, {"d", "a file"}});

    script.options.extras = mirror_extras::remove;
    CHECK(script.run());
    CHECK(script.near_tree() == script.far_tree());
}

TEST_CASE("What is in the way stays if a glob leaves it out")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.options.include = {"*.txt"};
    script.add_far("d/x.txt", "x");
    script.add_near("d", "a file");
    CHECK_FALSE(script.run());
    CHECK(script.near_tree() == tree_contents{{"d", "a file"}});
}

TEST_CASE("Links are skipped, or followed as files")
{
    mirror_script script;
    script.add_far("a", "content");
    script.host.server.make_symbolic_link(at("/top/a"), at("/top/link")).value();
    script.host.server.make_symbolic_link(at("/top/nothing"), at("/top/broken")).value();
    CHECK(script.run());
    CHECK(script.events == texts{"skip broken", "skip link", "transfer a"});
    CHECK(script.result.skipped.at(0).error.code == store_errc::not_a_file);

    script.options.links = mirror_links::follow;
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail broken", "transfer link"});
    CHECK(script.near_tree() == tree_contents{{"a", "content"}, {"link", "content"}});
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail broken"});
}

TEST_CASE("Links of the local tree are uploaded as what they lead to, one to a directory is a failure")
{
    mirror_script script{mirror_direction::upload};
    script.options.links = mirror_links::follow;
    script.add_near("a", "content");
    script.add_near("d/x", "x");
    script.files->make_symbolic_link(at("/home/a"), at("/home/link")).value();
    script.files->make_symbolic_link(at("/home/d"), at("/home/to directory")).value();
    script.files->make_symbolic_link(at("/home/nothing"), at("/home/broken")).value();
    CHECK_FALSE(script.run());
    CHECK(script.events ==
          texts{"fail broken", "fail to directory", "make d", "transfer a", "transfer d/x", "transfer link"});
    CHECK(script.far_tree() == tree_contents{{"a", "content"}, {"d/", ""}, {"d/x", "x"}, {"link", "content"}});
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail broken", "fail to directory"});
    for (const auto& failure : script.result.failures)
        CHECK(failure.error.step == operation_step::near_end);
}

TEST_CASE("A link that leads to a directory or nowhere is a failure, and costs no directory on the other side")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.options.links = mirror_links::follow;
    script.add_far("d/x", "x");
    script.host.server.make_symbolic_link(at("/top/d"), at("/top/to directory")).value();
    script.host.server.make_symbolic_link(at("/top/nothing"), at("/top/broken")).value();
    script.host.server.make_symbolic_link(at("/top/d"), at("/top/new")).value();
    script.add_near("to directory/x", "kept");
    script.add_near("broken/y/z", "kept too");
    script.add_near("extra", "goes");

    script.options.is_dry_run = true;
    CHECK_FALSE(script.run());
    const auto told = script.events;
    CHECK(told == texts{"fail broken", "fail new", "fail to directory", "make d", "remove extra", "transfer d/x"});
    for (const auto& failure : script.result.failures) {
        CHECK(failure.error.code == store_errc::is_a_directory);
        const auto* const step = failure.path == "new" ? "command" : "near end";
        CHECK(to_string(failure.error.step) == step);
    }

    script.options.is_dry_run = false;
    CHECK_FALSE(script.run());
    CHECK(script.events == told);
    CHECK(script.near_tree() == tree_contents{{"broken/", ""},
                                              {"broken/y/", ""},
                                              {"broken/y/z", "kept too"},
                                              {"d/", ""},
                                              {"d/x", "x"},
                                              {"to directory/", ""},
                                              {"to directory/x", "kept"}});
}

TEST_CASE("Deeds have names for a person")
{
    std::vector<std::string_view> names;
    for (auto deed = 0; deed <= static_cast<int>(mirror_deed::fail); ++deed)
        names.push_back(to_string(static_cast<mirror_deed>(deed)));
    CHECK(names == std::vector<std::string_view>{"transfer", "make directory", "remove file", "remove directory",
                                                 "skip", "fail"});
    CHECK(to_string(mirror_deed{255}) == "unknown");
}

TEST_CASE("What is neither file nor directory is skipped, and not removed on the other side")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.add_far("device", "");
    script.add_near("device", "near");
    script.host.falsify = [](const auto&, parsed_listing& listing) { listing.entries[0].type = file_type::other; };
    CHECK(script.run());
    CHECK(script.events == texts{"skip device"});
    CHECK(script.near_tree() == tree_contents{{"device", "near"}});
}

TEST_CASE("What fails for a while is tried again, after pauses that double")
{
    mirror_script script{mirror_direction::upload};
    add_tree(script);
    script.add_far("x", "");
    script.options.extras = mirror_extras::remove;
    script.options.transfers.retry = {4, std::chrono::milliseconds{100}, std::chrono::milliseconds{300}};
    std::map<std::string, int> tries;
    script.host.failure_of = [&](const std::string& what) -> std::optional<operation_error> {
        if (what.starts_with("STOR") || ++tries[what] == 4)
            return std::nullopt;
        return what.starts_with("LIST") ? tree_host::lost_connection() : tree_host::refusal(450);
    };
    script.options.keeps_times = false;
    CHECK(script.run());
    CHECK(script.near_tree() == script.far_tree());
    using std::chrono::milliseconds;
    REQUIRE(script.host.pauses.size() == 12);
    CHECK(std::count(script.host.pauses.begin(), script.host.pauses.end(), milliseconds{100}) == 4);
    CHECK(std::count(script.host.pauses.begin(), script.host.pauses.end(), milliseconds{200}) == 4);
    CHECK(std::count(script.host.pauses.begin(), script.host.pauses.end(), milliseconds{300}) == 4);
}

TEST_CASE("Whichever files meet the end of a session, all are transferred")
{
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        mirror_script script{direction};
        add_tree(script);
        script.options.transfers.retry.attempts = 2;
        script.host.failure_of = [&](const std::string& what) {
            const bool is_transfer = what.starts_with("RETR") || what.starts_with("STOR");
            const bool is_first = script.host.count_done(what) == 1;
            return is_transfer && is_first ? std::optional{tree_host::lost_connection()} : std::nullopt;
        };
        CHECK(script.run());
        CHECK(script.near_tree() == script.far_tree());
        CHECK(script.host.pauses.size() == 3);
        // Small files are not worth to be asked about before.
        CHECK((script.did("MLST /top/a") == (direction == mirror_direction::download)));
    }
}

TEST_CASE("A file that all attempts have met the end of a session with is begun anew behind others that come across")
{
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        for (const std::size_t failures : {4U, 1000U}) {
            mirror_script script{direction};
            add_tree(script);
            script.options.transfers.retry.attempts = 3;
            script.host.failure_of = [&](const std::string& what) {
                const bool is_odd_one = what == "RETR /top/d/b" || what == "STOR /top/d/b";
                const bool fails = is_odd_one && script.host.count_done(what) <= failures;
                return fails ? std::optional{tree_host::lost_connection()} : std::nullopt;
            };
            const bool comes_in_the_end = failures == 4;
            CHECK(script.run() == comes_in_the_end);
            CHECK(script.result.failure_count == (comes_in_the_end ? 0 : 1));
            CHECK((script.near_tree() == script.far_tree()) == comes_in_the_end);
            CHECK(script.host.count_done(direction == mirror_direction::download ? "RETR /top/d/b" : "STOR /top/d/b") <=
                  9);
        }
    }
}

TEST_CASE("A server that never lets a file come across is not tried as often for each of many")
{
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        mirror_script script{direction};
        for (int i = 0; i < 100; ++i)
            direction == mirror_direction::download ? script.add_far(std::to_string(i), "x")
                                                    : script.add_near(std::to_string(i), "x");
        script.options.transfers.retry.attempts = 3;
        script.host.failure_of = [&](const std::string& what) {
            const bool is_transfer = what.starts_with("RETR") || what.starts_with("STOR");
            return is_transfer ? std::optional{tree_host::lost_connection()} : std::nullopt;
        };
        CHECK_FALSE(script.run());
        CHECK(script.result.failure_count == 100);
        CHECK(script.host.pauses.size() < 10);
    }
}

TEST_CASE("What goes on failing is reported, and the rest is done")
{
    mirror_script script;
    add_tree(script);
    script.add_far("f/g", "g");
    script.options.transfers.retry = {2, std::chrono::milliseconds{1}, std::chrono::milliseconds{1}};
    script.host.failure_of = [](const std::string& what) -> std::optional<operation_error> {
        if (what == "LIST /top/d")
            return tree_host::refusal(450);
        if (what == "RETR /top/a")
            return tree_host::refusal(550);
        return std::nullopt;
    };
    CHECK_FALSE(script.run());
    CHECK(script.host.count_done("LIST /top/d") == 2);
    CHECK(script.host.count_done("RETR /top/a") == 1);
    CHECK(script.events == texts{"fail a", "fail d", "make f", "transfer f/g"});
    CHECK(script.result.failures.at(0).error.answer.code >= 450);
}

TEST_CASE("A directory that cannot be made is one failure, whatever is in it")
{
    mirror_script script{mirror_direction::upload};
    add_tree(script);
    script.host.failure_of = [](const std::string& what) {
        return what == "MKD /top/d" ? std::optional{tree_host::refusal(550)} : std::nullopt;
    };
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail d", "transfer a"});
}

TEST_CASE("MKD is refused because the directory is there already: its listing decides")
{
    mirror_script script{mirror_direction::upload};
    add_tree(script);
    script.add_far("d/b", "<d/b", "20210101000000");
    script.host.falsify = [](const auto& path, parsed_listing& listing) {
        if (path == "/top")
            listing.entries.clear(); // Somebody made it just after this.
    };
    CHECK(script.run());
    CHECK(script.events == texts{"make d/e", "transfer a", "transfer d/e/c"});
    CHECK(script.result.unchanged == 1);
}

TEST_CASE("A canceled mirror asks for nothing more and ends when its steps have ended")
{
    for (std::size_t steps = 0; steps < 14; ++steps) {
        mirror_script script;
        script.host.sessions = 3;
        script.options.sessions = 3;
        add_tree(script);
        const auto task = script.make_task();
        script.host.run(*task, steps);
        REQUIRE_FALSE(task->is_done());
        task->cancel();
        CHECK_FALSE(task->next_step());
        script.host.end_steps_in_flight();
        CHECK_FALSE(task->next_step());
        CHECK(task->is_done());
        CHECK(task->take_result().error().code == protocol_errc::canceled);
    }
}

TEST_CASE("A mirror may be destroyed while its steps run")
{
    for (std::size_t steps = 0; steps < 14; ++steps) {
        mirror_script script;
        script.host.sessions = 3;
        add_tree(script);
        auto task = script.make_task();
        script.host.run(*task, steps);
        const auto reported = script.events.size();
        task.reset();
        script.host.end_steps_in_flight();
        CHECK(script.events.size() == reported);
    }
}

TEST_CASE("Several sessions work at the same time")
{
    mirror_script script;
    script.host.sessions = 4;
    script.options.sessions = 4;
    for (int i = 0; i < 20; ++i)
        script.add_far("d" + std::to_string(i % 3) + '/' + std::to_string(i), "x");
    CHECK(script.run());
    CHECK(script.host.most_in_flight == 4);
    CHECK(script.near_tree() == script.far_tree());
}

TEST_CASE("However many files there are, only so many are begun at a time")
{
    mirror_script script;
    script.host.sessions = 10'000;
    script.options.sessions = 3;
    for (int i = 0; i < 2000; ++i)
        script.add_far(std::to_string(i), "x");
    script.options.rule = mirror_rule::hash;
    CHECK(script.run());
    CHECK(script.host.most_in_flight <= 12);
    CHECK(script.run());
    CHECK(script.result.unchanged == 2000);
    CHECK(script.host.most_in_flight <= 256);
}

TEST_CASE("Files whose times are under way keep no others back")
{
    mirror_script script{mirror_direction::upload};
    script.host.sessions = 10'000;
    script.host.times_last = true;
    for (int i = 0; i < 20; ++i)
        script.add_near(std::to_string(i), "x");
    CHECK(script.run());
    const auto is_time = [](const std::string& what) { return what.starts_with("MFMT"); };
    const auto first = std::ranges::find_if(script.host.done, is_time);
    CHECK(std::count_if(first, script.host.done.end(), is_time) == 20);
    CHECK(std::distance(first, script.host.done.end()) == 20);
}
