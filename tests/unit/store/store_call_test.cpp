// Calls of a store as data: each does and answers what the call itself would.
#include <libftp/store/disk_store.hpp>
#include <libftp/store/memory_store.hpp>
#include <libftp/store/store_call.hpp>

#include "support/scratch_folder.hpp"
#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace libftp;
using libftp::testing::at;

namespace {

template <class T>
T perform_for(const std::shared_ptr<memory_store>& store, const store_request& request)
{
    auto answer = perform(store, request).value();
    return std::get<T>(std::move(answer));
}

class two_steps final : public store_task {
public:
    result<task_step> step() override
    {
        switch (++steps_) {
        case 1: return task_step{.bytes = 1};
        case 2: return task_step{.is_done = true, .text = "done", .bytes = 2};
        default: return store_errc::busy;
        }
    }

private:
    int steps_ = 0;
};

} // namespace

TEST_CASE("A performed call answers with what the store's call returns")
{
    const auto store = std::make_shared<memory_store>();
    store->add_file("/d/a", "0123456789");

    CHECK(perform_for<file_info>(store, store_call::stat{at("/d/a")}).size == 10);

    const auto reader = perform_for<std::unique_ptr<file_reader>>(store, store_call::open_read{at("/d/a"), 4});
    CHECK(libftp::testing::read_all(*reader) == "456789");

    const auto entries = perform_for<std::unique_ptr<directory_reader>>(store, store_call::open_directory{at("/d")});
    file_info entry;
    CHECK(entries->next(entry).value());
    CHECK(entry.name == "a");
    CHECK_FALSE(entries->next(entry).value());
}

TEST_CASE("A performed open_write passes its options on")
{
    const auto store = std::make_shared<memory_store>();
    store->add_file("/a", "0123456789");
    const auto write = [&store](write_mode mode, std::uint64_t offset) {
        const auto writer = perform_for<std::unique_ptr<file_writer>>(
            store, store_call::open_write{at("/a"), {.mode = mode, .offset = offset}});
        writer->write("xy").value();
        writer->commit().value();
        return store->content("/a").value();
    };
    CHECK(write(write_mode::resume, 3) == "012xy");
    CHECK(write(write_mode::append, 3) == "012xyxy");
    CHECK(write(write_mode::replace, 3) == "xy");
    CHECK(libftp::testing::error_of(perform(store, store_call::open_write{at("/a"), {.mode = write_mode::create}})) ==
          store_errc::already_exists);
}

TEST_CASE("A performed open_listing answers with the text of the listing")
{
    const auto store = std::make_shared<memory_store>();
    store->add_file("/d/a", "");
    store->add_file("/d/b", "");
    const auto reader = perform_for<std::unique_ptr<file_reader>>(
        store,
        store_call::open_listing{{.form = listing_form::names, .directory = at("/d"), .allowed = permissions::full()}});
    CHECK(libftp::testing::read_all(*reader) == "a\r\nb\r\n");
}

TEST_CASE("A performed call passes the umask and the changes on")
{
    const auto store = std::make_shared<memory_store>();
    perform(store, store_call::make_directory{at("/d"), 077}).value();
    CHECK(store->stat(at("/d")).value().mode == 0700U);
    perform(store, store_call::set_attributes{at("/d"), {.mode = 0711}}).value();
    CHECK(store->stat(at("/d")).value().mode == 0711U);
}

TEST_CASE("A performed available_space answers with a number")
{
    const libftp::testing::scratch_folder folder;
    const std::shared_ptr<file_store> store = disk_store::open(folder.path().string()).value();
    const auto answer = perform(store, store_call::available_space{}).value();
    CHECK(std::get<std::uint64_t>(answer) > 0);
    CHECK(libftp::testing::error_of(perform(std::make_shared<memory_store>(), store_call::available_space{})) ==
          store_errc::not_supported);
}

TEST_CASE("A performed run_task does one step of the task and answers with what it gave")
{
    const auto store = std::make_shared<memory_store>();
    const auto task = std::make_shared<two_steps>();
    const auto first = perform_for<task_step>(store, store_call::run_task{task});
    CHECK_FALSE(first.is_done);
    CHECK(first.bytes == 1);
    const auto second = perform_for<task_step>(store, store_call::run_task{task});
    CHECK(second.is_done);
    CHECK(second.text == "done");
    CHECK(libftp::testing::error_of(perform(store, store_call::run_task{task})) == store_errc::busy);
}

TEST_CASE("A performed call without a result answers with nothing, after doing it")
{
    const auto store = std::make_shared<memory_store>();
    const auto done = [&store](const store_request& request) {
        return std::holds_alternative<std::monostate>(perform(store, request).value());
    };
    CHECK(done(store_call::make_directory{at("/d")}));
    CHECK(done(store_call::rename{at("/d"), at("/e")}));
    CHECK(libftp::testing::names_in(*store, "/") == std::vector<std::string>{"e"});
    CHECK(done(store_call::remove_directory{at("/e")}));
    store->add_file("/f", "text");
    CHECK(done(store_call::set_attributes{at("/f"), {.mode = 0600}}));
    CHECK(done(store_call::make_symbolic_link{at("/f"), at("/link")}));
    CHECK(store->content("/link").value() == "text");
    CHECK(done(store_call::remove_file{at("/link")}));
    CHECK(done(store_call::remove_file{at("/f")}));
    CHECK(libftp::testing::names_in(*store, "/").empty());
}

TEST_CASE("A performed call passes the store's error on")
{
    const auto store = std::make_shared<memory_store>();
    const auto missing = at("/missing/x");
    const store_request requests[]{
        store_call::stat{missing},
        store_call::find_directory{missing},
        store_call::open_read{missing},
        store_call::open_write{missing},
        store_call::open_directory{missing},
        store_call::make_directory{missing},
        store_call::remove_directory{missing},
        store_call::remove_file{missing},
        store_call::rename{missing, at("/b")},
        store_call::set_attributes{missing},
        store_call::make_symbolic_link{at("/b"), missing},
        store_call::open_listing{{.directory = missing, .allowed = permissions::full()}},
    };
    for (const auto& request : requests)
        CHECK(libftp::testing::error_of(perform(store, request)) == store_errc::not_found);
}
