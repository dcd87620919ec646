// Files in memory: for tests, for devices without a disk, and for content that a program makes itself.
#pragma once

#include <libftp/store/file_store.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace libftp {

/// Never blocks; any thread may call it. Readers see the file as it was when they opened it, and outlive the store.
/// Writers of every mode collect what they are given and change the file at commit, in memory that nothing bounds but
/// the session's limits. Modes and groups are kept and shown, and forbid nothing; times of access are not kept. A link
/// leads to a path of the store, also after it was moved.
class memory_store final : public file_store {
public:
    /// `now` gives the times of what is changed, as std::chrono::system_clock::now does; without it they are the epoch.
    explicit memory_store(std::function<file_time()> now = {}, link_rule links = link_rule::follow);
    ~memory_store() override;

    /// Puts a file there, with the directories above it, replacing what was there. Precondition: `path` is absolute and
    /// valid, as for store_path::resolve.
    void add_file(std::string_view path, std::string content);
    /// Makes a directory and those above it that are missing.
    void add_directory(std::string_view path);
    /// The content of a file.
    [[nodiscard]] result<std::string> content(std::string_view path) const;

    [[nodiscard]] bool blocks() const noexcept override { return false; }
    [[nodiscard]] bool can(store_ability needed) const noexcept override;
    [[nodiscard]] bool follows_links() const noexcept override;
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

private:
    struct tree;
    class listing;
    std::shared_ptr<tree> tree_;
};

} // namespace libftp
