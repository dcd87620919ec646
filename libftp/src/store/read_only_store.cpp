// Refuses all changes of a store.
#include <libftp/store/restricted_stores.hpp>

#include <libftp/store/store_decorator.hpp>

namespace libftp {
namespace {

class read_only_store final : public store_decorator {
public:
    using store_decorator::store_decorator;

    [[nodiscard]] bool can(store_ability needed) const noexcept override { return needed == store_ability::none; }

    result<std::unique_ptr<file_writer>> open_write(const store_path& /*path*/,
                                                    const write_options& /*options*/) override
    {
        return store_errc::read_only;
    }

    result<void> make_directory(const store_path& /*path*/, std::optional<std::uint32_t> /*umask*/) override
    {
        return store_errc::read_only;
    }

    result<void> remove_directory(const store_path& /*path*/) override { return store_errc::read_only; }

    result<void> remove_file(const store_path& /*path*/) override { return store_errc::read_only; }

    result<void> rename(const store_path& /*from*/, const store_path& /*to*/) override { return store_errc::read_only; }

    result<void> set_attributes(const store_path& /*path*/, const attribute_changes& /*changes*/) override
    {
        return store_errc::read_only;
    }

    result<void> make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/) override
    {
        return store_errc::read_only;
    }

    result<std::uint64_t> available_space(const store_path& /*path*/) override { return store_errc::not_supported; }
};

} // namespace

std::shared_ptr<file_store> make_read_only_store(std::shared_ptr<file_store> inner)
{
    return std::make_shared<read_only_store>(std::move(inner));
}

} // namespace libftp
