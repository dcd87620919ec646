// Lines in a file, written in the background.
#include "scratch_folder.hpp"

#include <doctest/doctest.h>

#include <libftp/net/log_file.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include <sys/resource.h>

using namespace libftp;
using namespace libftp::testing;

namespace {

std::string content_of(const std::filesystem::path& file)
{
    std::ostringstream all;
    all << std::ifstream{file}.rdbuf();
    return all.str();
}

} // namespace

TEST_CASE("Lines of all threads are in the file when the log ends, each whole, behind what was there")
{
    const scratch_folder folder;
    const auto path = folder.path() / "log";
    std::ofstream{path} << "old\n";
    {
        const auto log = net::log_file::open(path).value();
        std::vector<std::thread> writers;
        for (int i = 0; i < 4; ++i)
            writers.emplace_back([&log] {
                for (int n = 0; n < 1'000; ++n)
                    log->write("a line of a log");
            });
        for (auto& each : writers)
            each.join();
        CHECK(log->dropped() == 0);
    }
    std::string expected = "old\n";
    for (int n = 0; n < 4'000; ++n)
        expected += "a line of a log\n";
    CHECK(content_of(path) == expected);
}

TEST_CASE("A renamed log gets no more lines after reopen(), but all before it, however late the thread comes to it")
{
    for (int round = 0; round < 200; ++round) {
        const scratch_folder folder;
        const auto path = folder.path() / "log";
        {
            const auto log = net::log_file::open(path).value();
            log->write("before");
            std::filesystem::rename(path, folder.path() / "log.1");
            log->reopen();
            log->write("after");
        }
        REQUIRE(content_of(folder.path() / "log.1") == "before\n");
        REQUIRE(content_of(path) == "after\n");
    }
}

TEST_CASE("A log that cannot be opened says why, and one that cannot be written counts what is lost")
{
    const scratch_folder folder;
    CHECK(net::log_file::open(folder.path() / "none" / "log").error() == std::errc::no_such_file_or_directory);
    if (!std::filesystem::exists("/dev/full"))
        return;
    const auto log = net::log_file::open("/dev/full").value();
    log->write("lost");
    while (log->dropped() == 0)
        std::this_thread::yield();
    CHECK(log->dropped() == 1);
}

TEST_CASE("Lines beyond what may wait are dropped and counted")
{
    const scratch_folder folder;
    const auto log = net::log_file::open(folder.path() / "log").value();
    log->write(std::string(net::log_file::max_waiting_bytes, 'x'));
    CHECK(log->dropped() == 1);
}

TEST_CASE("A line that was cut short counts as lost, and the next one that can be written begins behind it")
{
    const scratch_folder folder;
    const auto path = folder.path() / "log";
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old_limit{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
    {
        const auto log = net::log_file::open(path).value();
        const rlimit limit{10, old_limit.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
        log->write("whole");
        log->write("cut short");
        while (log->dropped() == 0)
            std::this_thread::yield();
        log->write("lost");
        while (log->dropped() == 1)
            std::this_thread::yield();
        ::setrlimit(RLIMIT_FSIZE, &old_limit);
        log->write("whole again");
    }
    std::signal(SIGXFSZ, old_handler);
    CHECK(content_of(path) == "whole\ncut \nwhole again\n");
}
