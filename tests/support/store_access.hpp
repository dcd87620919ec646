// Short forms of what tests do with a store all the time. What fails unexpectedly throws.
#pragma once

#include <libftp/store/file_store.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libftp::testing {

inline libftp::store_path at(std::string_view path)
{
    return libftp::store_path{}.resolve(path).value();
}

inline std::string read_all(libftp::file_reader& reader)
{
    std::string text;
    std::array<char, 4096> buffer;
    while (const auto bytes = reader.read(buffer).value())
        text.append(buffer.data(), bytes);
    return text;
}

inline std::string content_of(libftp::file_store& store, std::string_view path)
{
    return read_all(*store.open_read(at(path), 0).value());
}

inline libftp::result<void> write_file(libftp::file_store& store, std::string_view path, std::string_view text,
                                       libftp::write_mode mode = libftp::write_mode::replace, std::uint64_t offset = 0)
{
    auto writer = store.open_write(at(path), {.mode = mode, .offset = offset});
    if (!writer)
        return writer.error();
    if (auto written = (*writer)->write(text); !written)
        return written;
    return (*writer)->commit();
}

inline std::vector<libftp::file_info> entries_of(libftp::file_store& store, std::string_view path)
{
    const auto reader = store.open_directory(at(path)).value();
    std::vector<libftp::file_info> found;
    for (libftp::file_info entry; reader->next(entry).value();)
        found.push_back(entry);
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return found;
}

inline std::vector<std::string> names_in(libftp::file_store& store, std::string_view path)
{
    std::vector<std::string> names;
    for (auto& entry : entries_of(store, path))
        names.push_back(std::move(entry.name));
    return names;
}

/// The error, or none after success.
template <class T>
std::error_code error_of(const libftp::result<T>& outcome)
{
    return outcome ? std::error_code{} : outcome.error();
}

} // namespace libftp::testing
