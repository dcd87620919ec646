// What ftp-server itself has to say to whoever runs it.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

/// Prints text, with the line ends that it has, at once: to standard output unless that is left to a program.
void print_notice(std::string_view text);
template <class... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    print_notice(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// From now on notices go to standard error: standard output has lines for programs only.
void leave_standard_output();
