// Mirrors of random trees, with steps that end in any order and fail anywhere.
#include "mirror_script.hpp"

#include <random>
#include <string>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::mirror_script;
using libftp::testing::tree_contents;
using libftp::testing::tree_host;

namespace {

class random_trees : public mirror_script {
public:
    explicit random_trees(unsigned seed)
        : mirror_script(seed % 2 == 0 ? mirror_direction::download : mirror_direction::upload), chance_(seed)
    {
        host.seed = seed;
        host.sessions = 1 + pick(5);
        options.sessions = static_cast<unsigned>(host.sessions);
        host.precision = pick(2) == 0 ? time_precision::minute : time_precision::second;
        host.tells_times = pick(3) != 0;
        grow(host.server, "/top");
        grow(*files, "/home");
    }

    std::size_t pick(std::size_t choices)
    {
        return std::uniform_int_distribution<std::size_t>{0, choices - 1}(chance_);
    }

    [[nodiscard]] tree_contents source() { return is_download() ? near_or_far(true) : near_or_far(false); }
    [[nodiscard]] tree_contents target() { return is_download() ? near_or_far(false) : near_or_far(true); }
    [[nodiscard]] bool is_download() const { return options.direction == mirror_direction::download; }

private:
    tree_contents near_or_far(bool far) { return far ? far_tree() : near_tree(); }

    void grow(memory_store& store, const std::string& top, unsigned depth = 0)
    {
        for (std::size_t count = pick(7); count > 0; --count) {
            const auto path = top + '/' + static_cast<char>('a' + pick(6));
            if (store.stat(at(path)))
                continue;
            if (depth < 3 && pick(3) == 0) {
                store.add_directory(path);
                grow(store, path, depth + 1);
                continue;
            }
            const auto bytes = pick(3);
            store.add_file(path, std::string(bytes, static_cast<char>('0' + pick(3))));
            store.set_attributes(at(path), {.modified = file_time{std::chrono::hours{24 * pick(1000)}}}).value();
        }
    }

    std::mt19937 chance_;
};

bool includes(const tree_contents& all, const tree_contents& part)
{
    return std::includes(all.begin(), all.end(), part.begin(), part.end());
}

} // namespace

TEST_CASE("After a mirror that removes what is extra the two trees are equal")
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        random_trees script{seed};
        script.options.extras = mirror_extras::remove;
        script.options.rule = mirror_rule::hash;
        const auto source = script.source();
        CHECK(script.run());
        CHECK(script.source() == source);
        CHECK(script.target() == source);
        CHECK(script.run());
        CHECK(script.events.empty());
    }
}

TEST_CASE("After a mirror that removes nothing all is there that is not in the way of something else")
{
    int runs = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        random_trees script{seed};
        script.options.rule = mirror_rule::always;
        const auto before = script.target();
        if (!script.run()) // a file is where a directory is to be, or the other way round
            continue;
        ++runs;
        CHECK(includes(script.target(), script.source()));
        for (const auto& [path, content] : before)
            CHECK(script.target().contains(path));
    }
    CHECK(runs >= 100);
}

TEST_CASE("A second mirror transfers nothing, whatever the trees were")
{
    for (unsigned seed = 0; seed < 100; ++seed) {
        CAPTURE(seed);
        random_trees script{seed};
        script.options.extras = mirror_extras::remove;
        CHECK(script.run());
        CHECK(script.run());
        CHECK(script.events.empty());
    }
}

TEST_CASE("Whatever fails, nothing half-written is to be seen and the counts add up")
{
    int runs = 0;
    for (unsigned seed = 0; seed < 400; ++seed) {
        CAPTURE(seed);
        random_trees script{seed};
        script.options.extras = seed % 4 < 2 ? mirror_extras::remove : mirror_extras::keep;
        script.options.rule = mirror_rule::always;
        script.options.transfers.retry.attempts = 1 + seed % 3;
        const auto source = script.source();
        const auto before = script.target();
        script.host.failure_of = [&](const std::string&) -> std::optional<operation_error> {
            switch (script.pick(12)) {
            case 0: return tree_host::refusal(550);
            case 1: return tree_host::refusal(450);
            case 2: return tree_host::lost_connection();
            default: return std::nullopt;
            }
        };
        script.near->failure_of = [&](const std::string&) {
            return script.pick(12) == 0 ? make_error_code(store_errc::busy) : std::error_code{};
        };
        const auto outcome = script.try_run();
        CHECK(script.source() == source);
        for (const auto& [path, content] : script.target()) {
            const auto new_file = source.find(path);
            const auto old_file = before.find(path);
            const bool is_whole = (new_file != source.end() && new_file->second == content) ||
                                  (old_file != before.end() && old_file->second == content);
            CHECK(is_whole);
        }
        if (!outcome)
            continue;
        ++runs;
        CHECK(outcome->transferred + outcome->made + outcome->removed + outcome->skipped_count +
                  outcome->failure_count ==
              script.events.size());
        CHECK(outcome->failures.size() == outcome->failure_count);
        if (outcome->failure_count == 0 && outcome->skipped_count == 0)
            CHECK(includes(script.target(), source));
        if (script.options.extras == mirror_extras::keep)
            for (const auto& [path, content] : before)
                CHECK(script.target().contains(path));
    }
    CHECK(runs >= 100);
}

TEST_CASE("Enough attempts get over failures that pass")
{
    for (unsigned seed = 0; seed < 100; ++seed) {
        CAPTURE(seed);
        random_trees script{seed};
        script.options.extras = mirror_extras::remove;
        script.options.transfers.retry.attempts = 100;
        script.host.failure_of = [&](const std::string& what) -> std::optional<operation_error> {
            if (what.starts_with("M") || script.pick(3) != 0)
                return std::nullopt;
            return script.pick(2) == 0 ? tree_host::refusal(450) : tree_host::lost_connection();
        };
        CHECK(script.run());
        script.host.failure_of = nullptr;
        CHECK(script.run());
        CHECK(script.events.empty());
    }
}

TEST_CASE("A mirror that is canceled anywhere leaves whole files only")
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        random_trees script{seed};
        script.options.extras = mirror_extras::remove;
        script.options.rule = mirror_rule::always;
        const auto source = script.source();
        const auto before = script.target();
        const auto task = script.make_task();
        script.host.run(*task, script.pick(60));
        task->cancel();
        script.host.end_steps_in_flight();
        CHECK(task->is_done());
        CHECK(script.source() == source);
        for (const auto& [path, content] : script.target())
            CHECK(((source.contains(path) && source.at(path) == content) ||
                   (before.contains(path) && before.at(path) == content)));
    }
}
