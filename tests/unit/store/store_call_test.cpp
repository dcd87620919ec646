// Calls of a store as data: each does and answers what the call itself would.
#include <libftp/store/memory_store.hpp>
#include <libftp/store/store_call.hpp>

#include "support/store_access.hpp"

#include <doctest/doctest.h>

using namespace libftp;
using libftp::testing::at;

namespace {

template <class T>
T perform_for(file_store& store, const store_request& request)
{
    auto answer = perform(store, request).value();
    return std::get<T>(std::move(answer));
}

} // namespace

TEST_CASE("A performed call answers with what the store's call returns")
{
    memory_store store;
    store.add_file("/d/a", "0123456789");

    CHECK(perform_for<file_info>(store, store_call::stat{at("/d/a")}).size == 10);

    const auto reader = perform_for<std::unique_ptr<file_reader>>(store, store_call::open_read{at("/d/a"), 4});
    CHECK(libftp::testing::read_all(*reader) == "456789");

    const auto entries = perform_for<std::unique_ptr<directory_reader>>(store, store_call::open_directory{at("/d")});
    file_info entry;
    CHECK(entries->next(entry).value());
    CHECK(entry.name == "a");
    CHECK_FALSE(entries->next(entry).value());
}

TEST_CASE("A performed open_write passes mode and offset on")
{
    memory_store store;
    store.add_file("/a", "0123456789");
    const auto write = [&store](write_mode mode, std::uint64_t offset) {
        const auto writer =
            perform_for<std::unique_ptr<file_writer>>(store, store_call::open_write{at("/a"), mode, offset});
        writer->write("xy").value();
        writer->commit().value();
        return store.content("/a").value();
    };
    CHECK(write(write_mode::resume, 3) == "012xy");
    CHECK(write(write_mode::append, 3) == "012xyxy");
    CHECK(write(write_mode::replace, 3) == "xy");
}

TEST_CASE("A performed call without a result answers with nothing, after doing it")
{
    memory_store store;
    const auto done = [&store](const store_request& request) {
        return std::holds_alternative<std::monostate>(perform(store, request).value());
    };
    CHECK(done(store_call::make_directory{at("/d")}));
    CHECK(done(store_call::rename{at("/d"), at("/e")}));
    CHECK(libftp::testing::names_in(store, "/") == std::vector<std::string>{"e"});
    CHECK(done(store_call::remove_directory{at("/e")}));
    store.add_file("/f", "");
    CHECK(done(store_call::remove_file{at("/f")}));
    CHECK(libftp::testing::names_in(store, "/").empty());
}

TEST_CASE("A performed call passes the store's error on")
{
    memory_store store;
    const auto missing = at("/missing/x");
    const store_request requests[]{
        store_call::stat{missing},           store_call::open_read{missing},
        store_call::open_write{missing},     store_call::open_directory{missing},
        store_call::make_directory{missing}, store_call::remove_directory{missing},
        store_call::remove_file{missing},    store_call::rename{missing, at("/b")},
    };
    for (const auto& request : requests)
        CHECK(libftp::testing::error_of(perform(store, request)) == store_errc::not_found);
}
