// Where a mirror begins: roots that are made, missing, refused, listed as empty, or the working directory.
#include "mirror_script.hpp"

#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::add_tree;
using libftp::testing::at;
using libftp::testing::contents_of;
using libftp::testing::mirror_script;
using libftp::testing::tree_contents;
using libftp::testing::tree_host;
using texts = std::vector<std::string>;

TEST_CASE("The root that is written to is made, with the directories above it")
{
    mirror_script down;
    down.local = "/new/home";
    add_tree(down);
    CHECK(down.run());
    CHECK(down.near_tree() == down.far_tree());

    mirror_script up{mirror_direction::upload};
    add_tree(up);
    up.remote = "/x/y/z/";
    CHECK(up.run());
    CHECK(contents_of(up.host.server, "/x/y/z") == up.near_tree());
    CHECK(up.events.front() == "make ");
}

TEST_CASE("A server that lists what is not there as empty gets its root all the same")
{
    mirror_script script{mirror_direction::upload};
    add_tree(script);
    script.host.lists_missing_as_empty = true;
    script.remote = "x/y";
    CHECK(script.run());
    CHECK(contents_of(script.host.server, "/x/y") == script.near_tree());
}

TEST_CASE("A server that lists what is not there as words that nobody knows gets its root all the same")
{
    mirror_script script{mirror_direction::upload};
    add_tree(script);
    script.host.lists_missing_as_empty = true;
    script.host.falsify = [&](const auto& path, parsed_listing& listing) {
        if (path == "x/y")
            listing.refused.push_back({.raw = "Datei oder Verzeichnis nicht gefunden"});
    };
    script.remote = "x/y";
    script.run();
    CHECK(script.result.transferred == 3);
    CHECK(contents_of(script.host.server, "/x/y") == script.near_tree());
}

TEST_CASE("The working directory is mirrored by relative paths that are never an option or somebody's home")
{
    for (const auto* root : {"", "."}) {
        mirror_script script;
        script.remote = root;
        script.host.server.add_file("/-R", "1");
        script.host.server.add_file("/~root/x", "2");
        CHECK(script.run());
        CHECK(script.did("LIST "));
        CHECK(script.did("RETR ./-R"));
        CHECK(script.did("LIST ./~root"));
        CHECK(script.did("RETR ./~root/x"));
    }
}

TEST_CASE("Without a store there is no mirror, and nothing is asked for it")
{
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        mirror_task task{"/top", nullptr, store_path{}, {.direction = direction}};
        CHECK_FALSE(task.next_step().has_value());
        REQUIRE(task.is_done());
        CHECK(task.take_result().error().code == protocol_errc::argument_invalid);
    }
}

TEST_CASE("Without its root there is no mirror")
{
    mirror_script down;
    down.remote = "/gone";
    CHECK(down.try_run().error().code == protocol_errc::refused_permanently);
    mirror_script up{mirror_direction::upload};
    up.local = "/gone";
    CHECK(up.try_run().error().code == store_errc::not_found);
    mirror_script unwritable{mirror_direction::upload};
    unwritable.remote = "/x";
    unwritable.host.failure_of = [](const auto& what) {
        return what == "MKD /x" ? std::optional{tree_host::refusal(553)} : std::nullopt;
    };
    CHECK(unwritable.try_run().error().answer.code == 553);
}

TEST_CASE("A file is no root of a mirror, although servers list it as they list a directory that holds it")
{
    for (const bool can_be_asked : {true, false}) {
        mirror_script script;
        script.remote = "/top/a";
        script.options.extras = mirror_extras::remove;
        script.add_far("a", "1");
        script.add_near("keep", "2");
        script.host.lists_missing_as_empty = true;
        script.host.falsify = [](const auto& /*path*/, parsed_listing& listing) {
            listing.entries.emplace_back().name = "a";
        };
        script.host.failure_of = [&](const auto& what) {
            return what == "MLST /top/a" && !can_be_asked ? std::optional{tree_host::refusal(502)} : std::nullopt;
        };
        CHECK(script.try_run().error().code == store_errc::not_a_directory);
        CHECK(script.near_tree() == tree_contents{{"keep", "2"}});
    }
}

