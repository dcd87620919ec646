// How the client driver's files are made and compared.
#include "client_driver_files.hpp"

#include "client_driver.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <random>
#include <system_error>
#include <vector>

namespace driver {

namespace fs = std::filesystem;

std::string noise(std::size_t size, unsigned seed)
{
    std::mt19937_64 chance{seed};
    std::vector<std::uint64_t> words(size / sizeof(std::uint64_t) + 1);
    std::ranges::generate(words, chance);
    std::string bytes(size, '\0');
    std::memcpy(bytes.data(), words.data(), size);
    return bytes;
}

void write_file(const fs::path& path, std::string_view content)
{
    fs::create_directories(path.parent_path());
    std::ofstream file{path, std::ios::binary};
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!file.flush())
        throw failed_check{path.string() + " cannot be written"};
}

std::string read_file(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string content(fs::file_size(path), '\0');
    if (!file.read(content.data(), static_cast<std::streamsize>(content.size())))
        throw failed_check{path.string() + " cannot be read"};
    return content;
}

libftp::file_time modified_of(const fs::path& path)
{
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
        throw std::system_error{errno, std::generic_category(), path.string()};
    return libftp::file_time{std::chrono::seconds{facts.st_mtim.tv_sec} +
                             std::chrono::nanoseconds{facts.st_mtim.tv_nsec}};
}

void set_modified(const fs::path& path, libftp::file_time time)
{
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const timespec stamp{whole.time_since_epoch().count(), static_cast<long>((time - whole).count())};
    const std::array<timespec, 2> stamps{stamp, stamp};
    if (::utimensat(AT_FDCWD, path.c_str(), stamps.data(), 0) != 0)
        throw std::system_error{errno, std::generic_category(), path.string()};
}

std::map<std::string, std::string> contents(const fs::path& folder)
{
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        all[entry.path().lexically_relative(folder).string()] =
            entry.is_directory() ? "directory" : "file " + read_file(entry.path());
    }
    return all;
}

void check_same(const fs::path& found, const fs::path& wanted, const std::string& what)
{
    const auto here = contents(found);
    const auto there = contents(wanted);
    const auto fail = [&](const std::string& name, const std::string& why) {
        throw failed_check{what + ": '" + name + "' in " + found.string() + ' ' + why};
    };
    for (const auto& [name, content] : there) {
        const auto match = here.find(name);
        if (match == here.end())
            fail(name, "is missing");
        if (match->second != content)
            fail(name, "differs from the one in " + wanted.string());
    }
    for (const auto& [name, content] : here) {
        if (!there.contains(name))
            fail(name, "should not be there");
    }
    check(true, what);
}

void check_empty(const fs::path& folder, const std::string& what)
{
    for (const auto& entry : fs::directory_iterator{folder})
        throw failed_check{what + ": there is " + entry.path().string()};
    check(true, what);
}

namespace sparse {

namespace {

constexpr std::string_view block = "a block that is not of zeros";
constexpr std::array<std::uint64_t, 5> blocks{0, 700'000'001, two_gib / 2, two_gib - 5, size - block.size()};

} // namespace

void make(const fs::path& path)
{
    write_file(path, {});
    fs::resize_file(path, size);
    std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
    for (const auto at : blocks) {
        file.seekp(static_cast<std::streamoff>(at));
        file.write(block.data(), static_cast<std::streamsize>(block.size()));
    }
    if (!file.flush())
        throw failed_check{path.string() + " cannot be written"};
}

bool agrees(std::uint64_t offset, std::string_view bytes)
{
    std::string wanted(bytes.size(), '\0');
    for (const auto at : blocks) {
        const auto begin = std::max(at, offset);
        const auto end = std::min<std::uint64_t>(at + block.size(), offset + bytes.size());
        if (begin < end)
            wanted.replace(begin - offset, end - begin, block.substr(begin - at, end - begin));
    }
    return bytes == wanted;
}

void check_file(const fs::path& path, const std::string& what)
{
    check_equal(fs::file_size(path), size, what + ": the size");
    std::ifstream file{path, std::ios::binary};
    std::string piece(1'000'000, '\0');
    for (std::uint64_t offset = 0; offset < size;) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        const auto count = static_cast<std::size_t>(file.gcount());
        if (count == 0 || !agrees(offset, std::string_view{piece}.substr(0, count)))
            throw failed_check{what + ": the bytes behind " + std::to_string(offset) + " are wrong"};
        offset += count;
    }
    check(true, what);
}

} // namespace sparse

} // namespace driver
