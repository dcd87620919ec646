// Programs as Windows starts them, by the command interpreter.
#include "programs.hpp"

#include <cstdlib>

#include <io.h>

namespace programs {

namespace {

constexpr int standard_output = 1;

/// The interpreter takes the outermost quotation marks for its own.
std::string whole(const std::string& line)
{
    return '"' + line + '"';
}

} // namespace

const std::string_view shell = "%COMSPEC%";
const std::string_view pager = "more";
const std::string_view editor = "notepad";

std::string quoted(std::string_view word)
{
    return whole(std::string{word}); // no name of a file has a quotation mark here
}

bool run(const std::string& line)
{
    return std::system(whole(line).c_str()) == 0;
}

std::FILE* start(const std::string& line)
{
    return _popen(whole(line).c_str(), "wb");
}

bool finish(std::FILE* input)
{
    return _pclose(input) == 0;
}

std::FILE* open_output(const std::string& path, output_mode mode)
{
    return std::fopen(path.c_str(), mode == output_mode::append ? "ab" : "wb");
}

redirected_output::redirected_output(std::FILE* target)
{
    std::fflush(stdout);
    before_ = _dup(standard_output);
    _dup2(_fileno(target), standard_output);
}

redirected_output::~redirected_output()
{
    std::fflush(stdout);
    std::clearerr(stdout);
    _dup2(before_, standard_output);
    _close(before_);
}

void hide_variable(const char* name)
{
    _putenv_s(name, "");
}

} // namespace programs
