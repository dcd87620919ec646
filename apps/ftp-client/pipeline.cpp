// Puts another descriptor in the place of standard output, so that programs that a command starts agree on it.
#include "pipeline.hpp"

#include "terminal.hpp"
#include "user_files.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <system_error>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace {

class redirected_output {
public:
    explicit redirected_output(int target)
    {
        std::fflush(stdout);
        before_ = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
        dup2(target, STDOUT_FILENO);
    }
    ~redirected_output()
    {
        std::fflush(stdout);
        std::clearerr(stdout);
        dup2(before_, STDOUT_FILENO);
        close(before_);
    }
    redirected_output(const redirected_output&) = delete;
    redirected_output& operator=(const redirected_output&) = delete;

private:
    int before_ = -1;
};

outcome run_into(session& s, int target, const std::function<outcome()>& command)
try {
    const redirected_output redirected{target};
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
    auto* const pipe = popen(program.c_str(), "we");
    if (pipe == nullptr)
        return s.refuse(cause::local,
                        fmt::format("The local program {}: {}", program, std::generic_category().message(errno)));
    const auto result = run_into(s, fileno(pipe), command);
    const auto status = pclose(pipe);
    if (result == outcome::done && status != 0)
        return s.refuse(cause::local, "The local command failed.");
    return result;
}

outcome run_into_file(session& s, const typed_line& line, const std::function<outcome()>& command)
{
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (line.appends ? O_APPEND : O_TRUNC);
    const int file = ::open(s.local(expand_home(line.file)).c_str(), flags, 0666);
    if (file < 0)
        return s.refuse(cause::local,
                        fmt::format("The local file {}: {}", line.file, std::generic_category().message(errno)));
    const auto result = run_into(s, file, command);
    if (close(file) != 0)
        return s.refuse(cause::local,
                        fmt::format("The local file {}: {}", line.file, std::generic_category().message(errno)));
    return result;
}

} // namespace

outcome run_with_output(session& s, const typed_line& line, const std::function<outcome()>& command)
{
    if (!line.program.empty())
        return run_into_program(s, line.program, command);
    return line.file.empty() ? command() : run_into_file(s, line, command);
}
