// Mirrors of servers that lie: names that lead elsewhere, trees without an end, listings that leave things out.
#include "mirror_script.hpp"

#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::contents_of;
using libftp::testing::mirror_script;
using libftp::testing::tree_contents;
using libftp::testing::tree_host;
using texts = std::vector<std::string>;

namespace {

listed_entry entry_of(std::string name, file_type type = file_type::file)
{
    listed_entry entry;
    entry.name = std::move(name);
    entry.type = type;
    entry.size = 1;
    return entry;
}

} // namespace

TEST_CASE("Names that are no path component are skipped and reported, whoever lets them through")
{
    mirror_script script;
    script.add_far("good", "1");
    script.files->add_file("/secret", "safe");
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        for (const auto* name : {"..", ".", "", "a/b", "/etc", "../secret", "c\nd", "e\x1b[2J", "f\x7F"}) {
            listing.entries.push_back(entry_of(name));
            listing.entries.push_back(entry_of(name, file_type::directory));
        }
    };
    CHECK(script.run());
    CHECK(script.result.skipped_count == 18);
    CHECK(script.result.skipped.at(0).error.code == protocol_errc::name_refused);
    CHECK(script.near_tree() == tree_contents{{"good", "1"}});
    CHECK(contents_of(*script.files).at("secret") == "safe");
    CHECK(std::count(script.events.begin(), script.events.end(), "skip c\\x0ad") == 2);
}

TEST_CASE("Names of the store that no listing could give back are failures where they would be uploaded")
{
    mirror_script up{libftp::mirror_direction::upload};
    up.options.exclude = {"left\tout"};
    for (const auto* name : {"good", "tab\tx", "d/esc\x1bx", "dir\x01/below", "left\tout"})
        up.add_near(name, "1");
    CHECK(!up.run());
    CHECK(up.result.failures.at(0).error.code == store_errc::name_not_allowed);
    CHECK(up.far_tree() == tree_contents{{"d/", ""}, {"good", "1"}});
    CHECK(up.events == texts{"fail d/esc\x1bx", "fail dir\x01", "fail tab\tx", "make d", "transfer good"});

    mirror_script down;
    down.add_far("good", "1");
    down.add_near("tab\tx", "x");
    CHECK(down.run());
    CHECK(down.events == texts{"transfer good"});
    down.options.extras = mirror_extras::remove;
    CHECK(down.run());
    CHECK(down.events == texts{"skip tab\tx"});
    CHECK(down.near_tree().contains("tab\tx"));
}

TEST_CASE("Lines that cannot be read are reported, and keep everything from being removed")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.add_far("a", "1");
    script.add_far("d/b", "1");
    script.add_near("extra", "x");
    script.add_near("d/extra", "x");
    script.add_near("a/in the way", "x");
    script.host.falsify = [](const auto& path, parsed_listing& listing) {
        if (path == "/top")
            listing.refused = {{"what\tis this", refusal_reason::unknown_form},
                               {"../x", refusal_reason::name_unsafe},
                               {"d2:", refusal_reason::elsewhere},
                               {"ls: e: Permission denied", refusal_reason::error_message},
                               {"more", refusal_reason::too_many_entries}};
    };
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail ", "fail a", "remove d/extra", "skip ", "skip ../x", "skip d2:", "skip more",
                                 "skip what\\x09is this", "transfer d/b"});
    CHECK(script.result.skipped.at(0).error.code == protocol_errc::listing_malformed);
    CHECK(script.result.skipped.at(1).error.code == protocol_errc::name_refused);
    CHECK(script.result.skipped.at(3).error.code == protocol_errc::limit_exceeded);
    CHECK(script.near_tree().contains("extra"));
    CHECK(script.near_tree().contains("a/in the way"));
}

TEST_CASE("A name that is listed twice is that of its first entry, and the others are said to be too many")
{
    mirror_script script;
    script.add_far("a", "1");
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        listing.entries.push_back(entry_of("a", file_type::directory));
    };
    CHECK(script.run());
    CHECK(script.result.skipped_count == 1);
    CHECK(script.result.skipped.at(0).path == "a");
    CHECK(script.result.skipped.at(0).error.code == store_errc::already_exists);
    CHECK(script.near_tree() == tree_contents{{"a", "1"}});
}

