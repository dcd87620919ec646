// The local directory is the process's working directory, so that every local name and every program agrees on it.
#include "local_commands.hpp"

#include "local_names.hpp"
#include "programs.hpp"
#include "user_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace fs = std::filesystem;

namespace commands {

namespace {

outcome refuse_path(session& s, const fs::path& path, const std::error_code& error)
{
    return s.refuse(cause::local, fmt::format("The local directory {}: {}", to_name(path), error.message()));
}

std::string listing_line(const fs::directory_entry& entry)
{
    std::error_code error;
    const auto name = libftp::escape_controls(to_name(entry.path().filename()));
    if (entry.is_directory(error))
        return fmt::format("{:>14}  {}/", "", name);
    const auto size = entry.file_size(error);
    return fmt::format("{:>14}  {}", error ? "?" : std::to_string(size), name);
}

} // namespace

outcome local_cd(session& s, const typed_command& typed)
{
    const bool goes_back = typed.arguments[0] == "-";
    if (goes_back && s.local_directory_before.empty())
        return s.refuse(cause::usage, "There is no directory before this one.");
    const auto path = goes_back ? s.local_directory_before : to_path(expand_home(typed.arguments[0]));
    std::error_code error;
    fs::current_path(path, error);
    if (error)
        return refuse_path(s, goes_back ? path : to_path(typed.arguments[0]), error);
    s.local_directory_before = std::exchange(s.local_directory, fs::current_path(error));
    return local_pwd(s, typed);
}

outcome local_ls(session& s, const typed_command& typed)
{
    const auto path = to_path(typed.arguments.empty() ? "." : expand_home(typed.arguments[0]));
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator i{path, error}; !error && i != fs::directory_iterator{}; i.increment(error))
        entries.push_back(*i);
    if (error)
        return refuse_path(s, path, error);
    std::sort(entries.begin(), entries.end());
    for (const auto& entry : entries)
        s.out.print(listing_line(entry));
    return outcome::done;
}

outcome local_pwd(session& s, const typed_command&)
{
    std::error_code error;
    const auto path = fs::current_path(error);
    if (error)
        return refuse_path(s, ".", error);
    s.out.print(libftp::escape_controls(to_name(path)));
    return outcome::done;
}

outcome run_program(session& s, const typed_command& typed)
{
    const auto line = typed.arguments.empty() ? std::string{programs::shell} : typed.arguments[0];
    return programs::run(line) ? outcome::done : s.refuse(cause::local, "The local command failed.");
}

} // namespace commands
