// The terminal as POSIX has it (termios), and its signals.
#include "terminal.hpp"

#include <algorithm>
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

    libftp::result<std::size_t> some(std::span<char> room)
    {
        if (position_ != end_) {
            const auto count = std::min(end_ - position_, room.size());
            std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(position_), count, room.begin());
            position_ += count;
            return count;
        }
        const auto waited = wait_for_input([] {});
        if (!waited && waited.error() == no_line::interrupted)
            return std::make_error_code(std::errc::operation_canceled);
        const auto count = read(STDIN_FILENO, room.data(), room.size());
        if (count < 0)
            return std::error_code{errno, std::generic_category()};
        return static_cast<std::size_t>(count);
    }

private:
    static libftp::result<void, no_line> wait_for_input(const std::function<void()>& redraw)
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
        return {};
    }

    libftp::result<void, no_line> fill(const std::function<void()>& redraw)
    {
        if (const auto waited = wait_for_input(redraw); !waited)
            return waited.error();
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
    static input the_input;
    return the_input;
}

void forget_news()
{
    for (char old = 0; read(news[0], &old, 1) == 1;) {
    }
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

no_echo::no_echo() noexcept
{
    auto silent = usual_settings;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= NOFLSH; // else Ctrl+C may throw away what is said right after it
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
}

void set_up()
{
    fill_missing_descriptors();
    for (const int signal : {SIGTERM, SIGHUP})
        handle(signal, leave_by_signal);
    // A handler, because what is ignored by SIG_IGN would also be ignored in the programs that `!` starts.
    handle(SIGPIPE, ignore_signal);
    handle(SIGXFSZ, ignore_signal); // a file that may not become larger is an error like a full disk
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

std::optional<screen_size> output_size() noexcept
{
    winsize told{};
    if (isatty(STDOUT_FILENO) != 1)
        return std::nullopt;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &told) != 0 || told.ws_col == 0 || told.ws_row == 0)
        return screen_size{};
    return screen_size{told.ws_col, told.ws_row};
}

libftp::result<char, no_line> read_byte(const std::function<void()>& redraw)
{
    return standard_input().next(redraw);
}

libftp::result<std::size_t> read_bytes(std::span<char> room)
{
    return standard_input().some(room);
}

std::error_code output_error() noexcept
{
    return {errno, std::generic_category()};
}

void draw(std::string_view text) noexcept
{
    static_cast<void>(!::write(STDOUT_FILENO, text.data(), text.size()));
}

} // namespace terminal
