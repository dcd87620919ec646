// The client driver's cases of many files: trees up and down, mirrors, and two thousand small files.
#include "client_driver.hpp"
#include "client_driver_files.hpp"

#include <libftp/store/memory_store.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace driver {

namespace fs = std::filesystem;
using libftp::mirror_extras;
using libftp::mirror_options;
using libftp::mirror_result;
using libftp::net::client;

namespace {

/// Makes a tree whose files have times of their own, in different years; the number of its files.
std::size_t make_tree(const fs::path& root)
{
    const std::vector<std::pair<std::string, std::string>> files{
        {"top.txt", "top"},
        {"empty file", ""},
        {"every byte.bin", noise(300'000, 1)},
        {"quotes\" and 'more'", "quotes"},
        {"[brackets] and * and ?", "no pattern"},
        {"one/two/three/four/five/six/seven/deep.bin", noise(70'000, 2)},
        {"one/two/a b  c.txt", "spaces"},
        {"Straße/Köln/Grüße.txt", "umlauts"},
        {"Straße/日本語.txt", "more letters"},
        {"100% #1/50%20.txt", "no escapes"},
        {"[1-9]/in it", "no pattern"},
        {"-a/-l", "no options"},
    };
    libftp::file_time time{std::chrono::seconds{1'000'000'000}};
    for (const auto& [name, content] : files) {
        write_file(root / name, content);
        set_modified(root / name, time += std::chrono::seconds{50'000'003});
    }
    for (const auto* name : {"empty directory", "one/two/three/empty", "a/b/c/d/e/f"})
        fs::create_directories(root / name);
    return files.size();
}

/// Nothing failed and nothing was left out.
mirror_result must_be_whole(libftp::client_result<mirror_result> outcome, const std::string& what)
{
    auto done = must(std::move(outcome), what);
    for (const auto* left_out : {&done.failures, &done.skipped}) {
        for (const auto& event : *left_out)
            throw failed_check{what + ": '" + event.path + "' was left out: " + describe(event.error)};
    }
    check_equal(done.failure_count + done.skipped_count, 0U, what + ": what was left out");
    return done;
}

mirror_options with_sessions(const settings& with)
{
    mirror_options options;
    options.sessions = with.sessions;
    return options;
}

struct tree_case {
    const settings& with;
    client& session;
    fs::path tree;
    fs::path down;
    std::size_t files;

    libftp::client_result<mirror_result> upload(mirror_options options)
    {
        return session.upload_tree(tree.string(), "up", std::move(options));
    }
    libftp::client_result<mirror_result> download(mirror_options options)
    {
        return session.download_tree("up", down.string(), std::move(options));
    }

    void there_and_back()
    {
        auto trial = with_sessions(with);
        trial.is_dry_run = true;
        check_equal(must_be_whole(upload(trial), "dry run of an upload").transferred, files, "files it would send");
        check_empty(with.served, "it has changed nothing");

        check_equal(must_be_whole(upload(with_sessions(with)), "upload of a tree").transferred, files, "files");
        check_same(with.served / "up", tree, "the server has the tree");
        check_equal(must_be_whole(download(with_sessions(with)), "download of a tree").transferred, files, "files");
        check_same(down, tree, "the tree has come back");
    }

    void again_without_need()
    {
        for (const auto rule : {libftp::mirror_rule::size_and_time, libftp::mirror_rule::size}) {
            auto options = with_sessions(with);
            options.rule = rule;
            const auto up = must_be_whole(upload(options), "the same upload again");
            check_equal(up.transferred, 0U, "files");
            check_equal(up.unchanged, files, "files that are alike");
            const auto down_again = must_be_whole(download(options), "the same download again");
            check_equal(down_again.transferred, 0U, "files");
            check_equal(down_again.unchanged, files, "files that are alike");
        }
    }

    /// Of the same size, so that only its time tells that it has changed.
    void what_has_changed()
    {
        write_file(tree / "one/two/a b  c.txt", "SPACES");
        check_equal(must_be_whole(upload(with_sessions(with)), "upload of a change").transferred, 1U, "files");
        check_same(with.served / "up", tree, "the server has the change");
        check_equal(must_be_whole(download(with_sessions(with)), "download of a change").transferred, 1U, "files");
        check_same(down, tree, "the change has come back");
    }

    void what_is_too_much()
    {
        const auto before = fs::path{tree} += " before";
        fs::copy(tree, before, fs::copy_options::recursive);
        write_file(tree / "extra/inside", "extra");
        write_file(tree / "one/extra", "extra");
        must_be_whole(upload(with_sessions(with)), "upload of more");
        must_be_whole(download(with_sessions(with)), "download of more");
        check_same(down, tree, "both sides have more");
        const auto more = fs::path{tree} += " with more";
        fs::rename(tree, more);
        fs::rename(before, tree);

        auto options = with_sessions(with);
        check_equal(must_be_whole(upload(options), "upload that keeps extras").removed, 0U, "what is removed");
        check_same(with.served / "up", more, "the server still has more");
        options.extras = mirror_extras::remove;
        options.is_dry_run = true;
        check_equal(must_be_whole(upload(options), "dry run of a removal").removed, 3U, "what it would remove");
        check_same(with.served / "up", more, "the server still has more");
        options.is_dry_run = false;
        check_equal(must_be_whole(upload(options), "upload that removes extras").removed, 3U, "what is removed");
        check_same(with.served / "up", tree, "the server has the tree only");
        check_same(down, more, "this side still has more");
        check_equal(must_be_whole(download(options), "download that removes extras").removed, 3U, "what is removed");
        check_same(down, tree, "this side has the tree only");
    }

    void into_memory()
    {
        const auto memory = std::make_shared<libftp::memory_store>();
        auto options = with_sessions(with);
        options.include = {"*.txt"};
        options.exclude = {"Straße/*"};
        const auto done =
            must_be_whole(session.mirror("up", memory, libftp::store_path{}, options), "mirror into memory");
        check_equal(done.transferred, 3U, "files");
        check_equal(memory->content("/one/two/a b  c.txt").value(), "SPACES", "the content of one");
    }
};

/// Files that hold little, each something of its own.
void make_many(const fs::path& root, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        write_file(root / std::to_string(i % 8) / ("file " + std::to_string(i)),
                   "content " + std::to_string(i * i) + '\n');
}

} // namespace

void trees(const settings& with)
{
    auto session = connect(with);
    const auto tree = with.near / "tree";
    tree_case run{with, session, tree, with.near / "down", make_tree(tree)};
    run.there_and_back();
    run.again_without_need();
    run.what_has_changed();
    run.what_is_too_much();
    run.into_memory();
    const auto all = contents(tree).size() + 1;
    check_equal(must_be_whole(session.remove_tree("up"), "removal of a tree").removed, all, "what is removed");
    check_empty(with.served, "the server has nothing any more");
    session.quit();
}

void many_files(const settings& with)
{
    auto session = connect(with);
    const auto tree = with.near / "many";
    const auto down = with.near / "down";
    make_many(tree, with.files);
    const auto up =
        must_be_whole(session.upload_tree(tree.string(), "many", with_sessions(with)), "upload of many files");
    check_equal(up.transferred, with.files, "files");
    check_same(with.served / "many", tree, "the server has them");
    const auto back =
        must_be_whole(session.download_tree("many", down.string(), with_sessions(with)), "download of many files");
    check_equal(back.transferred, with.files, "files");
    if (with.options.pipelining != libftp::pipelining::always) // else some are transferred again
        check_equal(back.bytes, up.bytes, "bytes");
    check_same(down, tree, "they have come back");
    must_be_whole(session.remove_tree("many"), "removal of many files");
    check_empty(with.served, "the server has nothing any more");
    must(session.keep_alive(), "the session is still good");
    session.quit();
}

} // namespace driver
