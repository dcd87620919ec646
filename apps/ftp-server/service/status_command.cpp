// Prints the answer once, or again and again over the same screen.
#include "status_command.hpp"

#include "control_socket.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include <unistd.h>

namespace {

constexpr unsigned seconds_between = 1;
/// To the top left corner, with what is there cleared line by line; lines that are too long are cut.
constexpr std::string_view over_the_screen = "\x1b[?7l\x1b[H";
constexpr std::string_view clear_line = "\x1b[K";
constexpr std::string_view clear_below = "\x1b[J\x1b[?7h";

[[noreturn]] void watch(const status_options& options)
{
    fmt::print("\x1b[2J");
    while (true) {
        std::string screen{over_the_screen};
        for (const char byte : ask_control_socket(options.control_socket, "status")) {
            if (byte == '\n')
                screen += clear_line;
            screen += byte;
        }
        screen += clear_below;
        fmt::print("{}", screen);
        std::fflush(stdout);
        ::sleep(seconds_between);
    }
}

} // namespace

void show_status(const status_options& options)
{
    if (options.shown == status_options::form::watch)
        watch(options);
    const auto* request = options.shown == status_options::form::json ? "status --json" : "status";
    fmt::print("{}", ask_control_socket(options.control_socket, request));
}
