// Programs as POSIX starts them.
#include "programs.hpp"

#include <cstdlib>

#include <fcntl.h>
#include <unistd.h>

namespace programs {

namespace {

/// Editors and pagers have keys that are Ctrl+C to the shell that waits for them: it is not to die of that behind them,
/// which would be a failure.
std::string with_steady_shell(const std::string& line)
{
    return "trap : INT; " + line;
}

} // namespace

const std::string_view shell = "exec \"${SHELL:-/bin/sh}\"";
const std::string_view pager = "less";
const std::string_view editor = "vi";

bool run(const std::string& line)
{
    return std::system(line.c_str()) == 0;
}

bool run_on_file(const std::string& line, const std::string& file)
{
    std::string word;
    for (const char byte : file)
        word += byte == '\'' ? std::string{"'\\''"} : std::string{byte};
    return run(with_steady_shell(line + " '" + word + '\''));
}

std::FILE* start(const std::string& line)
{
    return popen(with_steady_shell(line).c_str(), "we");
}

bool finish(std::FILE* input)
{
    return pclose(input) == 0;
}

std::FILE* open_output(const std::string& path, output_mode mode)
{
    return std::fopen(path.c_str(), mode == output_mode::append ? "ae" : "we");
}

redirected_output::redirected_output(std::FILE* target)
{
    std::fflush(stdout);
    before_ = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    dup2(fileno(target), STDOUT_FILENO);
}

redirected_output::~redirected_output()
{
    std::fflush(stdout);
    std::clearerr(stdout);
    dup2(before_, STDOUT_FILENO);
    close(before_);
}

void hide_variable(const char* name)
{
    unsetenv(name);
}

} // namespace programs
