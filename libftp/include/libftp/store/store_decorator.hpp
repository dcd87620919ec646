// The base of stores that change what another one does.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace libftp {

/// Passes every call on to another store; a decorator overrides the calls that it changes. New names come into a store
/// by open_write(), make_directory(), rename() and make_symbolic_link() only. One that refuses what an ability names
/// overrides can() too.
class store_decorator : public file_store {
public:
    /// Precondition: `inner` is not null.
    explicit store_decorator(std::shared_ptr<file_store> inner);

    [[nodiscard]] bool blocks() const noexcept override;
    [[nodiscard]] bool is_seldom_slow() const noexcept override;
    [[nodiscard]] bool can(store_ability needed) const noexcept override;
    [[nodiscard]] bool follows_links() const noexcept override;
    result<file_info> stat(const store_path& path) override;
    /// Asks stat() first: what a decorator hides there cannot be entered either.
    result<void> find_directory(const store_path& path) override;
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override;
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override;
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override;
    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override;
    result<void> remove_directory(const store_path& path) override;
    result<void> remove_file(const store_path& path) override;
    result<void> rename(const store_path& from, const store_path& to) override;
    result<void> set_attributes(const store_path& path, const attribute_changes& changes) override;
    result<void> make_symbolic_link(const store_path& target, const store_path& link) override;
    result<std::uint64_t> available_space(const store_path& path) override;

protected:
    /// Readers and writers that call it keep a copy, since they may outlive the decorator.
    [[nodiscard]] const std::shared_ptr<file_store>& inner() const noexcept { return inner_; }

private:
    std::shared_ptr<file_store> inner_;
};

} // namespace libftp
