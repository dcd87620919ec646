// Programs as Windows starts them, by the command interpreter.
#include "programs.hpp"

#include <cstdlib>

#include <io.h>

namespace programs {

namespace {

constexpr int standard_output = 1;
constexpr const char* file_variable = "LIBFTP_FILE";

/// The interpreter takes the outermost quotation marks for its own.
std::string whole(const std::string& line)
{
    return '"' + line + '"';
}

} // namespace

const std::string_view shell = "%COMSPEC%";
const std::string_view pager = "more";
const std::string_view editor = "notepad";

bool run(const std::string& line)
{
    return std::system(whole(line).c_str()) == 0;
}

bool run_on_file(const std::string& line, const std::string& file)
{
    // Within quotation marks the interpreter still replaces the names of variables, but not those in their values, and
    // no name of a file has a quotation mark here.
    _putenv_s(file_variable, file.c_str());
    return run(line + " \"%" + file_variable + "%\"");
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
