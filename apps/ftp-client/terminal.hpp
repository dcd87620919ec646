// Standard input and output: a person at a terminal, or a script and its transcript.
#pragma once

#include <libftp/secret.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace terminal {

/// Makes SIGINT, SIGTERM and SIGHUP leave the program with 128 + signal and with the terminal as it was, and a closed
/// pipe or connection an ordinary error.
void set_up();

/// Whether a person types the input; else it is a script.
bool is_interactive() noexcept;

/// The next line of input, without its end; nothing at the end of input. The prompt is for a person only.
std::optional<std::string> read_line(std::string_view prompt);
/// Writes into a script's transcript what a person would have typed.
void echo(std::string_view prompt, std::string_view line);

/// Asks a question; in a script the next line is the answer. Nothing at the end of input.
std::optional<std::string> ask(std::string_view question);
/// Asks a person, who sees nothing of the answer. Nothing at the end of input, and in a script.
std::optional<libftp::secret> ask_secretly(std::string_view question);

/// Prints a line. What a peer or a file system named has to be escaped before. Throws std::runtime_error if the output
/// is closed.
void say(std::string_view line);
/// Prints a sentence on standard error, with control bytes escaped.
void complain(std::string_view sentence);

} // namespace terminal
