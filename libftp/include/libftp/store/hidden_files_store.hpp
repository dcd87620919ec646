// A store in which some names do not exist, such as those that begin with a dot.
#pragma once

#include <libftp/store/store_decorator.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// Names that fit one of the patterns (see glob_matches) are not listed, not found and cannot be made, nor can what is
/// below them. Bytes count: on a disk that takes `A` for `a`, both have to be named. A link made by others still shows
/// what it leads to, under its own name; and a directory that holds hidden names only is not empty.
class hidden_files_store final : public store_decorator {
public:
    /// Precondition: `inner` is not null.
    hidden_files_store(std::shared_ptr<file_store> inner, std::vector<std::string> patterns);

    result<file_info> stat(const store_path& path) override;
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override;
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override;
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override;
    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override;
    result<void> remove_directory(const store_path& path) override;
    result<void> remove_file(const store_path& path) override;
    result<void> rename(const store_path& from, const store_path& to) override;
    result<void> rename_to_new(const store_path& from, const store_path& to) override;
    result<void> set_attributes(const store_path& path, const attribute_changes& changes) override;
    result<void> make_symbolic_link(const store_path& target, const store_path& link) override;
    result<std::uint64_t> available_space(const store_path& path) override;

private:
    class name_filter;
    class visible_entries;
    std::shared_ptr<const name_filter> hidden_; ///< Listings may outlive the store.
};

} // namespace libftp