TEST_CASE("A directory whose listing ends within a line loses nothing")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.add_far("d/b", "1");
    script.add_near("d/extra", "x");
    script.add_near("e", "x");
    script.host.falsify = [](const auto& path, parsed_listing& listing) { listing.is_cut_off = path == "/top/d"; };
    CHECK(script.run());
    CHECK(script.events == texts{"remove e", "skip d", "transfer d/b"});
    CHECK(script.near_tree().contains("d/extra"));
}

TEST_CASE("A listing that breaks off within a line is a failure of the directory, whose other files are transferred")
{
    mirror_script script;
    script.add_far("d/b", "1");
    script.host.falsify = [](const auto& path, parsed_listing& listing) {
        if (path != "/top/d")
            return;
        listing.is_cut_off = true;
        listing.refused.push_back({"type=fi", refusal_reason::unknown_form});
    };
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail d", "make d", "skip d/type=fi", "transfer d/b"});
    CHECK(script.result.failures.at(0).error.code == protocol_errc::listing_malformed);
}

TEST_CASE("Where the server says that it has truncated a listing, its directory fails and nothing in it is removed")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.add_far("d/b", "1");
    script.add_near("d/extra", "x");
    script.host.falsify = [](const auto& path, parsed_listing& listing) {
        if (path != "/top/d")
            return;
        listing.is_cut_off = true;
        listing.refused.push_back({"Output truncated to 1 matches", refusal_reason::error_message});
    };
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail d", "skip d", "transfer d/b"});
    CHECK(script.result.failures.at(0).error.answer.text() == "Output truncated to 1 matches");
    CHECK(script.near_tree().contains("d/extra"));
}

TEST_CASE("A listing that only says why there is none is a failure of the directory")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.add_far("d/b", "1");
    script.add_near("d/extra", "x");
    std::string closed = "/top/d";
    script.host.falsify = [&closed](const auto& path, parsed_listing& listing) {
        if (path == closed)
            listing = {.entries = {}, .refused = {{"ls: d: Permission denied", refusal_reason::error_message}}};
    };
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail d"});
    CHECK(script.result.failures.at(0).error.answer.text() == "ls: d: Permission denied");
    CHECK(script.near_tree() == tree_contents{{"d/", ""}, {"d/extra", "x"}});
    closed = "/top";
    CHECK(script.try_run().error().code == protocol_errc::refused_permanently);
}

TEST_CASE("Where the server's listing fails, nothing is removed")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.add_far("d/b", "1");
    script.add_near("d/extra", "x");
    script.host.failure_of = [](const std::string& what) {
        return what == "LIST /top/d" ? std::optional{tree_host::refusal(550)} : std::nullopt;
    };
    CHECK_FALSE(script.run());
    CHECK(script.near_tree() == tree_contents{{"d/", ""}, {"d/extra", "x"}});
    script.remote = "/gone";
    CHECK_FALSE(script.try_run());
    CHECK(script.near_tree().contains("d/extra"));
}

TEST_CASE("A root that is not there but listed as empty does not empty the other side")
{
    mirror_script script;
    script.options.extras = mirror_extras::remove;
    script.add_near("precious", "x");
    script.host.lists_missing_as_empty = true;
    script.remote = "/gone";
    CHECK(script.run());
    CHECK(script.events == texts{"skip "});
    CHECK(script.near_tree().contains("precious"));
    script.remote = "/top";
    CHECK(script.run());
    CHECK(script.near_tree().empty());
}

TEST_CASE("In an upload, a remote listing with lines that cannot be read keeps what is there")
{
    mirror_script script{mirror_direction::upload};
    script.options.extras = mirror_extras::remove;
    script.add_near("a", "1");
    script.add_far("extra", "x");
    script.add_far("gone/x", "x");
    script.host.falsify = [](const auto& path, parsed_listing& listing) {
        if (path == "/top/gone")
            listing.refused = {{"?", refusal_reason::unknown_form}};
    };
    CHECK(script.run());
    CHECK(script.events == texts{"remove extra", "skip gone", "skip gone/?", "transfer a"});
    CHECK(script.far_tree().contains("gone/x"));
}

