// What ftp-server itself has to say to whoever runs it.
#pragma once

#include <string_view>

/// Prints text, with the line ends that it has, at once: to standard output unless that is left to a program.
void print_notice(std::string_view text);

/// From now on notices go to standard error: standard output has lines for programs only.
void leave_standard_output();
