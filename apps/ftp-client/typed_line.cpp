// Finds the first word that is not the command's.
#include "typed_line.hpp"

#include "words.hpp"

#include <algorithm>

namespace {

std::string_view trimmed(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Where the word that begins at `position` ends.
std::size_t end_of_word(std::string_view line, std::size_t position)
{
    quotation quotes;
    for (const auto begin = position; position < line.size(); ++position) {
        if (quotes.changes_by(line[position], position == begin))
            continue;
        if (quotes.escapes_by(line[position]))
            ++position;
        else if (!quotes.is_open() && is_blank(line[position]))
            break;
    }
    return std::min(position, line.size());
}

void read_program(typed_line& read, std::string_view rest)
{
    read.program = trimmed(rest);
    if (read.program.empty())
        read.fault = "There is no program behind the |.";
    // The shell would start it without the command's output, and all would seem to be well.
    else if (read.program.ends_with('&') && !read.program.ends_with("\\&"))
        read.fault = "A line with a | cannot run in the background.";
}

void read_file(typed_line& read, std::string_view rest)
{
    read.appends = rest.starts_with('>');
    if (read.appends)
        rest.remove_prefix(1);
    const auto words = split_words(rest);
    if (words && words->size() == 1 && !words->front().empty())
        read.file = words->front();
    else
        read.fault = "One file has to be behind the >; one with blanks in its name in quotes.";
}

} // namespace

typed_line split_line(std::string_view line)
{
    typed_line read;
    for (std::size_t i = 0; (i = line.find_first_not_of(blanks, i)) != std::string_view::npos;
         i = end_of_word(line, i)) {
        read.command = line.substr(0, i);
        const auto rest = line.substr(i + 1);
        if (line[i] == '|')
            read_program(read, rest);
        else if (line[i] == '>')
            read_file(read, rest);
        else if (line[i] == '&' && trimmed(rest).empty())
            read.is_background = true;
        else
            continue;
        read.command = trimmed(read.command);
        return read;
    }
    read.command = line;
    return read;
}
