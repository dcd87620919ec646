// ftp_load: makes work for an FTP server, and prints how long that took.
#include "load_session.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <latch>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <csignal>

using namespace bench;

namespace {

constexpr const char* usage = R"(ftp_load ADDRESS PORT MODE [OPTION...]; FTP_USER and FTP_PASSWORD in the environment
  download FILE           one file, which is thrown away
  upload NAME BYTES       one file NAME-SESSION, out of memory
  small-downloads COUNT   the files small-0, small-1, ... of 1 KiB; after 1,000 the first again
  small-uploads COUNT     the files new-SESSION-0, new-SESSION-1, ... of 1 KiB
  logins COUNT            each with a connection of its own
  --tls=1.2, --tls=1.3    of exactly that version
  --full-handshakes       data connections do not ask to continue the session
  --sessions=N            at once, each with all of the work
Prints the seconds (where files are transferred, without the log-in), the bytes, the operations, and how many data
connections continued a TLS session.
)";

constexpr std::size_t small_bytes = 1024;
constexpr std::uint64_t small_files = 1000;
constexpr std::size_t piece_bytes = 1024 * 1024;

using std::chrono::steady_clock;

struct work_done {
    std::uint64_t bytes = 0;
    std::uint64_t operations = 0;
    std::uint64_t resumed = 0; ///< Data connections.
};

struct span_of_time {
    steady_clock::time_point begin = steady_clock::time_point::max();
    steady_clock::time_point end = steady_clock::time_point::min();
};

struct request {
    target to{};
    std::string mode{};
    std::string file{};
    std::uint64_t count = 1; ///< Bytes of an upload.
    unsigned sessions = 1;
};

std::uint64_t parse_number(std::string_view text, std::uint64_t most)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number == 0 || number > most)
        throw failure{std::string{text} + " is not a number from 1 to " + std::to_string(most)};
    return number;
}

void take_option(request& asked, std::string_view option)
{
    constexpr std::string_view sessions = "--sessions=";
    if (option == "--tls=1.2")
        asked.to.version = tls_version::tls_1_2;
    else if (option == "--tls=1.3")
        asked.to.version = tls_version::tls_1_3;
    else if (option == "--full-handshakes")
        asked.to.handshake = data_handshake::full;
    else if (option.starts_with(sessions))
        asked.sessions = static_cast<unsigned>(parse_number(option.substr(sessions.size()), 1000));
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

request parse(const std::vector<std::string_view>& arguments)
{
    std::vector<std::string_view> places;
    request asked;
    for (const auto argument : arguments) {
        if (argument.starts_with("--"))
            take_option(asked, argument);
        else
            places.push_back(argument);
    }
    if (places.size() < 4)
        throw failure{usage};
    asked.to.address = places[0];
    asked.to.port = static_cast<std::uint16_t>(parse_number(places[1], 65535));
    asked.to.user = from_environment("FTP_USER");
    asked.to.password = from_environment("FTP_PASSWORD");
    asked.mode = places[2];
    const bool has_file = asked.mode == "download" || asked.mode == "upload";
    if (has_file)
        asked.file = places[3];
    const std::size_t count_at = has_file ? 4 : 3;
    const std::size_t due = asked.mode == "download" ? 4 : count_at + 1;
    if (places.size() != due)
        throw failure{usage};
    if (count_at < due)
        asked.count = parse_number(places[count_at], std::uint64_t{1} << 50);
    return asked;
}

/// Does all of its work; `ready` is called when the work begins.
using worker = work_done (*)(const request&, SSL_CTX*, unsigned number, const std::function<void()>& ready);

work_done download(const request& asked, SSL_CTX* context, unsigned, const std::function<void()>& ready)
{
    load_session session{asked.to, context};
    session.prepare();
    const auto bytes = session.size(asked.file);
    ready();
    session.download(asked.file, bytes);
    session.quit();
    return {bytes, 1, session.resumed()};
}

work_done upload(const request& asked, SSL_CTX* context, unsigned number, const std::function<void()>& ready)
{
    const std::string piece(piece_bytes, 'u');
    load_session session{asked.to, context};
    session.prepare();
    ready();
    const auto name = asked.file + '-' + std::to_string(number);
    session.upload(name, piece, asked.count);
    if (session.size(name) != asked.count)
        throw failure{name + " is not whole"};
    session.quit();
    return {asked.count, 1, session.resumed()};
}

work_done download_small_files(const request& asked, SSL_CTX* context, unsigned, const std::function<void()>& ready)
{
    load_session session{asked.to, context};
    session.prepare();
    ready();
    for (std::uint64_t i = 0; i < asked.count; ++i)
        session.download("small-" + std::to_string(i % small_files), small_bytes);
    session.quit();
    return {asked.count * small_bytes, asked.count, session.resumed()};
}

work_done upload_small_files(const request& asked, SSL_CTX* context, unsigned number,
                             const std::function<void()>& ready)
{
    const std::string piece(small_bytes, 'u');
    load_session session{asked.to, context};
    session.prepare();
    ready();
    const auto prefix = "new-" + std::to_string(number) + "-";
    for (std::uint64_t i = 0; i < asked.count; ++i)
        session.upload(prefix + std::to_string(i), piece, small_bytes);
    if (session.size(prefix + std::to_string(asked.count - 1)) != small_bytes)
        throw failure{"the last file is not whole"};
    session.quit();
    return {asked.count * small_bytes, asked.count, session.resumed()};
}

work_done log_in(const request& asked, SSL_CTX* context, unsigned, const std::function<void()>& ready)
{
    ready();
    for (std::uint64_t i = 0; i < asked.count; ++i)
        load_session{asked.to, context}.quit();
    return {.operations = asked.count};
}

worker find_worker(std::string_view mode)
{
    if (mode == "download")
        return download;
    if (mode == "upload")
        return upload;
    if (mode == "small-downloads")
        return download_small_files;
    if (mode == "small-uploads")
        return upload_small_files;
    if (mode == "logins")
        return log_in;
    throw failure{"no mode " + std::string{mode} + "\n" + usage};
}

void run(const request& asked)
{
    const auto work = find_worker(asked.mode);
    const auto context = make_context(asked.to.version);
    std::latch everyone_ready{asked.sessions};
    std::vector<work_done> done(asked.sessions);
    std::vector<span_of_time> times(asked.sessions);
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < asked.sessions; ++i) {
        threads.emplace_back([&, i] {
            try {
                done[i] = work(asked, context.get(), i, [&] {
                    everyone_ready.arrive_and_wait();
                    times[i].begin = steady_clock::now();
                });
                times[i].end = steady_clock::now();
            } catch (const std::exception& error) {
                // The others cannot go on: what is measured would not be what was asked for.
                std::fprintf(stderr, "ftp_load: session %u: %s\n", i, error.what());
                std::_Exit(1);
            }
        });
    }
    threads.clear(); // waits for all
    work_done all;
    span_of_time whole;
    for (unsigned i = 0; i < asked.sessions; ++i) {
        all.bytes += done[i].bytes;
        all.operations += done[i].operations;
        all.resumed += done[i].resumed;
        whole.begin = std::min(whole.begin, times[i].begin);
        whole.end = std::max(whole.end, times[i].end);
    }
    const std::chrono::duration<double> seconds = whole.end - whole.begin;
    std::printf("%.6f %ju %ju %ju\n", seconds.count(), std::uintmax_t{all.bytes}, std::uintmax_t{all.operations},
                std::uintmax_t{all.resumed});
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
