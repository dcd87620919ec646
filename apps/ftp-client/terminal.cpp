// Reads lines until Ctrl+C, and keeps the order of the two outputs. What each kind of system does in its own way is in
// terminal_*.cpp.
#include "terminal.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace terminal {

namespace {

input_line next_line()
{
    std::string line;
    while (true) {
        const auto byte = read_byte([] {});
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

void check_output()
{
    if (std::ferror(stdout) == 0)
        return;
    const auto error = output_error();
    std::clearerr(stdout);
    if (error == std::errc::broken_pipe)
        throw output_closed{};
    throw output_failed{error};
}

} // namespace

std::optional<std::size_t> output_width() noexcept
{
    const auto size = output_size();
    return size ? std::optional{size->columns} : std::nullopt;
}

input_line read_line(std::string_view prompt)
{
    const interruptible_input reading; // from the moment that the prompt shows
    if (is_interactive()) {
        write(prompt);
        flush();
    }
    auto line = next_line();
    if (!line && is_interactive())
        say("");
    return line;
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
    flush();
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
    std::fflush(stderr);
}

} // namespace terminal
