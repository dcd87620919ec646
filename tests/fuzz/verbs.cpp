// Prints the verbs of the command table as a dictionary for libFuzzer.
#include <libftp/protocol/command_table.hpp>

#include <fmt/format.h>

int main()
{
    for (const auto& row : libftp::command_table())
        fmt::print("\"{} \"\n", row.text);
}
