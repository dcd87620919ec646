// What a job has to say, before somebody listens and while somebody does.
#include "../../../apps/ftp-client/job_reporter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using texts = std::vector<std::string>;

namespace {

/// Somebody who listens.
class listener final : public reporter {
public:
    texts heard{};

    void command(std::string_view line) override { hear("command", line); }
    void reply(const libftp::reply& reply) override { hear("reply", reply.to_string()); }
    void answer(const libftp::reply& reply) override { hear("answer", reply.to_string()); }
    void say(std::string_view line) override { hear("say", line); }
    void print(std::string_view line) override { hear("print", line); }
    [[nodiscard]] bool wants_entries() const override { return false; }
    void listing(std::string_view directory, std::span<const libftp::listed_entry> /*entries*/,
                 listing_look /*look*/) override
    {
        hear("listing", directory);
    }
    void began(const transfer_notice& transfer) override { hear("began", transfer.name); }
    void progressed(const transfer_notice& transfer, const libftp::transfer_progress& made) override
    {
        hear("progressed", transfer.name + ' ' + std::to_string(made.bytes));
    }
    void transferred(const transfer_notice& transfer, const libftp::transfer_result& result) override
    {
        hear("transferred", transfer.name + ' ' + std::to_string(result.bytes));
    }
    void stopped(const transfer_notice& transfer) override { hear("stopped", transfer.name); }
    void batch_ended(const batch_result& result) override { hear("batch", std::to_string(result.files)); }
    void use_output(output_use /*use*/) override {}

private:
    void show_error(cause why, std::string_view sentence) override { hear(to_string(why), sentence); }
    void hear(std::string_view kind, std::string_view what)
    {
        heard.push_back(std::string{kind}.append(" ").append(what));
    }
};

texts play(job_reporter& job)
{
    listener out;
    job.play(out);
    return out.heard;
}

} // namespace

TEST_CASE("What a job said is told once, in its order")
{
    job_reporter job{[] {}};
    job.say("a");
    job.print("b");
    job.error(cause::local, "c");
    job.batch_ended({.files = 3});
    CHECK(play(job) == texts{"say a", "print b", "local c", "batch 3"});
    CHECK(play(job).empty());
}

TEST_CASE("An error of a job is one of who listens, too")
{
    job_reporter job{[] {}};
    job.error(cause::transfer, "x");
    CHECK(job.first_failure() == cause::transfer);
    listener out;
    job.play(out);
    CHECK(out.first_failure() == cause::transfer);
}

TEST_CASE("Who listens late hears how the transfers are now")
{
    job_reporter job{[] {}};
    job.began({.name = "f"});
    job.progressed({.name = "f"}, {.bytes = 1});
    job.progressed({.name = "f"}, {.bytes = 2});
    CHECK(play(job) == texts{"began f", "progressed f 2"});
    job.progressed({.name = "f"}, {.bytes = 3});
    CHECK(play(job) == texts{"progressed f 3"});
    job.transferred({.name = "f"}, {.bytes = 4});
    CHECK(play(job) == texts{"transferred f 4"});
}

TEST_CASE("Who stops to listen forgets the transfers that go on")
{
    job_reporter job{[] {}};
    job.began({.name = "f"});
    job.began({.name = "g"});
    job.stopped({.name = "g"});
    listener out;
    job.leave(out);
    CHECK(out.heard == texts{"began f", "began g", "stopped g", "stopped f"});
    CHECK(job.lines(79, 10).size() == 1);
}

TEST_CASE("A job's replies and its command are its own affair")
{
    job_reporter job{[] {}};
    job.command("get f");
    job.reply({.code = 226, .lines = {"done"}});
    job.answer({.code = 257, .lines = {"made"}});
    CHECK(play(job) == texts{"answer 257 made"});
}

TEST_CASE("Of a job that talks on and on only the last lines are kept")
{
    job_reporter job{[] {}};
    for (int i = 0; i < 1003; ++i)
        job.say(std::to_string(i));
    const auto heard = play(job);
    REQUIRE(heard.size() == 1001);
    CHECK(heard.front() == "say (3 earlier lines of the job are left out.)");
    CHECK(heard[1] == "say 3");
    CHECK(heard.back() == "say 1002");
}

TEST_CASE("All that a job says is news")
{
    int news = 0;
    job_reporter job{[&news] { ++news; }};
    job.say("a");
    job.began({.name = "f"});
    job.progressed({.name = "f"}, {});
    job.transferred({.name = "f"}, {});
    CHECK(news == 4);
}
