// Files of the client driver: their contents, and how two sides are compared.
#pragma once

#include <libftp/protocol/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace driver {

/// Bytes of every value, others for another seed.
std::string noise(std::size_t size, unsigned seed);

void write_file(const std::filesystem::path& path, std::string_view content);
std::string read_file(const std::filesystem::path& path);
libftp::file_time modified_of(const std::filesystem::path& path);
void set_modified(const std::filesystem::path& path, libftp::file_time time);

/// All that is below a folder, by its path from there: the content of files, a word for directories.
std::map<std::string, std::string> contents(const std::filesystem::path& folder);
/// A check that two folders hold the same.
void check_same(const std::filesystem::path& found, const std::filesystem::path& wanted, const std::string& what);
/// A check that there is nothing in the folder.
void check_empty(const std::filesystem::path& folder, const std::string& what);

/// A file of zeros but for a few blocks, one of them across 2 GiB, which takes hardly any room on the disk.
namespace sparse {

constexpr std::uint64_t two_gib = std::uint64_t{1} << 31U;
constexpr std::uint64_t size = two_gib + 8'009;

void make(const std::filesystem::path& path);
/// Whether these bytes are those at the offset.
bool agrees(std::uint64_t offset, std::string_view bytes);
void check_file(const std::filesystem::path& path, const std::string& what);

} // namespace sparse

} // namespace driver
