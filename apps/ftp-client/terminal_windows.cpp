// The terminal as Windows has it: a console with lines that it edits by itself, or pipes and files.
#include "terminal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <io.h>
#include <windows.h>

namespace terminal {

namespace {

constexpr int standard_input = 0;
constexpr int standard_output = 1;
constexpr int standard_error = 2;
constexpr std::size_t buffer_bytes = 4096;
/// Scripts that Windows' own programs have written may begin with it.
constexpr std::string_view utf_8_mark = "\xef\xbb\xbf";

UINT usual_code_page = 0;
DWORD usual_output_mode = 0;
DWORD usual_input_mode = 0;
bool settings_are_changed = false;

/// Set by Ctrl+C, for the thread that reads, whatever it waits for.
HANDLE interrupted = nullptr;
HANDLE reading_thread = nullptr;

HANDLE handle_of(int descriptor) noexcept
{
    return reinterpret_cast<HANDLE>(_get_osfhandle(descriptor));
}

/// Of a console; nothing: it is none.
std::optional<DWORD> mode_of(int descriptor) noexcept
{
    DWORD mode = 0;
    return GetConsoleMode(handle_of(descriptor), &mode) != 0 ? std::optional{mode} : std::nullopt;
}

void restore_settings()
{
    if (std::exchange(settings_are_changed, false))
        SetConsoleMode(handle_of(standard_input), usual_input_mode);
}

void restore_console()
{
    restore_settings();
    if (usual_code_page != 0)
        SetConsoleOutputCP(usual_code_page);
    if (usual_output_mode != 0)
        SetConsoleMode(handle_of(standard_output), usual_output_mode);
}

/// Output is UTF-8, and the console knows the control sequences of ECMA-48.
void set_up_console()
{
    usual_code_page = GetConsoleOutputCP();
    SetConsoleOutputCP(CP_UTF8);
    if (const auto mode = mode_of(standard_output)) {
        usual_output_mode = *mode;
        SetConsoleMode(handle_of(standard_output),
                       *mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    }
    std::atexit(restore_console);
}

class input {
public:
    libftp::result<char, no_line> next()
    {
        while (position_ == end_) {
            if (const auto filled = fill(); !filled)
                return filled.error();
        }
        return std::exchange(buffer_[position_++], '\0'); // it may be of a password
    }

    libftp::result<std::size_t> some(std::span<char> room)
    {
        is_beginning_ = false; // what looks like the mark of a script is the file's
        const auto filled = position_ == end_ ? fill() : libftp::result<void, no_line>{};
        if (!filled && filled.error() == no_line::interrupted)
            return std::make_error_code(std::errc::operation_canceled);
        if (!filled)
            return end_of_file();
        const auto count = std::min(end_ - position_, room.size());
        std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(position_), count, room.begin());
        position_ += count;
        return count;
    }

private:
    /// Whether it was one that the last call has met.
    static libftp::result<std::size_t> end_of_file()
    {
        const auto error = GetLastError();
        if (error == ERROR_SUCCESS || error == ERROR_BROKEN_PIPE || error == ERROR_HANDLE_EOF)
            return std::size_t{0};
        return std::error_code{static_cast<int>(error), std::system_category()};
    }

    libftp::result<void, no_line> fill()
    {
        if (WaitForSingleObject(interrupted, 0) == WAIT_OBJECT_0)
            return no_line::interrupted;
        SetLastError(ERROR_SUCCESS);
        const auto count = mode_of(standard_input) ? read_console() : read_bytes();
        if (count > 0) {
            end_ = count;
            position_ = is_beginning_ && std::string_view{buffer_.data(), count}.starts_with(utf_8_mark)
                            ? utf_8_mark.size()
                            : 0;
            is_beginning_ = false;
            return {};
        }
        // Ctrl+C ends the call, and is told to another thread; which of the two comes first is open.
        constexpr DWORD milliseconds = 100;
        const bool is_aborted = GetLastError() == ERROR_OPERATION_ABORTED;
        return WaitForSingleObject(interrupted, is_aborted ? milliseconds : 0) == WAIT_OBJECT_0 || is_aborted
                   ? no_line::interrupted
                   : no_line::end_of_input;
    }

    /// As UTF-8. 0: there is nothing more, or was Ctrl+C.
    std::size_t read_console()
    {
        constexpr wchar_t end_of_file = 26; // Ctrl+Z
        std::array<wchar_t, 1024> text{};
        DWORD units = 0;
        if (ReadConsoleW(handle_of(standard_input), text.data(), text.size(), &units, nullptr) == 0 || units == 0 ||
            text[0] == end_of_file)
            return 0;
        const int bytes =
            WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(units), buffer_.data(),
                                static_cast<int>(buffer_.size()), nullptr, nullptr); // three bytes for a unit at most
        SecureZeroMemory(text.data(), sizeof text);
        return static_cast<std::size_t>(bytes);
    }

