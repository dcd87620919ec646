// A store with a quota and a file in it, on every store that quotas are tried with.
#pragma once

#include <libftp/store/quota_store.hpp>

#include "support/every_store.hpp"
#include "support/watched_store.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace libftp::testing {

/// A quota of 100 bytes and 4 files, in which the file `/old` of 10 bytes is counted.
template <class Place>
struct limited {
    Place place{};
    std::shared_ptr<libftp::quota> limit;
    std::shared_ptr<libftp::file_store> counted;
    libftp::file_store& store;

    limited() : limit(begin(place.store)), counted(libftp::make_quota_store(place.files, limit)), store(*counted) {}

    static std::shared_ptr<libftp::quota> begin(libftp::file_store& files)
    {
        write_file(files, "/old", "0123456789").value();
        return std::make_shared<libftp::quota>(libftp::quota_limits{.max_bytes = 100, .max_files = 4},
                                               libftp::measure_usage(files).value());
    }

    /// Whether what is counted is what is there.
    [[nodiscard]] bool is_exact() { return limit->used() == libftp::measure_usage(place.store).value(); }

    std::unique_ptr<libftp::file_writer>
    open(std::string_view path, libftp::write_mode mode = libftp::write_mode::replace, std::uint64_t offset = 0)
    {
        return store.open_write(at(path), {.mode = mode, .offset = offset}).value();
    }
};

struct in_watched_memory {
    std::shared_ptr<watched_store> files = std::make_shared<watched_store>();
    libftp::file_store& store = *files;
};

inline std::string text_of(std::size_t bytes)
{
    return std::string(bytes, 'x');
}

} // namespace libftp::testing
