// Standard input and output: a person at a terminal, or a script and its transcript.
#pragma once

#include "interruption.hpp"

#include <libftp/result.hpp>
#include <libftp/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace terminal {

/// Why there is no line.
enum class no_line : std::uint8_t {
    end_of_input,
    interrupted, ///< By Ctrl+C.
};
using input_line = libftp::result<std::string, no_line>;

/// Makes SIGTERM and SIGHUP, and SIGINT where there is no interruption, leave the program with 128 + signal and with
/// the terminal as it was, and a closed pipe or connection an ordinary error. What the program was started without of
/// its standard input and outputs is not taken for something else.
void set_up();

/// Whether a person types the input; else it is a script.
bool is_interactive() noexcept;

struct screen_size {
    std::size_t columns = 80;
    std::size_t rows = 24;
};
/// Nothing if standard output is no terminal, or none that can do what those of today do (ECMA-48).
std::optional<screen_size> output_size() noexcept;
/// Its columns.
std::optional<std::size_t> output_width() noexcept;

/// The next line of input, without its end. The prompt is for a person only.
input_line read_line(std::string_view prompt);
/// While one lives, Ctrl+C ends read_byte(), also if it comes between two of them.
class interruptible_input {
public:
    interruptible_input();

private:
    interruption stop_;
};

/// The next byte that is typed at a terminal. Meanwhile `redraw` is run when the terminal may show, or be, something
/// else than before: its size has changed, or the program was stopped (Ctrl+Z) and goes on.
libftp::result<char, no_line> read_byte(const std::function<void()>& redraw);

/// Bytes of standard input that is no script, as many as there are; waits for the first. 0: the end.
/// std::errc::operation_canceled: Ctrl+C, while there is an interruptible_input.
libftp::result<std::size_t> read_bytes(std::span<char> room);

/// Asks a question; in a script the next line is the answer. Nothing at the end of input, and after Ctrl+C.
std::optional<std::string> ask(std::string_view question);
/// Asks a person, who sees nothing of the answer. Nothing at the end of input, after Ctrl+C, and in a script.
std::optional<libftp::secret> ask_secretly(std::string_view question);

/// Prints a line. What a peer or a file system named has to be escaped before. This and the next two throw
/// output_closed and output_failed.
void say(std::string_view line);
/// Prints bytes as they are.
void write(std::string_view bytes);
/// Has everything written where it goes to.
void flush();
/// Why the last write to standard output failed, if it did; std::errc::broken_pipe: nobody takes it any more.
std::error_code output_error() noexcept;
/// Has a terminal show this at once, past what is yet to be written. It may fail.
void draw(std::string_view text) noexcept;
/// Prints a sentence on standard error, with control bytes escaped.
void complain(std::string_view sentence);
/// Prints a line on standard error, as it is.
void say_aside(std::string_view line);

/// Nobody takes the output any more.
struct output_closed : std::runtime_error {
    output_closed() : std::runtime_error("nobody takes the output") {}
};

/// The output cannot be written, such as to a disk that is full.
struct output_failed : std::system_error {
    explicit output_failed(std::error_code why) : std::system_error(why, "the output cannot be written") {}
};

/// While one lives the terminal may have other settings; a signal that ends the program brings back those that were.
class changed_settings {
public:
    changed_settings() noexcept;
    ~changed_settings();
    changed_settings(const changed_settings&) = delete;
    changed_settings& operator=(const changed_settings&) = delete;
};

/// While one lives, what is typed is not shown.
class no_echo {
public:
    no_echo() noexcept;

private:
    changed_settings changed_;
};

} // namespace terminal
