// Passes the calls of a store on.
#include <libftp/store/store_decorator.hpp>

#include <utility>

namespace libftp {

store_decorator::store_decorator(std::shared_ptr<file_store> inner) : inner_(std::move(inner)) {}

bool store_decorator::blocks() const noexcept
{
    return inner_->blocks();
}

bool store_decorator::is_seldom_slow() const noexcept
{
    return inner_->is_seldom_slow();
}

bool store_decorator::can(store_ability needed) const noexcept
{
    return inner_->can(needed);
}

bool store_decorator::follows_links() const noexcept
{
    return inner_->follows_links();
}

result<file_info> store_decorator::stat(const store_path& path)
{
    return inner_->stat(path);
}

result<void> store_decorator::find_directory(const store_path& path)
{
    auto found = file_store::find_directory(path);
    return found ? inner_->find_directory(path) : found;
}

result<std::unique_ptr<file_reader>> store_decorator::open_read(const store_path& path, std::uint64_t offset)
{
    return inner_->open_read(path, offset);
}

result<std::unique_ptr<file_writer>> store_decorator::open_write(const store_path& path, const write_options& options)
{
    return inner_->open_write(path, options);
}

result<std::unique_ptr<directory_reader>> store_decorator::open_directory(const store_path& path)
{
    return inner_->open_directory(path);
}

result<void> store_decorator::make_directory(const store_path& path, std::optional<std::uint32_t> umask)
{
    return inner_->make_directory(path, umask);
}

result<void> store_decorator::remove_directory(const store_path& path)
{
    return inner_->remove_directory(path);
}

result<void> store_decorator::remove_file(const store_path& path)
{
    return inner_->remove_file(path);
}

result<void> store_decorator::rename(const store_path& from, const store_path& to)
{
    return inner_->rename(from, to);
}

result<void> store_decorator::set_attributes(const store_path& path, const attribute_changes& changes)
{
    return inner_->set_attributes(path, changes);
}

result<void> store_decorator::make_symbolic_link(const store_path& target, const store_path& link)
{
    return inner_->make_symbolic_link(target, link);
}

result<std::uint64_t> store_decorator::available_space(const store_path& path)
{
    return inner_->available_space(path);
}

} // namespace libftp
