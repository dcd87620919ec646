// Reads lines with or without echo (termios) until Ctrl+C, and keeps the order of the two outputs.
#include "terminal.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <utility>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace terminal {

namespace {

// What a signal handler may use.
termios usual_settings{};
volatile std::sig_atomic_t settings_are_changed = 0;

/// Whoever waits for input hears by it of what comes between: Ctrl+C, and what asks for the line to be drawn again.
std::array<int, 2> news{-1, -1};
constexpr char interrupt_news = 'i';
constexpr char redraw_news = 'r';

void tell_news(char what)
{
    const int error = errno;
    [[maybe_unused]] const auto written = ::write(news[1], &what, 1);
    errno = error;
}

void restore_settings()
{
    if (settings_are_changed != 0)
        tcsetattr(STDIN_FILENO, TCSANOW, &usual_settings);
    settings_are_changed = 0;
}

extern "C" void leave_by_signal(int signal)
{
    restore_settings();
    _exit(128 + signal);
}

extern "C" void ignore_signal(int /*signal*/) {}

extern "C" void note_redraw(int /*signal*/)
{
    tell_news(redraw_news);
}

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

class no_echo {
public:
    no_echo()
    {
        auto silent = usual_settings;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= NOFLSH; // else Ctrl+C may throw away what is said right after it
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~no_echo() = default;
    no_echo(const no_echo&) = delete;
    no_echo& operator=(const no_echo&) = delete;

private:
    changed_settings changed_;
};

class input {
public:
    libftp::result<char, no_line> next(const std::function<void()>& redraw)
    {
        if (position_ == end_) {
            if (const auto filled = fill(redraw); !filled)
                return filled.error();
        }
        return std::exchange(buffer_[position_++], '\0'); // it may be of a password
    }

    input_line next_line()
    {
        std::string line;
        while (true) {
            const auto byte = next([] {});
            if (!byte && (byte.error() == no_line::interrupted || line.empty()))
                return byte.error();
            if (!byte || *byte == '\n')
                break;
            line.push_back(*byte);
        }
        if (line.ends_with('\r')) // a script from Windows
            line.pop_back();
        return line;
    }

private:
    libftp::result<void, no_line> fill(const std::function<void()>& redraw)
    {
        std::array<pollfd, 2> sources{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{news[0], POLLIN, 0}};
        do {
            if (poll(sources.data(), sources.size(), -1) < 0 && errno != EINTR)
                return no_line::end_of_input;
            for (char what = 0; read(news[0], &what, 1) == 1;) {
                if (what == interrupt_news)
                    return no_line::interrupted;
                redraw();
            }
        } while (sources[0].revents == 0);
        const auto count = read(STDIN_FILENO, buffer_.data(), buffer_.size());
        if (count <= 0)
            return no_line::end_of_input;
        position_ = 0;
        end_ = static_cast<std::size_t>(count);
        return {};
    }

    std::array<char, 4096> buffer_{};
    std::size_t position_ = 0;
    std::size_t end_ = 0;
};

input& standard_input()
{
    static input one;
    return one;
}

void forget_news()
{
    for (char old = 0; read(news[0], &old, 1) == 1;) {
    }
}

void check_output()
{
    const int error = errno;
    if (std::ferror(stdout) == 0)
        return;
    std::clearerr(stdout);
    if (error == EPIPE)
        throw output_closed{};
    throw output_failed{{error, std::generic_category()}};
}

/// Else the first connection or file would get the number of what is missing. The wrong way round, so that reading and
/// writing fail as before.
void fill_missing_descriptors()
{
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
    }
}

} // namespace

interruptible_input::interruptible_input() : stop_([] { tell_news(interrupt_news); })
{
    forget_news();
}

changed_settings::changed_settings() noexcept
{
    if (settings_are_changed == 0 && tcgetattr(STDIN_FILENO, &usual_settings) == 0)
        settings_are_changed = 1;
}

changed_settings::~changed_settings()
{
    restore_settings();
}

void set_up()
{
    fill_missing_descriptors();
    for (const int signal : {SIGTERM, SIGHUP})
        handle(signal, leave_by_signal);
    // A handler, because what is ignored by SIG_IGN would also be ignored in the programs that `!` starts.
    handle(SIGPIPE, ignore_signal);
    for (const int signal : {SIGWINCH, SIGCONT})
        handle(signal, note_redraw);
    if (pipe2(news.data(), O_CLOEXEC | O_NONBLOCK) == 0)
        interruption::set_up(restore_settings);
    // Line by line, so that errors stand where they happened when both outputs go to one file.
    setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
}

bool is_interactive() noexcept
{
    return isatty(STDIN_FILENO) == 1;
}

std::optional<std::size_t> output_width() noexcept
{
    winsize size{};
    if (isatty(STDOUT_FILENO) != 1)
        return std::nullopt;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
}

input_line read_line(std::string_view prompt)
{
    const interruptible_input reading; // from the moment that the prompt shows
    if (is_interactive()) {
        write(prompt);
        flush();
    }
    auto line = standard_input().next_line();
    if (!line && is_interactive())
        say("");
    return line;
}

libftp::result<char, no_line> read_byte(const std::function<void()>& redraw)
{
    return standard_input().next(redraw);
}

std::optional<std::string> ask(std::string_view question)
{
    auto answer = read_line(question);
    if (!is_interactive())
        say(fmt::format("{}{}", question, answer ? *answer : ""));
    return answer ? std::optional{*std::move(answer)} : std::nullopt;
}

std::optional<libftp::secret> ask_secretly(std::string_view question)
{
    if (!is_interactive())
        return std::nullopt;
    auto line = [question] {
        const no_echo silent;
        return read_line(question);
    }();
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
    check_output();
}

void write(std::string_view bytes)
{
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    check_output();
}

void flush()
{
    std::fflush(stdout);
    check_output();
}

void complain(std::string_view sentence)
{
    say_aside(fmt::format("ftp-client: {}", libftp::escape_controls(sentence)));
}

void say_aside(std::string_view line)
{
    const auto whole = fmt::format("{}\n", line);
    std::fwrite(whole.data(), 1, whole.size(), stderr); // nobody could be told that it failed
}

} // namespace terminal
