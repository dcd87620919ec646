// What a store does that cannot do better: look before it renames, take each directory for one that can be entered, and
// refuse what it has no ability for.
#include <libftp/store/file_store.hpp>

namespace libftp {
namespace {

/// Whether a directory has an entry of that name, even if that is a link which leads nowhere.
result<bool> has_entry(file_store& store, const store_path& path)
{
    const auto directory = store.open_directory(path.parent());
    if (!directory)
        return directory.error();
    (*directory)->expect_only({});
    for (file_info entry;;) {
        entry.clear();
        const auto more = (*directory)->next(entry);
        if (!more)
            return more.error();
        if (!*more || entry.name == path.name())
            return *more;
    }
}

} // namespace

result<void> file_store::find_directory(const store_path& path)
{
    const auto found = stat(path);
    if (!found)
        return found.error();
    if (!found->is_directory())
        return store_errc::not_a_directory;
    return {};
}

result<void> file_store::rename_to_new(const store_path& from, const store_path& to)
{
    const auto taken = stat(to);
    if (taken)
        return store_errc::already_exists;
    if (to_store_errc(taken.error()) != store_errc::not_found)
        return taken.error();
    // Where no listing can be had, what stat() says has to do.
    if (has_entry(*this, to).value_or(false))
        return store_errc::already_exists;
    return rename(from, to);
}

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
