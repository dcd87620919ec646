// Which files a mirror takes for alike: by size, by time as exactly as a listing tells it, by digest.
#include "mirror_script.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::mirror_script;

namespace {

struct one_file {
    std::string content{};
    std::string_view time = "20200101120000";
};

/// A mirror of one file that is on both sides.
class comparison : public mirror_script {
public:
    comparison(mirror_direction direction, mirror_rule rule, const one_file& far_file, const one_file& near_file)
        : mirror_script(direction)
    {
        options.rule = rule;
        add_far("f", far_file.content, far_file.time);
        add_near("f", near_file.content, near_file.time);
    }

    bool transfers()
    {
        CHECK(run());
        CHECK(result.transferred + result.unchanged == 1);
        return result.transferred == 1;
    }
};

bool transfers(mirror_direction direction, mirror_rule rule, const one_file& far, const one_file& near)
{
    return comparison{direction, rule, far, near}.transfers();
}

constexpr auto down = mirror_direction::download;
constexpr auto up = mirror_direction::upload;
constexpr std::string_view noon = "20200101120000";
constexpr std::string_view later = "20200101120001";

} // namespace

TEST_CASE("mirror_rule::always transfers what is alike too")
{
    CHECK(transfers(down, mirror_rule::always, {"1", noon}, {"1", noon}));
}

TEST_CASE("mirror_rule::size looks at sizes only")
{
    CHECK_FALSE(transfers(down, mirror_rule::size, {"1", later}, {"2", noon}));
    CHECK(transfers(down, mirror_rule::size, {"1", noon}, {"22", later}));
    CHECK(transfers(up, mirror_rule::size, {"1", later}, {"22", noon}));
}

TEST_CASE("mirror_rule::newer looks at times only")
{
    CHECK(transfers(down, mirror_rule::newer, {"1", later}, {"1", noon}));
    CHECK_FALSE(transfers(down, mirror_rule::newer, {"1", noon}, {"22", noon}));
    CHECK_FALSE(transfers(down, mirror_rule::newer, {"1", noon}, {"22", later}));
    CHECK(transfers(up, mirror_rule::newer, {"1", noon}, {"1", later}));
    CHECK_FALSE(transfers(up, mirror_rule::newer, {"1", later}, {"22", noon}));
}

TEST_CASE("mirror_rule::size_and_time transfers what has another size or is newer")
{
    CHECK_FALSE(transfers(down, mirror_rule::size_and_time, {"1", noon}, {"1", noon}));
    CHECK_FALSE(transfers(down, mirror_rule::size_and_time, {"1", noon}, {"1", later}));
    CHECK(transfers(down, mirror_rule::size_and_time, {"1", later}, {"1", noon}));
    CHECK(transfers(down, mirror_rule::size_and_time, {"1", noon}, {"22", later}));
    CHECK(transfers(up, mirror_rule::size_and_time, {"1", noon}, {"1", later}));
    CHECK_FALSE(transfers(up, mirror_rule::size_and_time, {"1", later}, {"1", noon}));
}

TEST_CASE("Fractions of a second make no difference")
{
    comparison script{up, mirror_rule::size_and_time, {"1"}, {"1", "20200101120000.75"}};
    CHECK_FALSE(script.transfers());
    script.host.precision = time_precision::fraction;
    CHECK_FALSE(script.transfers());
}

TEST_CASE("A listing that tells the minute or the day equals any time within it, and nobody is asked")
{
    for (const auto direction : {down, up}) {
        for (const auto* time : {"20200101120000", "20200101120059"}) {
            comparison script{direction, mirror_rule::size_and_time, {"1", "20200101120030"}, {"1", time}};
            script.host.precision = time_precision::minute;
            CHECK_FALSE(script.transfers());
            CHECK_FALSE(script.did("MDTM /top/f"));
        }
        for (const auto* time : {"20200101000000", "20200101235959"}) {
            comparison script{direction, mirror_rule::newer, {"1", "20200101120030"}, {"1", time}};
            script.host.precision = time_precision::day;
            CHECK_FALSE(script.transfers());
        }
    }
}

TEST_CASE("MDTM decides where a rough listing says that a file of the same size is newer")
{
    comparison script{down, mirror_rule::size_and_time, {"1", "20200101120030"}, {"1", "20200101120030"}};
    script.host.precision = time_precision::minute;
    // The server's clock is set to another zone than the caller has said.
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        for (auto& entry : listing.entries)
            *entry.modified += std::chrono::hours{2};
    };
    CHECK_FALSE(script.transfers());
    CHECK(script.did("MDTM /top/f"));
    script.host.tells_times = false;
    CHECK(script.transfers());
}

TEST_CASE("MDTM decides too where a listing in some other time zone says that a file is no newer")
{
    for (const auto direction : {down, up}) {
        for (const auto rule : {mirror_rule::size_and_time, mirror_rule::newer}) {
            const auto* const source_time = "20200101140030";
            comparison script{direction,
                              rule,
                              {"1", direction == down ? source_time : noon},
                              {"2", direction == down ? noon : source_time}};
            script.host.precision = time_precision::minute;
            script.host.falsify = [direction](const auto&, parsed_listing& listing) {
                for (auto& entry : listing.entries)
                    *entry.modified += std::chrono::hours{direction == down ? -5 : 5};
            };
            CHECK(script.transfers());
            comparison untold{direction, rule, {"1", noon}, {"2", noon}};
            untold.host.falsify = script.host.falsify;
            untold.host.precision = time_precision::minute;
            untold.host.tells_times = false;
            CHECK_FALSE(untold.transfers());
        }
    }
}

