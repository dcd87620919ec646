// Reads a file at once, and replaces one by renaming another over it.
#include "small_file.hpp"

#include "system_calls.hpp"

#include <memory>
#include <system_error>

namespace libftp::net {

namespace {

constexpr std::size_t max_bytes = 1024 * 1024;

class descriptor {
public:
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { close_file(number_); }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

/// The file is closed: Windows renames none that is open.
result<void> write_to_disk(int number, std::string_view content)
{
    const descriptor file{number};
    while (!content.empty()) {
        const auto written = write_some(file.number(), content);
        if (!written)
            return written.error();
        content.remove_prefix(*written);
    }
    return flush_to_disk(file.number());
}

} // namespace

result<secret> read_small_file(const std::string& path)
{
    const auto opened = open_to_read(path);
    if (!opened)
        return opened.error();
    const descriptor file{*opened};
    const auto buffer = std::make_unique_for_overwrite<char[]>(max_bytes);
    std::size_t filled = 0;
    while (filled < max_bytes) {
        const auto got = read_some(file.number(), {&buffer[filled], max_bytes - filled});
        if (!got) {
            wipe(buffer.get(), filled);
            return got.error();
        }
        if (*got == 0)
            break;
        filled += *got;
    }
    secret content{{buffer.get(), filled}};
    wipe(buffer.get(), filled);
    if (filled == max_bytes)
        return std::make_error_code(std::errc::file_too_large);
    return content;
}

result<void> replace_small_file(const std::string& path, std::string_view content)
{
    auto beside = path;
    const auto opened = create_beside(beside);
    if (!opened)
        return opened.error();
    auto done = write_to_disk(*opened, content);
    if (done)
        done = rename_over(beside, path);
    if (!done)
        remove_file(beside);
    return done;
}

} // namespace libftp::net
