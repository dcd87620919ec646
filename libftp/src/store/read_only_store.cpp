// Refuses all changes of a store.
#include <libftp/store/read_only_store.hpp>

namespace libftp {

bool read_only_store::can(store_ability needed) const noexcept
{
    return needed == store_ability::none;
}

result<std::unique_ptr<file_writer>> read_only_store::open_write(const store_path& /*path*/,
                                                                 const write_options& /*options*/)
{
    return store_errc::read_only;
}

result<void> read_only_store::make_directory(const store_path& /*path*/, std::optional<std::uint32_t> /*umask*/)
{
    return store_errc::read_only;
}

result<void> read_only_store::remove_directory(const store_path& /*path*/)
{
    return store_errc::read_only;
}

result<void> read_only_store::remove_file(const store_path& /*path*/)
{
    return store_errc::read_only;
}

result<void> read_only_store::rename(const store_path& /*from*/, const store_path& /*to*/)
{
    return store_errc::read_only;
}

result<void> read_only_store::set_attributes(const store_path& /*path*/, const attribute_changes& /*changes*/)
{
    return store_errc::read_only;
}

result<void> read_only_store::make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/)
{
    return store_errc::read_only;
}

result<std::uint64_t> read_only_store::available_space(const store_path& /*path*/)
{
    return store_errc::not_supported;
}

} // namespace libftp