    std::size_t read_bytes()
    {
        DWORD bytes = 0;
        ReadFile(handle_of(standard_input), buffer_.data(), static_cast<DWORD>(buffer_.size()), &bytes, nullptr);
        return bytes;
    }

    std::array<char, 4096> buffer_{};
    std::size_t position_ = 0;
    std::size_t end_ = 0;
    bool is_beginning_ = true;
};

input& from_standard_input()
{
    static input the_input;
    return the_input;
}

} // namespace

interruptible_input::interruptible_input()
    : stop_([] {
          SetEvent(interrupted);
          if (!is_interactive()) // a console ends the call by itself
              CancelSynchronousIo(reading_thread);
      })
{
    ResetEvent(interrupted);
}

changed_settings::changed_settings() noexcept
{
    const auto mode = mode_of(standard_input);
    if (settings_are_changed || !mode)
        return;
    usual_input_mode = *mode;
    settings_are_changed = true;
}

changed_settings::~changed_settings()
{
    restore_settings();
}

no_echo::no_echo() noexcept
{
    SetConsoleMode(handle_of(standard_input), usual_input_mode & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
}

void set_up()
{
    for (const int descriptor : {standard_input, standard_output, standard_error})
        _setmode(descriptor, _O_BINARY);
    // Without a buffer the bytes of one letter would go to the console one by one.
    for (auto* const output : {stdout, stderr})
        setvbuf(output, nullptr, _IOFBF, buffer_bytes);
    set_up_console();
    interrupted = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &reading_thread, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    interruption::set_up(restore_console);
}

bool is_interactive() noexcept
{
    return mode_of(standard_input).has_value();
}

std::optional<screen_size> output_size() noexcept
{
    CONSOLE_SCREEN_BUFFER_INFO told{};
    const auto mode = mode_of(standard_output);
    if (!mode || (*mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) == 0)
        return std::nullopt;
    if (GetConsoleScreenBufferInfo(handle_of(standard_output), &told) == 0)
        return screen_size{};
    return screen_size{static_cast<std::size_t>(std::max(told.srWindow.Right - told.srWindow.Left + 1, 1)),
                       static_cast<std::size_t>(std::max(told.srWindow.Bottom - told.srWindow.Top + 1, 1))};
}

libftp::result<char, no_line> read_byte(const std::function<void()>& /*redraw*/)
{
    return from_standard_input().next();
}

libftp::result<std::size_t> read_bytes(std::span<char> room)
{
    return from_standard_input().some(room);
}

std::error_code output_error() noexcept
{
    // Nothing else can go wrong with a pipe, and the C library has no number of its own for it.
    if (GetFileType(handle_of(standard_output)) == FILE_TYPE_PIPE)
        return std::make_error_code(std::errc::broken_pipe);
    return {errno, std::generic_category()};
}

void draw(std::string_view text) noexcept
{
    DWORD written = 0;
    WriteFile(handle_of(standard_output), text.data(), static_cast<DWORD>(text.size()), &written, nullptr);
}

} // namespace terminal
