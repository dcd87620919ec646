// ftp_load: makes work for an FTP server with one thread, and prints how long that took.
#include "failure.hpp"
#include "load_modes.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace bench;

namespace {

constexpr const char* usage = R"(ftp_load ADDRESS PORT MODE [OPTION...]; FTP_USER and FTP_PASSWORD in the environment
  download NAME           one file, which is thrown away
  upload NAME BYTES       one file NAME-SESSION, out of memory
  small-downloads COUNT   the files small-0, small-1, ... of 1 KiB; after 1,000 the first again
  small-uploads COUNT     the files new-SESSION-0, new-SESSION-1, ... of 1 KiB
  logins COUNT            each with a connection of its own
  connects COUNT          each waits for the greeting, and closes
  commands VERB [ARGUMENT] COUNT
  list VERB [PATH]        its lines are the operations
  idle COUNT              sessions that log in; says ready, and keeps them until its input ends
  http NAME               as download, from a web server
  --tls=1.2, --tls=1.3    of exactly that version
  --full-handshakes       data connections do not ask to continue the session
  --sessions=N            at once, each with all of the work
  --times=N               a download, upload or list again and again
  --in-flight=N           commands that may be without their reply
Prints one line of JSON: the seconds of the work, without the log-ins before it, and of them the load's own CPU
seconds; the bytes, the operations, and how many data connections continued a TLS session.
)";

/// More would wait in the queue of a server that accepts none of them yet, and there be forgotten.
constexpr std::size_t log_ins_at_once = 32;

void take_option(request& asked, std::string_view option)
{
    const auto value = option.substr(std::min(option.find('=') + 1, option.size()));
    if (option == "--tls=1.2")
        asked.to.version = tls_version::tls_1_2;
    else if (option == "--tls=1.3")
        asked.to.version = tls_version::tls_1_3;
    else if (option == "--full-handshakes")
        asked.to.handshake = data_handshake::full;
    else if (option.starts_with("--sessions="))
        asked.sessions = parse_number(value, 20'000);
    else if (option.starts_with("--times="))
        asked.times = parse_number(value, 1'000'000);
    else if (option.starts_with("--in-flight="))
        asked.in_flight = parse_number(value, 1'000);
    else
        throw failure{"no option " + std::string{option}};
}

std::string from_environment(const char* name)
{
    const char* const value = std::getenv(name);
    if (value == nullptr)
        throw failure{std::string{name} + " is not set"};
    return value;
}

request parse(std::span<char*> arguments)
{
    std::vector<std::string> places;
    request asked;
    for (const std::string argument : arguments) {
        if (argument.starts_with("--"))
            take_option(asked, argument);
        else
            places.push_back(argument);
    }
    if (places.size() < 3)
        throw failure{usage};
    asked.to.where.sin_family = AF_INET;
    if (::inet_pton(AF_INET, places[0].c_str(), &asked.to.where.sin_addr) != 1)
        throw failure{"'" + places[0] + "' is not an IPv4 address"};
    asked.to.where.sin_port = htons(static_cast<std::uint16_t>(parse_number(places[1], 65535)));
    asked.mode = places[2];
    asked.places.assign(places.begin() + 3, places.end());
    asked.to.user = from_environment("FTP_USER");
    asked.to.password = from_environment("FTP_PASSWORD");
    const auto& known = find_mode(asked.mode);
    if (asked.places.size() < known.least_places || asked.places.size() > known.most_places)
        throw failure{usage};
    return asked;
}

/// And some for the program.
void allow_sockets(std::size_t sockets)
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const rlim_t due = sockets + 100;
    if (limit.rlim_cur >= due)
        return;
    limit.rlim_cur = due;
    limit.rlim_max = std::max(limit.rlim_max, due);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        fail("more open files are not allowed");
}

double cpu_seconds()
{
    rusage usage_now{};
    ::getrusage(RUSAGE_SELF, &usage_now);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage_now.ru_utime) + seconds(usage_now.ru_stime);
}

void wait_for_end_of_input()
{
    std::puts("ready");
    std::fflush(stdout);
    char dropped = 0;
    while (::read(STDIN_FILENO, &dropped, 1) > 0) {
    }
}

void run(const request& asked)
{
    load all{asked};
    const auto& how = find_mode(asked.mode);
    const bool is_idle = how.name == "idle";
    const auto sessions = is_idle ? static_cast<std::size_t>(all.number_at(0)) : asked.sessions;
    allow_sockets(is_idle ? sessions : 2 * sessions);
    all.sessions.resize(sessions);
    const auto do_step = [&](mode::step step, std::size_t at_once) {
        if (step != nullptr)
            all.loop.run(sessions, at_once, [&](std::size_t number) { return step(all, number); });
    };

    do_step(how.prepare, log_ins_at_once);
    using std::chrono::steady_clock;
    const auto begin = steady_clock::now();
    const auto cpu_begin = cpu_seconds();
    do_step(how.work, is_idle ? log_ins_at_once : sessions);
    const auto cpu = cpu_seconds() - cpu_begin;
    const std::chrono::duration<double> seconds = steady_clock::now() - begin;
    if (is_idle)
        wait_for_end_of_input();
    do_step(how.check, sessions);

    std::uint64_t resumed = 0;
    for (const auto& session : all.sessions)
        resumed += session ? session->resumed() : 0U;
    std::printf(R"({"seconds":%.6f,"bytes":%ju,"operations":%ju,"resumed":%ju,"cpu_seconds":%.6f})"
                "\n",
                seconds.count(), std::uintmax_t{all.done.bytes}, std::uintmax_t{all.done.operations},
                std::uintmax_t{resumed}, cpu);
}

} // namespace

int main(int argc, char** argv)
try {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    run(parse({argv + 1, argv + argc}));
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "ftp_load: %s\n", error.what());
    return 1;
}
