// A store that takes no more than a quota.
#pragma once

#include <libftp/store/quota.hpp>
#include <libftp/store/store_decorator.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace libftp {

/// Bytes count as soon as they are written, so that many uploads together stay within the quota, and count no more when
/// the upload fails. What replaces a file gives back that file's bytes at commit. A writer says
/// store_errc::quota_exceeded for bytes, open_write() for files, commit() in rare cases for a file whose old one went
/// meanwhile.
///
/// A file that is being written in place (append, resume) is store_errc::busy for all other changes. Changes of names
/// are made one after another, also those of other stores with the same quota. When a directory is renamed, unfinished
/// uploads give back nothing any more: the count can then be too high, but never too low.
///
/// Directories keep their owner's permissions, whatever mode or umask is asked for: what is in them has to be found
/// when the files are counted anew.
///
/// Links cannot be made, and there should be none: they would count like what they lead to when they are removed. What
/// others change behind the store is not counted.
class quota_store final : public store_decorator {
public:
    /// Precondition: neither is null.
    quota_store(std::shared_ptr<file_store> inner, std::shared_ptr<quota> shared);

    [[nodiscard]] bool can(store_ability needed) const noexcept override;
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override;
    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override;
    result<void> remove_file(const store_path& path) override;
    result<void> rename(const store_path& from, const store_path& to) override;
    result<void> rename_to_new(const store_path& from, const store_path& to) override;
    result<void> set_attributes(const store_path& path, const attribute_changes& changes) override;
    result<void> make_symbolic_link(const store_path& target, const store_path& link) override;
    /// What is left of the quota, or less if the inner store has less.
    result<std::uint64_t> available_space(const store_path& path) override;

private:
    std::shared_ptr<quota> quota_;
};

} // namespace libftp
