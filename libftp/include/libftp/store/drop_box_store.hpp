// A store to leave files in, and nothing else: for uploads of strangers.
#pragma once

#include <libftp/store/store_decorator.hpp>

namespace libftp {

/// New files can be written into the directories that are there. Nothing is listed, read, replaced, changed or removed:
/// store_errc::permission_denied. stat() knows directories, so that they can be entered; all else is
/// store_errc::not_found, be it there or not.
///
/// An upload under a name that is taken is refused (store_errc::already_exists), which gives that much away: any other
/// refusal would say the same, and without one the file would be lost or another one overwritten. Where even that must
/// not be known, let clients have the server choose the names (STOU).
class drop_box_store final : public store_decorator {
public:
    using store_decorator::store_decorator;

    /// store_ability::space, if the inner store can.
    [[nodiscard]] bool can(store_ability needed) const noexcept override;
    result<file_info> stat(const store_path& path) override;
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override;
    /// write_mode::replace becomes write_mode::create.
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override;
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override;
    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override;
    result<void> remove_directory(const store_path& path) override;
    result<void> remove_file(const store_path& path) override;
    result<void> rename(const store_path& from, const store_path& to) override;
    result<void> set_attributes(const store_path& path, const attribute_changes& changes) override;
    result<void> make_symbolic_link(const store_path& target, const store_path& link) override;
    result<std::uint64_t> available_space(const store_path& path) override;
};

} // namespace libftp
