// What stands in for the disk store on systems that it is not written for: there is no way to open one.
#include <libftp/store/disk_store.hpp>

#include "local_name.hpp"
#include "local_segments.hpp"

namespace libftp {

result<std::shared_ptr<disk_store>> disk_store::open(const std::string& /*root*/, link_rule /*links*/)
{
    return store_errc::not_supported;
}

disk_store::~disk_store() = default;

bool disk_store::follows_links() const noexcept
{
    return links_ == link_rule::follow;
}

bool disk_store::can(store_ability needed) const noexcept
{
    return needed == store_ability::none;
}

result<file_info> disk_store::stat(const store_path& /*path*/)
{
    return store_errc::not_supported;
}

result<void> disk_store::find_directory(const store_path& /*path*/)
{
    return store_errc::not_supported;
}

result<std::unique_ptr<file_reader>> disk_store::open_read(const store_path& /*path*/, std::uint64_t /*offset*/)
{
    return store_errc::not_supported;
}

result<std::unique_ptr<file_writer>> disk_store::open_write(const store_path& /*path*/,
                                                            const write_options& /*options*/)
{
    return store_errc::not_supported;
}

result<std::unique_ptr<directory_reader>> disk_store::open_directory(const store_path& /*path*/)
{
    return store_errc::not_supported;
}

result<void> disk_store::make_directory(const store_path& /*path*/, std::optional<std::uint32_t> /*umask*/)
{
    return store_errc::not_supported;
}

result<void> disk_store::remove_directory(const store_path& /*path*/)
{
    return store_errc::not_supported;
}

result<void> disk_store::remove_file(const store_path& /*path*/)
{
    return store_errc::not_supported;
}

result<void> disk_store::rename(const store_path& /*from*/, const store_path& /*to*/)
{
    return store_errc::not_supported;
}

result<void> disk_store::rename_to_new(const store_path& /*from*/, const store_path& /*to*/)
{
    return store_errc::not_supported;
}

result<void> disk_store::set_attributes(const store_path& /*path*/, const attribute_changes& /*changes*/)
{
    return store_errc::not_supported;
}

result<void> disk_store::make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/)
{
    return store_errc::not_supported;
}

result<std::uint64_t> disk_store::available_space(const store_path& /*path*/)
{
    return store_errc::not_supported;
}

result<std::unique_ptr<file_writer>> local_segments::open(const std::string& /*path*/, std::uint64_t /*offset*/,
                                                          std::uint64_t /*length*/, std::uint64_t /*whole*/)
{
    return store_errc::not_supported;
}

std::string follow_local_link(const std::string& path)
{
    return path;
}

} // namespace libftp
