// Lets new files in, and nothing out.
#include <libftp/store/restricted_stores.hpp>

#include <libftp/store/store_decorator.hpp>

namespace libftp {
namespace {

class drop_box_store final : public store_decorator {
public:
    using store_decorator::store_decorator;

    [[nodiscard]] bool can(store_ability needed) const noexcept override
    {
        return needed == store_ability::none || (needed == store_ability::space && inner()->can(needed));
    }

    result<file_info> stat(const store_path& path) override
    {
        // Errors could tell what is there, too: a file on the way gives another one than a missing directory.
        auto found = inner()->stat(path);
        if (!found || !found->is_directory())
            return store_errc::not_found;
        return found;
    }

    result<std::unique_ptr<file_reader>> open_read(const store_path& /*path*/, std::uint64_t /*offset*/) override
    {
        return store_errc::permission_denied;
    }

    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override
    {
        if (options.mode != write_mode::replace && options.mode != write_mode::create)
            return store_errc::permission_denied;
        auto creating = options;
        creating.mode = write_mode::create;
        return inner()->open_write(path, creating);
    }

    result<std::unique_ptr<directory_reader>> open_directory(const store_path& /*path*/) override
    {
        return store_errc::permission_denied;
    }

    result<void> make_directory(const store_path& /*path*/, std::optional<std::uint32_t> /*umask*/) override
    {
        return store_errc::permission_denied;
    }

    result<void> remove_directory(const store_path& /*path*/) override { return store_errc::permission_denied; }

    result<void> remove_file(const store_path& /*path*/) override { return store_errc::permission_denied; }

    result<void> rename(const store_path& /*from*/, const store_path& /*to*/) override
    {
        return store_errc::permission_denied;
    }

    result<void> set_attributes(const store_path& /*path*/, const attribute_changes& /*changes*/) override
    {
        return store_errc::permission_denied;
    }

    result<void> make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/) override
    {
        return store_errc::permission_denied;
    }

    result<std::uint64_t> available_space(const store_path& path) override
    {
        if (auto directory = stat(path); !directory)
            return directory.error();
        return inner()->available_space(path);
    }
};

} // namespace

std::shared_ptr<file_store> make_drop_box_store(std::shared_ptr<file_store> inner)
{
    return std::make_shared<drop_box_store>(std::move(inner));
}

} // namespace libftp
