// Follows the rules of words.hpp for quotes and backslashes.
#include "command_lines.hpp"

#include "words.hpp"

#include <utility>

std::vector<std::string> split_commands(std::string_view text)
{
    std::vector<std::string> commands;
    std::string command;
    const auto finish = [&] {
        command.erase(0, command.find_first_not_of(" \t\r"));
        if (!command.empty())
            commands.push_back(std::exchange(command, {}));
    };
    quotation quotes;
    bool begins_word = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char byte = text[i];
        if (!quotes.is_open() && (byte == ';' || byte == '\n')) {
            finish();
            begins_word = true;
            continue;
        }
        quotes.changes_by(byte, std::exchange(begins_word, !quotes.is_open() && is_blank(byte)));
        command.push_back(byte);
        if (quotes.escapes_by(byte) && i + 1 < text.size())
            command.push_back(text[++i]);
    }
    finish();
    return commands;
}

std::string quote_word(std::string_view word)
{
    std::string quoted{"\""};
    for (const char byte : word) {
        if (byte == '"' || byte == '\\')
            quoted.push_back('\\');
        quoted.push_back(byte);
    }
    return quoted + '"';
}
