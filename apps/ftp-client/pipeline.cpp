// Puts another descriptor in the place of standard output, so that programs that a command starts agree on it.
#include "pipeline.hpp"

#include "programs.hpp"
#include "terminal.hpp"
#include "transfers.hpp"
#include "user_files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace {

outcome run_into(session& s, std::FILE* target, const std::function<outcome()>& command)
try {
    const programs::redirected_output redirected{target};
    const data_output data{s.out};
    const auto result = command();
    terminal::flush();
    return result;
} catch (const terminal::output_closed&) { // the program has seen enough
    return outcome::done;
} catch (const terminal::output_failed& failure) {
    return s.refuse(cause::local, fmt::format("The output cannot be written: {}", failure.code().message()));
}

outcome run_into_program(session& s, const std::string& program, const std::function<outcome()>& command)
{
    std::fflush(nullptr);
    auto* const pipe = programs::start(program);
    if (pipe == nullptr)
        return s.refuse(cause::local,
                        fmt::format("The local program {}: {}", program, std::generic_category().message(errno)));
    const auto result = run_into(s, pipe, command);
    const bool has_succeeded = programs::finish(pipe);
    if (result == outcome::done && !has_succeeded)
        return s.refuse(cause::local, "The local command failed.");
    return result;
}

outcome run_into_file(session& s, const typed_line& line, const std::function<outcome()>& command)
{
    const auto mode = line.appends ? programs::output_mode::append : programs::output_mode::replace;
    auto* const file = programs::open_output(s.local(expand_home(line.file)), mode);
    if (file == nullptr)
        return refuse_local(s, line.file, {errno, std::generic_category()});
    const auto result = run_into(s, file, command);
    if (std::fclose(file) != 0)
        return refuse_local(s, line.file, {errno, std::generic_category()});
    return result;
}

} // namespace

outcome run_with_output(session& s, const typed_line& line, const std::function<outcome()>& command)
{
    if (!line.program.empty())
        return run_into_program(s, line.program, command);
    return line.file.empty() ? command() : run_into_file(s, line, command);
}
