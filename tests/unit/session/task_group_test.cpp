// Many files that are no tree, on the sessions that a client has.
#include <libftp/session/task_group.hpp>
#include <libftp/session/transfer_task.hpp>

#include "support/tree_host.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace libftp;
using namespace libftp::testing;
using texts = std::vector<std::string>;

namespace {

struct group_script {
    tree_host host{};
    std::shared_ptr<memory_store> files = std::make_shared<memory_store>();
    texts told{};
    std::size_t running = 0;
    std::size_t most_running = 0;

    void add_downloads(task_group& group, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) {
            const auto name = "f" + std::to_string(i);
            host.server.add_file('/' + name, "<" + name);
            add_download(group, name);
        }
    }

    void add_download(task_group& group, const std::string& name)
    {
        const auto begins = [this, name] {
            told.push_back("begins " + name);
            most_running = std::max(most_running, ++running);
        };
        const auto ended = [this, name](const client_result<transfer_result>& result) {
            told.push_back((result ? "done " : "failed ") + name);
            --running;
        };
        group.add(
            std::make_unique<download_task>('/' + name, make_store_place(files, at('/' + name)), transfer_options{}),
            begins, ended);
    }
};

} // namespace

TEST_CASE("A group without tasks is done")
{
    task_group group;
    CHECK(group.is_done());
    CHECK_FALSE(group.next_step());
    CHECK(group.take_result());
}

TEST_CASE("The tasks of a group run one after the other, in their order")
{
    group_script script;
    task_group group;
    script.add_downloads(group, 3);
    CHECK_FALSE(group.is_done());
    script.host.run(group);
    CHECK(group.is_done());
    CHECK(group.take_result());
    CHECK(script.told == texts{"begins f0", "done f0", "begins f1", "done f1", "begins f2", "done f2"});
    CHECK(content_of(*script.files, "/f2") == "<f2");
}

TEST_CASE("As many tasks run at the same time as are allowed and as there are sessions for")
{
    for (const std::size_t allowed : {0U, 1U, 2U, 4U, 20U}) {
        for (unsigned seed = 1; seed < 20; ++seed) {
            group_script script;
            script.host.sessions = 4;
            script.host.seed = seed;
            task_group group{allowed};
            script.add_downloads(group, 9);
            script.host.run(group);
            CHECK(group.is_done());
            CHECK(group.take_result());
            CHECK(script.told.size() == 18);
            CHECK(script.running == 0);
            CHECK(script.most_running == std::clamp<std::size_t>(allowed, 1, 4));
        }
    }
}

TEST_CASE("Nobody need hear that a task begins")
{
    group_script script;
    script.host.server.add_file("/f", "<f");
    task_group group;
    bool is_done = false;
    group.add(std::make_unique<download_task>("/f", make_store_place(script.files, at("/f")), transfer_options{}), {},
              [&is_done](const client_result<transfer_result>& result) { is_done = result.has_value(); });
    script.host.run(group);
    CHECK(is_done);
}

TEST_CASE("A task that fails does not end the others")
{
    group_script script;
    task_group group;
    script.add_download(group, "missing");
    script.add_downloads(group, 1);
    script.host.run(group);
    CHECK(group.take_result());
    CHECK(script.told == texts{"begins missing", "failed missing", "begins f0", "done f0"});
}

TEST_CASE("A group that is canceled ends the tasks that run and begins no more")
{
    for (std::size_t steps = 0; steps < 12; ++steps) {
        group_script script;
        script.host.sessions = 2;
        task_group group{2};
        script.add_downloads(group, 3);
        script.host.run(group, steps);
        const bool was_done = group.is_done();
        group.cancel();
        script.host.end_steps_in_flight();
        CHECK(group.is_done());
        CHECK_FALSE(group.next_step());
        CHECK(group.take_result().has_value() == was_done);
        CHECK(script.running == 0);
    }
}

TEST_CASE("A group that has gone tells nothing of the steps that still run")
{
    group_script script;
    {
        task_group group;
        script.add_downloads(group, 1);
        script.host.run(group, 1);
    }
    script.host.end_steps_in_flight();
    CHECK(script.told == texts{"begins f0"});
}
