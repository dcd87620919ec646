// Help of a program in pages that fit a screen, and its man page, both made from the same CLI::App.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

/// One page of help: some text, and below it the options of one group. Either may be empty.
struct help_topic {
    std::string name{};    ///< What the user types: one word.
    std::string group{};   ///< CLI11's name of the group, and the title of the page.
    std::string summary{}; ///< For the list of topics; half a line.
    /// Each line is a paragraph, which is wrapped; lines that begin with a space are shown as they are.
    std::string text{};
};

struct help_contents {
    std::string version{}; ///< Such as `libftp 1.0`, for the foot of the man page.
    std::string purpose{}; ///< A few words for the name line of the man page, without a period.
    std::string usage{};   ///< One line for each form of the command line.
    std::string examples{};
    std::vector<help_topic> topics{};
};

/// The first page has the usage, the examples, the commands, the options of no topic and the list of topics. An option
/// is shown with its option_text(), if it has one.
class help_pages {
public:
    /// Makes the page of `--help` for the app and for its commands. The app must have its help flag, and gets a hidden
    /// `--man` and `--completion`. Both must live as long as this.
    help_pages(CLI::App& app, help_contents contents);

    /// What is asked for by arguments that begin with `help [TOPIC]`, `--help TOPIC`, `--man` or `--completion SHELL`;
    /// nothing if they do not. A topic is also a command, whose words follow one another. Throws CLI::ValidationError
    /// if there is no such topic or shell.
    [[nodiscard]] std::optional<std::string> asked_by(int argc, const char* const* argv) const;

    [[nodiscard]] std::string first_page() const;
    /// Throws CLI::ValidationError if there is no such topic.
    [[nodiscard]] std::string page(const std::vector<std::string>& words) const;
    /// In roff, for man(1).
    [[nodiscard]] std::string manual() const;

private:
    const CLI::App& app_;
    help_contents contents_;
};
