// Reads a directory of a disk store entry by entry, leaving out what a listing cannot or must not show.
#include "disk_directory.hpp"

#include "../protocol/ascii.hpp"
#include "disk_new_file.hpp"

#include <libftp/protocol/listing_format.hpp>
#include <libftp/store/store_error.hpp>

#include <algorithm>
#include <array>
#include <climits>

#include <dirent.h>
#include <fcntl.h>

namespace libftp::disk {
namespace {

/// Whether the text of a link says nothing of the host: it must not begin at the host's root nor climb.
bool may_show(std::string_view target) noexcept
{
    if (target.empty() || target.front() == '/' || std::any_of(target.begin(), target.end(), ascii::is_control))
        return false;
    while (!target.empty()) {
        const auto component = target.substr(0, target.find('/'));
        if (component == "..")
            return false;
        target.remove_prefix(std::min(component.size() + 1, target.size()));
    }
    return true;
}

file_type type_of(const dirent& entry) noexcept
{
    switch (entry.d_type) {
    case DT_REG: return file_type::file;
    case DT_DIR: return file_type::directory;
    case DT_LNK: return file_type::symbolic_link;
    default: return file_type::other;
    }
}

struct stream_closer {
    void operator()(DIR* stream) const noexcept { ::closedir(stream); }
};
using directory_stream = std::unique_ptr<DIR, stream_closer>;

class disk_directory_reader final : public directory_reader {
public:
    explicit disk_directory_reader(directory_stream stream) : stream_(std::move(stream)) {}

    result<bool> next(file_info& entry) override
    {
        for (;;) {
            errno = 0;
            const dirent* found = ::readdir(stream_.get());
            if (!found) {
                if (errno != 0)
                    return last_error();
                return false;
            }
            if (may_list(found->d_name) && read_facts(*found, entry))
                return true;
        }
    }

private:
    static bool may_list(std::string_view name) noexcept
    {
        return name != "." && name != ".." && is_listable_name(name) && !is_hidden_name(name);
    }

    /// False if the entry has vanished since it was read.
    bool read_facts(const dirent& found, file_info& entry)
    {
        const auto status = status_at(::dirfd(stream_.get()), found.d_name);
        if (!status) {
            if (status.error() == store_errc::not_found)
                return false;
            // One entry that does not answer, such as a dead mount, must not hide the others.
            entry = file_info{};
            entry.name = found.d_name;
            entry.type = type_of(found);
            return true;
        }
        entry = describe(*status, found.d_name);
        if (entry.type == file_type::symbolic_link)
            entry.link_target = read_link(found.d_name);
        return true;
    }

    /// Empty if it cannot or must not be shown.
    std::string read_link(const char* name)
    {
        std::array<char, PATH_MAX> buffer;
        const auto size = ::readlinkat(::dirfd(stream_.get()), name, buffer.data(), buffer.size());
        if (size <= 0)
            return {};
        const std::string_view target{buffer.data(), static_cast<std::size_t>(size)};
        return may_show(target) ? std::string{target} : std::string{};
    }

    directory_stream stream_;
};

} // namespace

result<std::unique_ptr<directory_reader>> make_directory_reader(descriptor directory)
{
    directory_stream stream{::fdopendir(directory.number())};
    if (!stream)
        return last_error();
    static_cast<void>(directory.release());
    return std::make_unique<disk_directory_reader>(std::move(stream));
}

} // namespace libftp::disk
