// What --json says.
#include <doctest/doctest.h>

#include "../../../apps/ftp-client/json_reporter.hpp"

#include <string>
#include <vector>

using namespace libftp;
using lines = std::vector<std::string>;

namespace {

struct heard {
    lines output{};
    lines aside{};
    libftp::clock::time_point time{};
    json_reporter says{[this](std::string_view line) { output.emplace_back(line); },
                       [this](std::string_view line) { aside.emplace_back(line); }, [this] { return time; }};
};

const transfer_notice a_file{.name = "a", .local = "b", .remote = "/a", .direction = transfer_direction::upload};
const std::string a_file_in_json = R"("name":"a","direction":"upload","remote":"/a","local":"b")";

} // namespace

TEST_CASE("Each event is one JSON object, whatever bytes are in it")
{
    heard h;
    h.says.command("ls");
    h.says.reply({220, {"a\x1b", " b\"\n"}});
    h.says.answer({257, {"\"/\""}});
    h.says.say("so");
    h.says.print("x\xff");
    CHECK(h.output == lines{R"({"event":"command","line":"ls"})",
                            R"({"event":"reply","code":220,"text":"a\u001b\u000a b\"\u000a"})",
                            R"({"event":"answer","code":257,"text":"\"/\""})", R"({"event":"note","text":"so"})",
                            R"({"event":"output","text":"x\ufffd","text_bytes":"78ff"})"});
    CHECK(h.aside.empty());
}

TEST_CASE("A listing is one event for each entry")
{
    heard h;
    CHECK(h.says.wants_entries());
    std::vector<listed_entry> entries(2);
    entries[0].name = "a";
    entries[0].type = file_type::file;
    entries[0].size = 12;
    entries[1].name = "b";
    entries[1].type = file_type::directory;
    h.says.listing("images", entries, listing_look::columns);
    REQUIRE(h.output.size() == 2);
    CHECK(h.output[0].starts_with(R"({"event":"entry","directory":"images","name":"a","type":"file","size":12,)"));
    CHECK(h.output[1].starts_with(R"({"event":"entry","directory":"images","name":"b","type":"directory",)"));
}

TEST_CASE("A transfer has a begin, some progress, and an end")
{
    heard h;
    const transfer_progress half{.bytes = 5, .total = 10, .bytes_per_second = 2};
    h.says.began(a_file);
    h.says.progressed(a_file, half); // too early to be told
    h.time += std::chrono::seconds{1};
    h.says.progressed(a_file, half);
    h.says.progressed(a_file, half);
    h.says.transferred(a_file, {.bytes = 10, .verified = verification::size, .time = std::chrono::seconds{2}});
    h.says.progressed(a_file, half);
    h.says.stopped(a_file);
    CHECK(h.output == lines{"{\"event\":\"begin\"," + a_file_in_json + "}",
                            "{\"event\":\"progress\"," + a_file_in_json +
                                R"(,"bytes":5,"offset":0,"total":10,"bytes_per_second":2})",
                            "{\"event\":\"transfer\"," + a_file_in_json +
                                R"(,"bytes":10,"offset":0,"seconds":2.000000,"verified":"size"})",
                            "{\"event\":\"stop\"," + a_file_in_json + "}"});
}

TEST_CASE("An error has its cause and its exit code, and so has the end")
{
    heard h;
    h.says.error(cause::login, "No.");
    h.says.ended(h.says.first_failure());
    CHECK(h.output == lines{R"({"event":"error","cause":"login","exit_code":4,"text":"No."})",
                            R"({"event":"end","cause":"login","exit_code":4})"});
}

TEST_CASE("Where a command's output goes to a program, only what the command was for is in it")
{
    heard h;
    {
        const data_output data{h.says};
        h.says.command("ls");
        h.says.say("so");
        h.says.print("line");
        h.says.answer({213, {"1"}});
        h.says.error(cause::local, "No.");
    }
    h.says.say("again");
    CHECK(h.output == lines{R"({"event":"output","text":"line"})", R"({"event":"answer","code":213,"text":"1"})",
                            R"({"event":"note","text":"again"})"});
    CHECK(h.aside.size() == 3);
}
