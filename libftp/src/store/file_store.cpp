// What a store without an ability answers to the calls that need it.
#include <libftp/store/file_store.hpp>

namespace libftp {

result<void> file_store::set_attributes(const store_path& /*path*/, const attribute_changes& /*changes*/)
{
    return store_errc::not_supported;
}

result<void> file_store::make_symbolic_link(const store_path& /*target*/, const store_path& /*link*/)
{
    return store_errc::not_supported;
}

result<std::uint64_t> file_store::available_space(const store_path& /*path*/)
{
    return store_errc::not_supported;
}

} // namespace libftp
