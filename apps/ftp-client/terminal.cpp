// Reads lines with or without echo (termios), and keeps the order of the two outputs.
#include "terminal.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <stdexcept>

#include <csignal>
#include <termios.h>
#include <unistd.h>

namespace terminal {

namespace {

// What a signal handler may use.
termios settings_with_echo{};
volatile std::sig_atomic_t echo_is_off = 0;

void restore_echo()
{
    if (echo_is_off != 0)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings_with_echo);
    echo_is_off = 0;
}

class no_echo {
public:
    no_echo()
    {
        if (tcgetattr(STDIN_FILENO, &settings_with_echo) != 0)
            return;
        echo_is_off = 1;
        auto silent = settings_with_echo;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~no_echo() { restore_echo(); }
    no_echo(const no_echo&) = delete;
    no_echo& operator=(const no_echo&) = delete;
};

extern "C" void leave_by_signal(int signal)
{
    restore_echo();
    _exit(128 + signal);
}

extern "C" void ignore_signal(int /*signal*/) {}

void handle(int signal, void (*handler)(int))
{
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_IGN) // nohup, or a job in the background
        return;
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
}

} // namespace

void set_up()
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        handle(signal, leave_by_signal);
    // A handler, because what is ignored by SIG_IGN would also be ignored in the programs that `!` starts.
    handle(SIGPIPE, ignore_signal);
    // Line by line, so that errors stand where they happened when both outputs go to one file.
    setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
}

bool is_interactive() noexcept
{
    return isatty(STDIN_FILENO) == 1;
}

std::optional<std::string> read_line(std::string_view prompt)
{
    if (is_interactive()) {
        fmt::print("{}", prompt);
        std::fflush(stdout);
    }
    std::string line;
    if (!std::getline(std::cin, line)) {
        if (is_interactive()) { // Ctrl+D ends one question, not the terminal
            std::cin.clear();
            std::clearerr(stdin);
            say("");
        }
        return std::nullopt;
    }
    if (line.ends_with('\r')) // a script from Windows
        line.pop_back();
    return line;
}

void echo(std::string_view prompt, std::string_view line)
{
    if (!is_interactive())
        say(fmt::format("{}{}", prompt, line));
}

std::optional<std::string> ask(std::string_view question)
{
    auto answer = read_line(question);
    echo(question, answer.value_or(""));
    return answer;
}

std::optional<libftp::secret> ask_secretly(std::string_view question)
{
    if (!is_interactive())
        return std::nullopt;
    std::optional<std::string> line;
    {
        const no_echo silent;
        line = read_line(question);
    }
    if (!line)
        return std::nullopt;
    say(""); // the end of line that was not echoed
    libftp::secret answer{*line};
    libftp::wipe(line->data(), line->size());
    return answer;
}

void say(std::string_view line)
{
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
    if (std::ferror(stdout) != 0)
        throw std::runtime_error("nobody takes the output");
}

void complain(std::string_view sentence)
{
    fmt::print(stderr, "ftp-client: {}\n", libftp::escape_controls(sentence));
}

} // namespace terminal
