// Lets new files in, and nothing out.
#include <libftp/store/drop_box_store.hpp>

namespace libftp {

bool drop_box_store::can(store_ability needed) const noexcept
{
    return needed == store_ability::none || (needed == store_ability::space && inner()->can(needed));
}

result<file_info> drop_box_store::stat(const store_path& path)
{
    // Errors could tell what is there, too: a file on the way gives another one than a missing directory.
    auto found = inner()->stat(path);
    if (!found || !found->is_directory())
        return store_errc::not_found;
    return found;
}

result<std::unique_ptr<file_reader>> drop_box_store::open_read(const store_path& /*path*/, std::uint64_t /*offset*/)
{
    return store_errc::permission_denied;
}

result<std::unique_ptr<file_writer>> drop_box_store::open_write(const store_path& path, const write_options& options)
{
    if (options.mode != write_mode::replace && options.mode != write_mode::create)
        return store_errc::permission_denied;
    auto creating = options;
    creating.mode = write_mode::create;
    return inner()->open_write(path, creating);
}

result<std::unique_ptr<directory_reader>> drop_box_store::open_directory(const store_path& /*path*/)
{
    return store_errc::permission_denied;
}

result<void> drop_box_store::make_directory(const store_path& /*path*/, std::optional<std::uint32_t> /*umask*/)
{
    return store_errc::permission_denied;
}

result<void> drop_box_store::remove_directory(const store_path& /*path*/)
{
    return store_errc::permission_denied;
}

result<void> drop_box_store::remove_file(const store_path& /*path*/)
{
    return store_errc::permission_denied;
}

result<void> drop_box_store::rename(const store_path& /*from*/, const store_path& /*to*/)
{
    return store_errc::permission_denied;
}

result<void> drop_box_store::set_attributes(const store_path& /*path*/, const attribute_changes& /*changes*/)
{
    return store_errc::permission_denied;
}

result<void> drop_box_store::make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/)
{
    return store_errc::permission_denied;
}

result<std::uint64_t> drop_box_store::available_space(const store_path& path)
{
    if (auto directory = stat(path); !directory)
        return directory.error();
    return inner()->available_space(path);
}

} // namespace libftp
