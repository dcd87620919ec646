// A store that can be looked at only, whatever accounts and other programs may do with the files behind it.
#pragma once

#include <libftp/store/store_decorator.hpp>

namespace libftp {

/// Every change is answered by store_errc::read_only.
class read_only_store final : public store_decorator {
public:
    using store_decorator::store_decorator;

    /// None that is about changes, nor store_ability::space: there is none for anybody.
    [[nodiscard]] bool can(store_ability needed) const noexcept override;
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override;
    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override;
    result<void> remove_directory(const store_path& path) override;
    result<void> remove_file(const store_path& path) override;
    result<void> rename(const store_path& from, const store_path& to) override;
    result<void> set_attributes(const store_path& path, const attribute_changes& changes) override;
    result<void> make_symbolic_link(const store_path& target, const store_path& link) override;
    result<std::uint64_t> available_space(const store_path& path) override;
};

} // namespace libftp
