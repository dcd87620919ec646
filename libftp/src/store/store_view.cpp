// Refuses every change, and reads a directory from a list.
#include <libftp/store/store_view.hpp>

#include <utility>

namespace libftp {

namespace {

class list_reader final : public directory_reader {
public:
    explicit list_reader(std::vector<file_info> entries) noexcept : entries_(std::move(entries)) {}

    result<bool> next(file_info& entry) override
    {
        if (next_ == entries_.size())
            return false;
        entry = std::move(entries_[next_++]);
        return true;
    }

private:
    std::vector<file_info> entries_;
    std::size_t next_ = 0;
};

} // namespace

result<std::unique_ptr<file_writer>> store_view::open_write(const store_path& /*path*/, const write_options& /*o*/)
{
    return store_errc::read_only;
}

result<void> store_view::make_directory(const store_path& /*path*/, std::optional<std::uint32_t> /*umask*/)
{
    return store_errc::read_only;
}

result<void> store_view::remove_directory(const store_path& /*path*/)
{
    return store_errc::read_only;
}

result<void> store_view::remove_file(const store_path& /*path*/)
{
    return store_errc::read_only;
}

result<void> store_view::rename(const store_path& /*from*/, const store_path& /*to*/)
{
    return store_errc::read_only;
}

result<void> store_view::rename_to_new(const store_path& /*from*/, const store_path& /*to*/)
{
    return store_errc::read_only;
}

std::unique_ptr<directory_reader> make_directory_reader(std::vector<file_info> entries)
{
    return std::make_unique<list_reader>(std::move(entries));
}

} // namespace libftp
