// Directories of a server removed with all that is in them, never through a link.
#include "mirror_script.hpp"

#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::contents_of;
using libftp::testing::tree_contents;
using libftp::testing::tree_host;
using texts = std::vector<std::string>;

namespace {

struct removal_script {
    tree_host host{};
    removal_options options{};
    std::vector<mirror_event> events{};

    explicit removal_script(std::initializer_list<const char*> files)
    {
        for (const auto* path : files)
            host.server.add_file(path, "x");
    }

    client_result<mirror_result> remove(const std::string& path)
    {
        auto told = options;
        told.report = [this](const mirror_event& event) { events.push_back(event); };
        removal_task task{path, std::move(told)};
        host.run(task);
        REQUIRE(task.is_done());
        return task.take_result();
    }

    [[nodiscard]] tree_contents tree() { return contents_of(host.server); }
};

} // namespace

TEST_CASE("A directory is removed with all that is in it, and nothing else")
{
    removal_script script{"/t/a", "/t/d/b", "/t/d/e/c", "/tree"};
    script.host.server.add_directory("/t/empty");
    const auto outcome = script.remove("t");
    REQUIRE(outcome);
    CHECK(outcome->removed == 7);
    CHECK(outcome->failure_count == 0);
    CHECK(script.tree() == tree_contents{{"tree", "x"}});
    REQUIRE(script.events.size() == 7);
    CHECK(script.events.back().path.empty());
    CHECK(script.events.back().deed == mirror_deed::remove_directory);
}

TEST_CASE("A removal works on several sessions, in any order")
{
    for (unsigned seed = 0; seed < 50; ++seed) {
        removal_script script{"/keep"};
        script.host.seed = seed;
        script.host.sessions = 4;
        for (int i = 0; i < 40; ++i)
            script.host.server.add_file(
                "/t/" + std::to_string(i % 3) + '/' + std::to_string(i % 5) + '/' + std::to_string(i), "x");
        CHECK(script.remove("/t")->failure_count == 0);
        CHECK(script.tree() == tree_contents{{"keep", "x"}});
    }
}

TEST_CASE("A path that is a file is removed as one")
{
    removal_script script{"/d/f"};
    const auto outcome = script.remove("/d/f");
    REQUIRE(outcome);
    CHECK(outcome->removed == 1);
    CHECK(script.events.at(0).deed == mirror_deed::remove_file);
    CHECK(script.tree() == tree_contents{{"d/", ""}});
}

TEST_CASE("What is not there cannot be removed, and neither can a path without a name")
{
    removal_script script{"/f"};
    CHECK(script.remove("/gone").error().code == protocol_errc::refused_permanently);
    CHECK(script.remove("").error().code == protocol_errc::argument_invalid);
    CHECK(script.remove(".").error().code == protocol_errc::argument_invalid);
    CHECK(script.tree() == tree_contents{{"f", "x"}});
}

TEST_CASE("Links are removed, not followed, even if the server lists them as directories")
{
    removal_script script{"/t/a", "/other/b"};
    script.host.server.make_symbolic_link(at("/other"), at("/t/link")).value();
    script.host.server.make_symbolic_link(at("/other"), at("/t/disguised")).value();
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        for (auto& entry : listing.entries)
            if (entry.name == "disguised")
                entry.type = file_type::directory;
    };
    CHECK(script.remove("/t")->failure_count == 0);
    CHECK(script.tree() == tree_contents{{"other/", ""}, {"other/b", "x"}});

    script.host.server.make_symbolic_link(at("/other"), at("/top-link")).value();
    CHECK(script.remove("/top-link")->removed == 1);
    CHECK(script.tree() == tree_contents{{"other/", ""}, {"other/b", "x"}});
}

TEST_CASE("What cannot be removed is among the failures, and so are not the directories above it")
{
    removal_script script{"/t/a", "/t/d/b", "/t/d/c", "/t/e/f"};
    script.host.failure_of = [](const std::string& what) {
        return what == "DELE /t/d/b" ? std::optional{tree_host::refusal(550)} : std::nullopt;
    };
    const auto outcome = script.remove("/t");
    REQUIRE(outcome);
    CHECK(outcome->failure_count == 1);
    CHECK(outcome->failures.at(0).path == "d/b");
    CHECK(script.tree() == tree_contents{{"t/", ""}, {"t/d/", ""}, {"t/d/b", "x"}});
}

