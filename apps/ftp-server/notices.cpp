// Chooses between standard output and standard error.
#include "notices.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>

namespace {

std::atomic<bool> is_output_left = false;

} // namespace

void print_notice(std::string_view text)
{
    auto* const place = is_output_left ? stderr : stdout;
    fmt::print(place, "{}", text);
    std::fflush(place);
}

void leave_standard_output()
{
    is_output_left = true;
}