TEST_CASE("Nobody is asked about times that are too far apart for time zones")
{
    comparison script{down, mirror_rule::size_and_time, {"1", "20200101120030"}, {"1", "20200103120000"}};
    script.host.precision = time_precision::minute;
    CHECK_FALSE(script.transfers());
    CHECK_FALSE(script.did("MDTM /top/f"));
}

TEST_CASE("A file whose time is listed roughly comes with the one that MDTM tells, so that its next change is seen")
{
    mirror_script script{down};
    script.add_far("f", "1", "20200101120030");
    script.host.precision = time_precision::minute;
    script.host.falsify = [](const auto&, parsed_listing& listing) {
        for (auto& entry : listing.entries)
            *entry.modified += std::chrono::hours{5};
    };
    CHECK(script.run());
    CHECK(script.files->stat(at("/home/f"))->modified == testing::time_of("20200101120030"));
    script.add_far("f", "2", "20200101140000");
    CHECK(script.run());
    CHECK(script.result.transferred == 1);
    CHECK(script.near_tree()["f"] == "2");
    CHECK(script.run());
    CHECK(script.result.transferred == 0);
}

TEST_CASE("Where MDTM tells nothing, or the time is not to be kept, that of the listing has to do")
{
    mirror_script script{down};
    script.host.precision = time_precision::minute;
    script.add_far("f", "1", "20200101120030");
    script.options.keeps_times = false;
    CHECK(script.run());
    CHECK_FALSE(script.did("MDTM /top/f"));
    script.options.keeps_times = true;
    script.options.rule = mirror_rule::always;
    script.host.tells_times = false;
    CHECK(script.run());
    CHECK(script.files->stat(at("/home/f"))->modified == testing::time_of("20200101120000"));
}

TEST_CASE("A server without MDTM is not asked on and on")
{
    mirror_script script{up};
    for (const auto* name : {"a", "d/b", "d/c"}) {
        script.add_far(name, "1", noon);
        script.add_near(name, "1", "20210101000000");
    }
    script.host.precision = time_precision::minute;
    script.host.tells_times = false;
    script.options.keeps_times = false;
    CHECK(script.run());
    CHECK(script.result.transferred == 3);
    CHECK(script.did("MDTM /top/a"));
    CHECK_FALSE(script.did("MDTM /top/d/b"));
}

TEST_CASE("Files of different sizes are transferred by mirror_rule::size_and_time whatever MDTM would say")
{
    comparison script{up, mirror_rule::size_and_time, {"22", noon}, {"1", "20210101000000"}};
    script.host.precision = time_precision::minute;
    CHECK(script.transfers());
    CHECK_FALSE(script.did("MDTM /top/f"));
}

TEST_CASE("Without a time the size decides, and mirror_rule::newer transfers")
{
    comparison by_size{down, mirror_rule::size_and_time, {"1", later}, {"1", noon}};
    by_size.host.precision = time_precision::none;
    CHECK_FALSE(by_size.transfers());
    comparison by_time{down, mirror_rule::newer, {"1", noon}, {"1", later}};
    by_time.host.precision = time_precision::none;
    CHECK(by_time.transfers());
}

TEST_CASE("A file whose size is not told is compared by its time, and transferred where that is not told either")
{
    const auto forget_size = [](const auto&, parsed_listing& listing) { listing.entries[0].size.reset(); };
    comparison same{down, mirror_rule::size_and_time, {"1", noon}, {"1", noon}};
    same.host.falsify = forget_size;
    CHECK_FALSE(same.transfers());
    comparison newer{down, mirror_rule::size_and_time, {"1", later}, {"1", noon}};
    newer.host.falsify = forget_size;
    CHECK(newer.transfers());
    comparison unknown{down, mirror_rule::size_and_time, {"1", noon}, {"1", noon}};
    unknown.host.falsify = forget_size;
    unknown.host.precision = time_precision::none;
    CHECK(unknown.transfers());
}

TEST_CASE("mirror_rule::hash compares digests, where the sizes agree")
{
    for (const auto direction : {down, up}) {
        CHECK_FALSE(transfers(direction, mirror_rule::hash, {"same", later}, {"same", noon}));
        CHECK(transfers(direction, mirror_rule::hash, {"this", noon}, {"that", noon}));
        comparison script{direction, mirror_rule::hash, {"this", noon}, {"longer", noon}};
        CHECK(script.transfers());
        CHECK_FALSE(script.did("HASH /top/f"));
    }
}

TEST_CASE("Without HASH, mirror_rule::hash fails for files that are on both sides")
{
    comparison script{down, mirror_rule::hash, {"this", noon}, {"that", noon}};
    script.add_far("new", "1");
    script.host.tells_digests = false;
    CHECK_FALSE(script.run());
    CHECK(script.result.failures.at(0).error.code == protocol_errc::not_supported);
    CHECK(script.result.transferred == 1);
}

TEST_CASE("A file of this side that cannot be read for its digest is a failure, and not transferred")
{
    mirror_script script;
    script.options.rule = mirror_rule::hash;
    script.add_far("a", "1");
    script.add_near("a", "2");
    script.host.failure_of = [&](const std::string& what) -> std::optional<operation_error> {
        if (what == "HASH /top/a")
            script.files->remove_file(at("/home/a")).value();
        return std::nullopt;
    };
    CHECK_FALSE(script.run());
    CHECK(script.events == std::vector<std::string>{"fail a"});
    CHECK(script.result.failures.at(0).error.code == store_errc::not_found);
    CHECK(script.result.unchanged == 0);
    CHECK_FALSE(script.did("RETR /top/a"));
}

TEST_CASE("Times are kept only if that is asked for")
{
    mirror_script script;
    script.options.keeps_times = false;
    script.add_far("f", "1");
    CHECK(script.run());
    CHECK(script.files->stat(at("/home/f"))->modified == file_time{});
}
