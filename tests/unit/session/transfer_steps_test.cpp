// The steps of a transfer: handed out, dropped, and tried again.
#include "../../../libftp/src/session/transfer_steps.hpp"

#include <libftp/error.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

struct chain final : transfer_steps {
    explicit chain(transfer_options options = {}) : transfer_steps(std::move(options)) {}

    using transfer_steps::call;
    using transfer_steps::change_course;
    using transfer_steps::fail;
    using transfer_steps::succeed;
    using transfer_steps::try_again;

    void begin() override { first(); }
    void stop() override { log.emplace_back("stop"); }
    void release() override { log.emplace_back("release"); }
    void add(const std::string& name)
    {
        call([] { return 1; }, [this, name](int) { log.push_back(name); });
    }

    std::function<void()> first{};
    std::vector<std::string> log{};
};

void run(client_task_step step)
{
    if (auto* call = std::get_if<client_step::call>(&step)) {
        call->job();
        call->then();
    } else {
        std::get<client_step::pause>(step).then();
    }
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("Steps come in their order, and several can run")
{
    const auto steps = std::make_shared<chain>();
    steps->first = [&] {
        steps->add("a");
        steps->add("b");
    };
    auto a = steps->next().value();
    auto b = steps->next().value();
    CHECK_FALSE(steps->next());
    run(std::move(b));
    run(std::move(a));
    CHECK(steps->log == names{"b", "a"});
    CHECK_FALSE(steps->is_done());
    steps->first = {};
}

TEST_CASE("What went wrong because of commands sent ahead is done again at once, and counts as no attempt")
{
    const operation_error confused{.code = protocol_errc::order_confused, .step = operation_step::confirmation};
    const operation_error never_began{.code = protocol_errc::timed_out, .session = session_state::closed};
    for (const auto& why : {confused, never_began}) {
        const auto steps = std::make_shared<chain>();
        steps->first = [] {};
        unsigned attempt = 1;
        unsigned again = 0;
        CHECK_FALSE(steps->next());
        steps->try_again(attempt, why, [&again] { ++again; });
        CHECK(again == 1);
        CHECK(attempt == 1);
        CHECK_FALSE(steps->is_done());

        while (!steps->is_done() && again < 1000)
            steps->try_again(attempt, why, [&again] { ++again; });
        CHECK(again < 1000);
        CHECK(steps->take_result().error().code == why.code);
    }
}

TEST_CASE("A failure drops what has not begun, and waits for what runs")
{
    const auto steps = std::make_shared<chain>();
    steps->first = [&] {
        steps->add("a");
        steps->add("b");
    };
    auto a = steps->next().value();
    steps->fail({protocol_errc::timed_out});
    steps->fail({protocol_errc::canceled});
    CHECK_FALSE(steps->next());
    CHECK_FALSE(steps->is_done());
    steps->add("c");
    run(std::move(a));
    CHECK(steps->is_done());
    CHECK(steps->log == names{"stop", "a", "release"});
    CHECK(steps->take_result().error().code == protocol_errc::timed_out);
}

TEST_CASE("What is canceled while steps run is done with the last of them, whatever was dropped")
{
    const auto steps = std::make_shared<chain>();
    steps->first = [&] {
        steps->add("a");
        steps->add("b");
    };
    auto a = steps->next().value();
    steps->cancel();
    CHECK_FALSE(steps->is_done());
    run(std::move(a));
    CHECK(steps->is_done());
    CHECK(steps->take_result().error().code == protocol_errc::canceled);
}

TEST_CASE("A success that comes after the cancelation counts")
{
    const auto steps = std::make_shared<chain>();
    steps->first = [&] { steps->call([] { return 1; }, [&](int) { steps->succeed(); }); };
    auto step = steps->next().value();
    steps->cancel();
    run(std::move(step));
    CHECK(steps->take_result().has_value());
}

TEST_CASE("A new course begins when the steps of the old one have ended, whatever they come to")
{
    const auto steps = std::make_shared<chain>();
    steps->first = [&] {
        steps->call([] { return 1; }, [&](int) { steps->change_course([&] { steps->add("new"); }); });
        steps->call([] { return 1; }, [&](int) { steps->fail({protocol_errc::timed_out}); });
    };
    auto a = steps->next().value();
    auto b = steps->next().value();
    run(std::move(a));
    steps->add("old");
    CHECK_FALSE(steps->next());
    bool is_canceled = false;
    SUBCASE("not canceled") {}
    SUBCASE("canceled")
    {
        is_canceled = true;
        steps->cancel();
    }
    run(std::move(b));
    CHECK(steps->is_done() == is_canceled);
    if (is_canceled) {
        CHECK(steps->take_result().error().code == protocol_errc::canceled);
    } else {
        run(steps->next().value());
        CHECK(steps->log == names{"stop", "new"});
    }
}

TEST_CASE("Pauses grow to the longest and not beyond, from whatever the first is")
{
    struct row {
        std::chrono::milliseconds first;
        std::chrono::milliseconds longest;
        std::vector<std::chrono::milliseconds> pauses;
    };
    for (const auto& [first, longest, pauses] :
         {row{100ms, 350ms, {100ms, 200ms, 350ms, 350ms}}, row{0ms, 10s, {0ms, 0ms, 0ms, 0ms}},
          row{10s, 1s, {1s, 1s, 1s, 1s}}, row{1ms, 1h, {1ms, 2ms, 4ms, 8ms}}}) {
        transfer_options options;
        options.retry = {.attempts = 5, .first_pause = first, .longest_pause = longest};
        const auto steps = std::make_shared<chain>(options);
        unsigned attempt = 1;
        std::vector<std::chrono::milliseconds> heard;
        steps->first = [&] { steps->try_again(attempt, {protocol_errc::timed_out}, steps->first); };
        while (auto step = steps->next()) {
            heard.push_back(
                std::chrono::duration_cast<std::chrono::milliseconds>(std::get<client_step::pause>(*step).time));
            run(std::move(*step));
        }
        CHECK(heard == pauses);
        CHECK(attempt == 5);
        CHECK(steps->take_result().error().code == protocol_errc::timed_out);
    }
}
