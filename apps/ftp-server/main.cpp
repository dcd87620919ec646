// ftp-server: shares a directory by FTP.
#include "configured_server.hpp"
#include "exposed_secrets.hpp"
#include "options.hpp"
#include "serve.hpp"
#include "service/status_command.hpp"
#include "users_file.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

/// Else the first buffer of a transfer that is freed raises the size from which memory goes back to the system at once,
/// and a crowd of slow readers leaves tens of megabytes behind.
void give_memory_back()
{
#ifdef __GLIBC__
    constexpr int given_back_from = 128 * 1024; // as the C library begins
    mallopt(M_MMAP_THRESHOLD, given_back_from);
#endif
}

/// The exit code.
int check(const serve_options& options)
{
    configured_server::check(options);
    const auto& file = options.written.file();
    for (const auto& warning : warnings_of_exposed_secrets(options))
        fmt::print("{}\n", libftp::escape_controls(warning));
    fmt::print("{}{}\n", file.empty() ? "" : file + ": ", "everything can be used.");
    return 0;
}

int complain(std::string_view sentence, int code)
{
    fmt::print(stderr, "ftp-server: {}\n", libftp::escape_controls(sentence));
    return code;
}

} // namespace

int main(int argc, char** argv)
try {
    give_memory_back();
    std::signal(SIGPIPE, SIG_IGN); // whoever reads the events may leave
    std::signal(SIGXFSZ, SIG_IGN); // an upload past the process's limit (setrlimit(2)) is refused, and all others go on
    auto asked = parse_options(argc, argv);
    if (const auto* now = std::get_if<exit_now>(&asked))
        return now->code;
    if (const auto* account = std::get_if<account_options>(&asked)) {
        manage_accounts(*account);
        return 0;
    }
    if (const auto* status = std::get_if<status_options>(&asked)) {
        show_status(*status);
        return 0;
    }
    const auto* checked = std::get_if<check_options>(&asked);
    const auto written = checked != nullptr ? checked->serve.written : std::get<serve_options>(asked).written;
    try {
        if (checked != nullptr)
            return check(checked->serve);
        serve(std::move(std::get<serve_options>(asked)), argc, argv);
        return 0;
    } catch (const option_error& error) {
        return complain(written[error.option()] + error.what(), checked != nullptr ? 2 : 1);
    }
} catch (const std::exception& error) {
    return complain(error.what(), 1);
}