TEST_CASE("A directory that is not listed fails, and the rest is removed")
{
    removal_script script{"/t/a", "/t/d/b"};
    script.host.failure_of = [](const std::string& what) {
        return what == "LIST /t/d" ? std::optional{tree_host::refusal(550)} : std::nullopt;
    };
    const auto outcome = script.remove("/t");
    CHECK(outcome->failures.at(0).path == "d");
    CHECK(script.tree() == tree_contents{{"t/", ""}, {"t/d/", ""}, {"t/d/b", "x"}});
}

TEST_CASE("Lines that cannot be read do not keep the rest from being removed")
{
    removal_script script{"/t/a", "/t/b"};
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        listing.entries.pop_back();
        listing.refused = {{"b?", refusal_reason::unknown_form}};
    };
    const auto outcome = script.remove("/t");
    CHECK(outcome->skipped.at(0).path == "b?");
    CHECK(outcome->failures.at(0).path.empty());
    CHECK(script.tree() == tree_contents{{"t/", ""}, {"t/b", "x"}});
}

TEST_CASE("A tree without an end is left at the depth that is allowed, and nothing above it is asked to go")
{
    removal_script script{"/t/f"};
    script.options.max_depth = 5;
    script.host.lists_missing_as_empty = true;
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        listing.entries.resize(1);
        listing.entries[0].name = "d";
        listing.entries[0].type = file_type::directory;
    };
    const auto outcome = script.remove("/t");
    CHECK(outcome->removed == 0);
    CHECK(outcome->skipped.at(0).path == "d/d/d/d/d/d");
    CHECK(outcome->failure_count == 0);
}

TEST_CASE("Names that lead elsewhere are never sent")
{
    removal_script script{"/t/a", "/precious"};
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        for (const auto* name : {"..", "../precious", "/precious", "."}) {
            listing.entries.push_back(listing.entries.front());
            listing.entries.back().name = name;
        }
    };
    CHECK(script.remove("/t").has_value());
    CHECK(script.tree() == tree_contents{{"precious", "x"}});
}

TEST_CASE("A removal of more entries than are allowed stops there")
{
    removal_script script{"/t/a", "/t/d/b", "/t/d/c", "/t/d/e"};
    script.options.max_entries = 4;
    const auto outcome = script.remove("/t");
    CHECK(outcome->skipped.at(0).path == "d");
    CHECK(outcome->removed == 1);
    script.options.max_entries = 0;
    CHECK(script.remove("/t").error().code == protocol_errc::limit_exceeded);
}

TEST_CASE("A removal gets over failures that pass")
{
    removal_script script{"/t/a", "/t/d/b"};
    script.options.retry.attempts = 3;
    std::map<std::string, int> tries;
    script.host.failure_of = [&](const std::string& what) -> std::optional<operation_error> {
        switch (++tries[what]) {
        case 1: return tree_host::refusal(450);
        case 2: return tree_host::lost_connection();
        default: return std::nullopt;
        }
    };
    CHECK(script.remove("/t")->failure_count == 0);
    CHECK(script.tree().empty());
    CHECK_FALSE(script.host.pauses.empty());
}

TEST_CASE("A removal is canceled or destroyed at any step")
{
    for (std::size_t steps = 0; steps < 8; ++steps) {
        removal_script script{"/t/a", "/t/b", "/t/d/b"};
        script.host.sessions = 2;
        removal_task task{"/t"};
        script.host.run(task, steps);
        task.cancel();
        script.host.end_steps_in_flight();
        CHECK_FALSE(task.next_step());
        CHECK(task.is_done());
        CHECK(task.take_result().error().code == protocol_errc::canceled);

        auto destroyed = std::make_unique<removal_task>("/t");
        script.host.run(*destroyed, steps);
        destroyed.reset();
        script.host.end_steps_in_flight();
    }
}
