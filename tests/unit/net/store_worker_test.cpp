// How many threads do the work that may wait.
#include "net/store_worker.hpp"

#include <doctest/doctest.h>

#include <asio/io_context.hpp>

#include <future>
#include <latch>
#include <memory>
#include <set>
#include <thread>
#include <vector>

using libftp::net::now;
using libftp::net::store_pace;
using libftp::net::store_worker;

TEST_CASE("Jobs that come one after the other are done by one thread, which is not the caller's")
{
    asio::io_context home;
    store_worker worker{4};
    std::vector<std::thread::id> seen;
    for (int i = 0; i < 5; ++i) {
        worker.run(
            home.get_executor(), [] { return std::this_thread::get_id(); },
            [&seen](std::thread::id id) { seen.push_back(id); });
        home.restart();
        home.run();
    }
    REQUIRE(seen.size() == 5);
    CHECK(seen.front() != std::this_thread::get_id());
    CHECK(std::set(seen.begin(), seen.end()).size() == 1);
}

TEST_CASE("Jobs that come together have threads of their own, as far as there may be so many")
{
    constexpr int most = 3;
    asio::io_context home;
    store_worker worker{most};
    std::latch together{most}; // opens only when three jobs run at once
    std::set<std::thread::id> seen;
    for (int i = 0; i < 2 * most; ++i) {
        worker.run(
            home.get_executor(),
            [&together, i] {
                if (i < most)
                    together.arrive_and_wait();
                return std::this_thread::get_id();
            },
            [&seen](std::thread::id id) { seen.insert(id); });
    }
    home.run();
    CHECK(seen.size() == most);
}

TEST_CASE("What was never begun when a worker stops is not run, and lets go of what it holds")
{
    asio::io_context home;
    auto worker = std::make_unique<store_worker>(1);
    std::promise<void> has_begun;
    std::promise<void> may_end;
    bool was_run = false;
    const auto held = std::make_shared<int>();
    worker->run(
        home.get_executor(),
        [&] {
            has_begun.set_value();
            may_end.get_future().wait();
            return 0;
        },
        [](int) {});
    worker->run(
        home.get_executor(), [&was_run] { return was_run = true; }, [held](bool) {});
    has_begun.get_future().wait();
    std::thread stopping{[&worker] { worker->stop(); }};
    may_end.set_value();
    stopping.join();
    // The thread may have taken the second job before it was told to stop; then its answer waits here.
    if (!was_run)
        CHECK(held.use_count() == 1);
    worker->run(
        home.get_executor(), [] { return 0; }, [](int) { FAIL("it has stopped"); });
    home.restart();
    home.poll();
    CHECK(held.use_count() == 1);
}

TEST_CASE("Calls are no longer spared a thread of their own when they wait for long a second time")
{
    store_worker worker{1};
    for (const bool is_spared : {true, false}) {
        CHECK(worker.timed([] {
            return std::promise<void>{}.get_future().wait_for(2 * store_pace::longest) == std::future_status::timeout;
        }));
        CHECK(worker.may_be_spared() == is_spared);
    }
}

TEST_CASE("Calls that take long because they have much to do are spared a thread of their own all the same")
{
    store_worker worker{1};
    for (int calls = 0; calls < 3; ++calls) {
        CHECK(worker.timed([end = now() + 2 * store_pace::longest] {
            while (now() < end) {
                // the processor is busy
            }
            return true;
        }));
        CHECK(worker.may_be_spared());
    }
}
