// The base of stores that can only be looked at: a map, an archive, what another server has.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace libftp {

/// A derived store has to define stat(), open_read() and open_directory(), and blocks() if it never does. Every change
/// is refused by store_errc::read_only.
class store_view : public file_store {
public:
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) final;
    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) final;
    result<void> remove_directory(const store_path& path) final;
    result<void> remove_file(const store_path& path) final;
    result<void> rename(const store_path& from, const store_path& to) final;
    result<void> rename_to_new(const store_path& from, const store_path& to) final;
};

/// Gives these entries in their order, and never blocks.
std::unique_ptr<directory_reader> make_directory_reader(std::vector<file_info> entries);

} // namespace libftp
