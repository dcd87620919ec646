// Follows the rules of words.hpp for quotes and backslashes.
#include "command_lines.hpp"

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
    bool in_quotes = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char byte = text[i];
        if (!in_quotes && (byte == ';' || byte == '\n')) {
            finish();
            continue;
        }
        if (byte == '"')
            in_quotes = !in_quotes;
        command.push_back(byte);
        if (byte == '\\' && i + 1 < text.size())
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
