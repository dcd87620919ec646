// Whole files at once, by the library's own reader and writer of single files.
#include "files.hpp"

#include <libftp/store/single_file.hpp>

#include <array>

#include <sys/stat.h>

using namespace libftp;

namespace {

class private_umask {
public:
    private_umask() : before_(umask(077)) {}
    ~private_umask() { umask(before_); }
    private_umask(const private_umask&) = delete;
    private_umask& operator=(const private_umask&) = delete;

private:
    mode_t before_;
};

} // namespace

result<std::string> read_file(const std::string& path)
{
    auto file = open_local_file(path);
    if (!file)
        return file.error();
    std::string text;
    std::array<char, 4096> piece;
    while (true) {
        const auto n = (*file)->read(piece);
        if (!n)
            return n.error();
        if (*n == 0)
            return text;
        text.append(piece.data(), *n);
    }
}

result<void> write_secret_file(const std::string& path, std::string_view text)
{
    const private_umask nobody_else;
    auto file = create_local_file(path);
    if (!file)
        return file.error();
    if (auto written = (*file)->write(text); !written)
        return written;
    return (*file)->commit();
}
