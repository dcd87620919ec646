// Programs of the system that this one starts: what they are called, and where their input comes from.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace programs {

/// For who has named none: a shell to type at, what shows text by pages, what edits it. Command lines.
extern const std::string_view shell;
extern const std::string_view pager;
extern const std::string_view editor;

/// Has the system's shell run a command line. Returns whether it succeeded.
bool run(const std::string& line);
/// The same with a file's name as the last word, whatever is in it.
bool run_on_file(const std::string& line, const std::string& file);

/// The same, by what is written to the stream; nullptr: errno says why.
std::FILE* start(const std::string& line);
/// Waits for the end of it. Returns whether it succeeded.
bool finish(std::FILE* input);

enum class output_mode : std::uint8_t { replace, append };
/// A file that programs which are started meanwhile do not have open; nullptr: errno says why.
std::FILE* open_output(const std::string& path, output_mode mode);

/// While one lives, standard output is where a stream's bytes go, for programs too.
class redirected_output {
public:
    explicit redirected_output(std::FILE* target);
    ~redirected_output();
    redirected_output(const redirected_output&) = delete;
    redirected_output& operator=(const redirected_output&) = delete;

private:
    int before_ = -1;
};

/// Programs do not inherit this variable of the environment; it is gone here, too.
void hide_variable(const char* name);

} // namespace programs
