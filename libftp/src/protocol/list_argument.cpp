// Parts the options of ls from the path behind them.
#include <libftp/protocol/list_argument.hpp>

#include <algorithm>

namespace libftp {

namespace {

void take_option(list_options& options, char letter) noexcept
{
    switch (letter) {
    case 'a': options.shows_dots = true; break;
    case 'l':
        options.is_long = true;
        options.is_short = false;
        break;
    case '1':
        options.is_short = true;
        options.is_long = false;
        break;
    case 'R': options.is_recursive = true; break;
    case 'r': options.is_reversed = true; break;
    case 'd': options.lists_itself = true; break;
    case 'F': options.marks_types = true; break;
    case 't': options.order = list_order::by_time; break;
    case 'S': options.order = list_order::by_size; break;
    default: break;
    }
}

} // namespace

list_argument parse_list_argument(std::string_view text) noexcept
{
    list_argument argument;
    while (text.size() > 1 && text.starts_with('-') && !text.starts_with("- ")) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size());
        if (word == "--") {
            text.remove_prefix(std::min<std::size_t>(1, text.size()));
            break;
        }
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        // Long options such as --color mean nothing here; their letters are not options.
        if (word.starts_with("--"))
            continue;
        for (const char letter : word)
            take_option(argument.options, letter);
    }
    argument.path = text;
    return argument;
}

} // namespace libftp
