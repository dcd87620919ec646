// Turns what the kernel cannot into a remark, or with --confine=on into an end.
#include "confinement.hpp"

#include "call_filter.hpp"

#include <fmt/format.h>

#include <stdexcept>

bool confinement::limit_files(const std::optional<reachable_files>& files)
{
    return note(files_, files ? confine_files(*files, others_) : "the homes of PAM's accounts may be anywhere",
                "to its files by Landlock");
}

void confinement::filter_calls()
{
    if (is_wanted())
        note(calls_, filter_system_calls(others_), "to its system calls by seccomp");
}

bool confinement::note(std::string& outcome, const std::optional<std::string>& obstacle, const char* done) const
{
    if (obstacle && mode_ == confinement_mode::on)
        throw std::runtime_error(
            fmt::format("cannot be confined {}: {}. --confine=auto does without what is not there.", done, *obstacle));
    outcome = obstacle ? fmt::format("not {} ({})", done, *obstacle) : done;
    return !obstacle;
}

std::string confinement::describe() const
{
    if (!is_wanted())
        return "The server is not confined (--confine=off).";
    return fmt::format("The server is confined {} and {}.", files_, calls_);
}