TEST_CASE("Of several entries with one name the first is taken")
{
    mirror_script script;
    script.add_far("f", "file");
    script.add_far("g", "file");
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        listing.entries.push_back(entry_of("f", file_type::directory));
        listing.entries.push_back(entry_of("g"));
        listing.entries.push_back(entry_of("f"));
    };
    CHECK(script.run());
    CHECK(script.events == texts{"skip f", "skip f", "skip g", "transfer f", "transfer g"});
    CHECK(script.near_tree() == tree_contents{{"f", "file"}, {"g", "file"}});
}

TEST_CASE("A tree without an end is left at the depth that is allowed")
{
    mirror_script script;
    script.options.max_depth = 10;
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        listing.entries = {entry_of("d", file_type::directory)};
    };
    script.host.lists_missing_as_empty = true;
    CHECK(script.run());
    CHECK(script.result.made == 10);
    CHECK(script.result.skipped_count == 1);
    CHECK(script.result.skipped.at(0).path == "d/d/d/d/d/d/d/d/d/d/d");
    CHECK(script.result.skipped.at(0).error.code == protocol_errc::limit_exceeded);
}

TEST_CASE("Paths longer than the store allows are failures")
{
    mirror_script script;
    script.options.max_depth = 100;
    const std::string long_name(200, 'n');
    script.host.falsify = [&](const auto&, parsed_listing& listing) {
        listing.entries = {entry_of(long_name, file_type::directory), entry_of(std::string(300, 'f'))};
    };
    script.host.lists_missing_as_empty = true;
    CHECK_FALSE(script.run());
    CHECK(script.result.failures.at(0).error.code == store_errc::name_not_allowed);
    CHECK(script.result.made < 21);
}

TEST_CASE("More entries than are allowed are not looked at")
{
    mirror_script script;
    script.options.max_entries = 1000;
    script.options.extras = mirror_extras::remove;
    script.add_far("a", "1");
    script.add_far("d/b", "1");
    script.add_far("e/c", "1");
    script.add_near("d/extra", "x");
    script.host.falsify = [](const auto& path, parsed_listing& listing) {
        if (path == "/top/d")
            listing.entries.resize(1'000'000, entry_of("same"));
    };
    CHECK(script.run());
    CHECK(script.events == texts{"make e", "skip d", "transfer a", "transfer e/c"});
    CHECK(script.near_tree().contains("d/extra"));
    CHECK(script.result.skipped.at(0).error.code == protocol_errc::limit_exceeded);

    script.host.falsify = nullptr;
    for (int i = 0; i < 2000; ++i)
        script.files->add_file("/home/d/" + std::to_string(i), "");
    CHECK(script.run());
    CHECK(script.events == texts{"skip d"});

    script.options.max_entries = 2;
    CHECK(script.try_run().error().code == protocol_errc::limit_exceeded);
}

TEST_CASE("Only the first thousand of what went wrong are kept, and all are counted")
{
    mirror_script script;
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        for (int i = 0; i < 3000; ++i)
            listing.entries.push_back(entry_of("f" + std::to_string(i)));
    };
    CHECK_FALSE(script.run());
    CHECK(script.result.failures.size() == 1000);
    CHECK(script.result.failure_count == 3000);
    CHECK(script.events.size() == 3000);
}

TEST_CASE("A link in the local tree is never followed to where it leads")
{
    mirror_script script;
    script.files->add_file("/outside/f", "safe");
    script.files->make_symbolic_link(at("/outside"), at("/home/d")).value();
    script.files->make_symbolic_link(at("/outside/f"), at("/home/f")).value();
    script.add_far("d/f", "evil");
    script.add_far("f", "evil");
    CHECK_FALSE(script.run());
    CHECK(script.events == texts{"fail d", "fail f"});
    script.options.extras = mirror_extras::remove;
    CHECK(script.run());
    CHECK(script.near_tree() == script.far_tree());
    CHECK(contents_of(*script.files, "/outside") == tree_contents{{"f", "safe"}});
}
