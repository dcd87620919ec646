// Reads a file at once, and replaces one by renaming another over it.
#include "small_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace libftp::net {

namespace {

constexpr std::size_t max_bytes = 1024 * 1024;

std::error_code last_error()
{
    return {errno, std::system_category()};
}

class descriptor {
public:
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor()
    {
        if (number_ != -1)
            ::close(number_);
    }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

result<void> write_all(int file, std::string_view content)
{
    while (!content.empty()) {
        const auto written = ::write(file, content.data(), content.size());
        if (written < 0 && errno != EINTR)
            return last_error();
        if (written > 0)
            content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file) == -1)
        return last_error();
    return {};
}

} // namespace

result<secret> read_small_file(const std::string& path)
{
    const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.number() == -1)
        return last_error();
    const auto buffer = std::make_unique_for_overwrite<char[]>(max_bytes);
    std::size_t filled = 0;
    while (filled < max_bytes) {
        const auto got = ::read(file.number(), &buffer[filled], max_bytes - filled);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            const auto error = last_error();
            wipe(buffer.get(), filled);
            return error;
        }
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    secret content{{buffer.get(), filled}};
    wipe(buffer.get(), filled);
    if (filled == max_bytes)
        return std::make_error_code(std::errc::file_too_large);
    return content;
}

result<void> replace_small_file(const std::string& path, std::string_view content)
{
    auto beside = path + ".XXXXXX";
    const descriptor file{::mkostemp(beside.data(), O_CLOEXEC)};
    if (file.number() == -1)
        return last_error();
    auto done = write_all(file.number(), content);
    if (done && std::rename(beside.c_str(), path.c_str()) == -1)
        done = last_error();
    if (!done)
        ::unlink(beside.c_str());
    return done;
}

} // namespace libftp::net
