// Counting what is stored.
#include <libftp/store/quota.hpp>

#include <libftp/store/memory_store.hpp>
#include <libftp/store/store_decorator.hpp>

#include "support/every_store.hpp"
#include "support/threads.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <limits>
#include <memory>
#include <string>

using namespace libftp;
using libftp::testing::at;
using libftp::testing::error_of;
using libftp::testing::in_memory;
using libftp::testing::on_disk;

namespace {

/// Cannot list one directory.
class partly_closed_store final : public store_decorator {
public:
    std::string closed{};
    std::error_code reason{};

    using store_decorator::store_decorator;
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override
    {
        if (path.string() == closed)
            return reason;
        return inner()->open_directory(path);
    }
};

} // namespace

TEST_CASE("Bytes and files can be taken up to the limit, and no further")
{
    quota limit{{.max_bytes = 10, .max_files = 2}};
    CHECK(limit.take_bytes(7));
    CHECK_FALSE(limit.take_bytes(4));
    CHECK(limit.bytes_left() == 3);
    CHECK(limit.take_bytes(3));
    CHECK_FALSE(limit.take_bytes(1));
    CHECK(limit.take_bytes(0));
    CHECK(limit.take_file());
    CHECK(limit.take_file());
    CHECK_FALSE(limit.take_file());
    CHECK(limit.used() == usage{10, 2});
}

TEST_CASE("What is given back can be taken again, and never makes more than the limit")
{
    quota limit{{.max_bytes = 10, .max_files = 2}, {8, 1}};
    limit.give_back({5, 1});
    CHECK(limit.used() == usage{3, 0});
    limit.give_back({1000, 1000});
    CHECK(limit.used() == usage{0, 0});
    CHECK(limit.bytes_left() == 10);
}

TEST_CASE("More may be there than is allowed: then nothing can be added")
{
    quota limit{{.max_bytes = 10, .max_files = 2}, {50, 7}};
    CHECK(limit.bytes_left() == 0);
    CHECK_FALSE(limit.take_bytes(1));
    CHECK_FALSE(limit.take_file());
    CHECK(limit.take_bytes(0));
    limit.give_back({45, 6});
    CHECK(limit.take_bytes(5));
    CHECK(limit.take_file());
}

TEST_CASE("Without limits there is room for every number that can be counted")
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    quota limit{{}};
    CHECK(limit.take_bytes(most));
    CHECK_FALSE(limit.take_bytes(1));
    limit.give_back({most, 0});
    CHECK(limit.bytes_left() == most);
}

TEST_CASE("Threads that take at once do not take too much together")
{
    quota limit{{.max_bytes = 1000, .max_files = 10}};
    std::atomic<int> files_taken{0};
    std::atomic<int> times_too_many{0};
    libftp::testing::on_threads(4, [&](std::size_t) {
        for (int i = 0; i < 1000; ++i) {
            files_taken += limit.take_file() ? 1 : 0;
            if (!limit.take_bytes(300))
                continue;
            times_too_many += limit.used().bytes > 1000 ? 1 : 0;
            limit.give_back({300, 0});
        }
    });
    CHECK(files_taken == 10);
    CHECK(times_too_many == 0);
    CHECK(limit.used() == usage{0, 10});
}

TEST_CASE_TEMPLATE("What a store holds is measured through all its directories", Place, in_memory, on_disk)
{
    Place place;
    CHECK(measure_usage(place.store).value() == usage{0, 0});
    libftp::testing::fill(place.store); // "in d" and "0123456789"
    CHECK(measure_usage(place.store).value() == usage{14, 2});
}

TEST_CASE_TEMPLATE("Links are measured as files without bytes and are not followed", Place, in_memory, on_disk)
{
    Place place;
    if (!place.store.can(store_ability::symbolic_links))
        return;
    libftp::testing::fill(place.store);
    place.store.make_symbolic_link(at("/a"), at("/to-a")).value();
    place.store.make_symbolic_link(at("/"), at("/d/to-all")).value();
    place.store.make_symbolic_link(at("/missing"), at("/to-nothing")).value();
    CHECK(measure_usage(place.store).value() == usage{14, 5});
}

TEST_CASE("Directories nested as deep as a path can name are measured without harm")
{
    memory_store store;
    std::string path;
    while (path.size() + 4 <= store_path::max_bytes)
        path += "/d";
    store.add_file(path + "/f", "text");
    CHECK(measure_usage(store).value() == usage{4, 1});
    // What was moved below is deeper than any path.
    store.add_file("/new" + std::string(path, 0, path.size() - 100) + "/x", "deep");
    store.rename(at("/d"), at("/new" + std::string(path, 0, path.size() - 100) + "/d")).value();
    CHECK(measure_usage(store).value() == usage{4, 1});
}

TEST_CASE("What may not be listed is left out of the measure, and any other error ends it")
{
    const auto files = std::make_shared<memory_store>();
    libftp::testing::fill(*files);
    partly_closed_store store{files};
    store.closed = "/d";
    store.reason = store_errc::permission_denied;
    CHECK(measure_usage(store).value() == usage{10, 1});
    store.reason = std::make_error_code(std::errc::io_error);
    CHECK(error_of(measure_usage(store)) == std::errc::io_error);
}
