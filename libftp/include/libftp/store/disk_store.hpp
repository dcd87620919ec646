// A directory of the file system as a store. Whatever the names are, nothing outside that directory is touched.
#pragma once

#include <libftp/store/file_store.hpp>

#include <memory>
#include <string>

namespace libftp {

/// Linux: every path is resolved by openat2(2) beneath the root, so that links, `..` and races cannot lead out of it;
/// links that stay inside are followed, or none. Only regular files are opened. A new file is written beside its target
/// without a name (O_TMPFILE, or a hidden name where the file system has none) and gets its name at commit. Names of
/// the form of the hidden ones, `.libftp-` and 16 hexadecimal digits, are not allowed.
///
/// Only regular files and directories have attributes to set; mode bits beyond 0777 are refused. Links are made with
/// relative texts. A client can move one to where its text leads out of the root: the store does not follow it there,
/// but another program that serves the same directory might.
///
/// Windows: every name is opened in the open directory before it, and what leads elsewhere (symbolic links, junctions,
/// files kept on other machines) is shown as a link and never followed, whatever `link_rule` is. Names are UTF-8. Those
/// of devices (`CON`, `nul.txt`), and those with a colon, backslash, wildcard or a dot or space at the end, are not
/// allowed. Since other letter case leads to the same file, follows_links() is true. A new file has a hidden name until
/// commit, and is gone when the process dies before. Of the attributes only the times of modification and access are
/// set, and no links are made.
///
/// Elsewhere open() answers store_errc::not_supported.
///
/// Blocks (for the disk); any thread may call it.
class disk_store final : public file_store {
public:
    /// Opens `root`, which stays the same directory even if it is renamed. Error: the system's.
    static result<std::shared_ptr<disk_store>> open(const std::string& root, link_rule links = link_rule::follow);
    ~disk_store() override;

    disk_store(const disk_store&) = delete;
    disk_store& operator=(const disk_store&) = delete;

    /// On the file systems of local disks and of memory; what is mounted beneath the root is taken for the same.
    [[nodiscard]] bool is_seldom_slow() const noexcept override { return is_local_; }
    [[nodiscard]] bool can(store_ability needed) const noexcept override;
    [[nodiscard]] bool follows_links() const noexcept override;
    result<file_info> stat(const store_path& path) override;
    result<void> find_directory(const store_path& path) override;
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
#ifdef _WIN32
    using root_handle = void*;
#else
    using root_handle = int;
#endif

    disk_store(root_handle root, link_rule links, bool is_local) noexcept
        : root_(root), links_(links), is_local_(is_local)
    {
    }
    root_handle root_;
    link_rule links_;
    bool is_local_; ///< On a disk of this machine, or in its memory.
};

} // namespace libftp