TEST_CASE("A login that is refused when the session is opened again says nothing of either root")
{
    auto refused = tree_host::refusal(530);
    refused.step = operation_step::password;
    refused.session = session_state::closed;
    for (const auto direction : {mirror_direction::download, mirror_direction::upload}) {
        mirror_script script{direction};
        script.remote = "/top/a";
        script.add_far("a/a", "1");
        script.host.failure_of = [&](const auto& what) {
            const bool asks_for_root =
                what == "MLST /top/a" || (direction == mirror_direction::upload && what == "LIST /top/a");
            return asks_for_root ? std::optional{refused} : std::nullopt;
        };
        CHECK(script.try_run().error().step == operation_step::password);
    }
}

TEST_CASE("A directory may hold nothing but a file of its own name")
{
    mirror_script script;
    script.remote = "/top/a";
    script.add_far("a/a", "1");
    CHECK(script.run());
    CHECK(script.near_tree() == tree_contents{{"a", "1"}});
}

TEST_CASE("The working directory is never made, and where it cannot be listed the server's reason is told")
{
    mirror_script script{mirror_direction::upload};
    script.remote = "";
    script.add_near("a", "1");
    script.host.failure_of = [](const auto& what) {
        return what == "LIST " ? std::optional{tree_host::refusal(532)} : std::nullopt;
    };
    const auto refused = script.try_run();
    CHECK(refused.error().code == protocol_errc::refused_permanently);
    CHECK(refused.error().answer.code == 532);
    CHECK(script.host.done == texts{"LIST "});

    script.host.failure_of = nullptr;
    script.host.server.remove_directory(at("/top")).value();
    CHECK(script.run());
    CHECK(script.host.done.size() == 3);
    CHECK(script.did("STOR a"));
    CHECK(contents_of(script.host.server) == tree_contents{{"a", "1"}});
}

TEST_CASE("An empty working directory is there, so that a mirror which removes what is extra empties the other side")
{
    mirror_script script;
    script.remote = "";
    script.options.extras = mirror_extras::remove;
    script.host.server.remove_directory(at("/top")).value();
    script.add_near("d/a", "1");
    CHECK(script.run());
    CHECK(script.host.done == texts{"LIST "});
    CHECK(script.near_tree().empty());
}

TEST_CASE("The server's root is mirrored by absolute paths")
{
    mirror_script script;
    script.remote = "//";
    script.add_far("d/a", "1");
    CHECK(script.run());
    CHECK(script.did("LIST /"));
    CHECK(script.did("RETR /top/d/a"));
    CHECK(script.near_tree() == tree_contents{{"top/", ""}, {"top/d/", ""}, {"top/d/a", "1"}});
}

TEST_CASE("A dry run towards an empty directory makes nothing of it")
{
    mirror_script script{mirror_direction::upload};
    script.options.is_dry_run = true;
    script.add_near("d/a", "1");
    CHECK(script.run());
    CHECK(script.events == texts{"make d", "transfer d/a"});
    CHECK(script.host.done == texts{"LIST /top"});
    CHECK(script.far_tree().empty());
}

TEST_CASE("A root in the store that cannot be made ends the mirror with the store's reason")
{
    mirror_script script;
    add_tree(script);
    script.local = "/new/home";
    script.near->failure_of = [](const auto& what) {
        return what.starts_with("make ") ? make_error_code(store_errc::insufficient_storage) : std::error_code{};
    };
    const auto failed = script.try_run();
    CHECK(failed.error().code == store_errc::insufficient_storage);
    CHECK(failed.error().step == operation_step::near_end);
    CHECK_FALSE(script.did("RETR /top/a"));
}
