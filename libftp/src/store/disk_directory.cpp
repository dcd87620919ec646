// Reads a directory of a disk store entry by entry, leaving out what a listing cannot or must not show, and taking away
// what a server that died left of unfinished files.
#include "disk_directory.hpp"

#include "../protocol/ascii.hpp"
#include "disk_hidden_name.hpp"
#include "disk_new_file.hpp"

#include <libftp/store/store_error.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <utility>

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
        if (ascii::take_until(target, '/') == "..")
            return false;
    }
    return true;
}

file_type type_of_entry(unsigned char type) noexcept
{
    switch (type) {
    case DT_REG: return file_type::file;
    case DT_DIR: return file_type::directory;
    case DT_LNK: return file_type::symbolic_link;
    default: return file_type::other;
    }
}

class disk_directory_reader final : public directory_reader {
public:
    explicit disk_directory_reader(descriptor directory) : directory_(std::move(directory)) {}

    /// Reads names ahead. A directory that was removed fails here: it is not to look as if it were empty.
    result<void> begin()
    {
        auto names = read_names();
        return names ? result<void>{} : std::move(names.error());
    }

    void expect_only(fact_set facts) override
    {
        facts_ = facts;
        type_suffices_ = facts.is_within({fact::type, fact::perm, fact::media_type});
    }

    result<bool> next(file_info& entry) override
    {
        while (true) {
            if (taken_ == filled_) {
                auto more = read_names();
                if (!more && more.error() == store_errc::not_found)
                    return false; // removed since it was begun
                if (!more || !*more)
                    return more;
            }
            const auto& found = *reinterpret_cast<const dirent64*>(&names_[taken_]);
            taken_ += found.d_reclen;
            const std::string_view name{found.d_name};
            if (is_hidden_name(name))
                remove_if_abandoned(directory_.number(), found.d_name);
            else if (name != "." && name != ".." && read_facts(found, entry))
                return true;
        }
    }

private:
    result<bool> read_names()
    {
        taken_ = filled_ = 0;
        const auto bytes =
            restarted([this] { return ::getdents64(directory_.number(), names_.data(), names_.size()); });
        if (bytes == -1)
            return last_error();
        filled_ = static_cast<std::size_t>(bytes);
        return filled_ != 0;
    }

    /// False if the entry has vanished since it was read.
    bool read_facts(const dirent64& found, file_info& entry)
    {
        std::error_code error;
        const bool must_look = !type_suffices_ || found.d_type == DT_UNKNOWN;
        if (must_look)
            error = find_status(directory_.number(), found.d_name, facts_, status_);
        if (error == store_errc::not_found)
            return false;
        // One entry that does not answer, such as a dead mount, must not hide the others.
        if (must_look && !error) {
            describe(status_, facts_, entry);
        } else {
            entry.clear();
            entry.type = type_of_entry(found.d_type);
        }
        entry.name = found.d_name;
        if (entry.type == file_type::symbolic_link && !error && facts_.has(fact::type))
            entry.link_target = read_link(found.d_name);
        return true;
    }

    /// Empty if it cannot or must not be shown.
    std::string read_link(const char* name)
    {
        std::array<char, PATH_MAX> buffer;
        const auto size = ::readlinkat(directory_.number(), name, buffer.data(), buffer.size());
        if (size <= 0)
            return {};
        const std::string_view target{buffer.data(), static_cast<std::size_t>(size)};
        return may_show(target) ? std::string{target} : std::string{};
    }

    /// As much as fits into a near cache, where the kernel then still finds what it looks up.
    static constexpr std::size_t names_bytes = std::size_t{8} * 1024;

    descriptor directory_;
    fact_set facts_ = fact_set::all();
    bool type_suffices_ = false; ///< What the directory itself tells.
    alignas(dirent64) std::array<char, names_bytes> names_;
    std::size_t taken_ = 0;
    std::size_t filled_ = 0;
    file_status status_{}; ///< Of the entry at hand.
};

} // namespace

result<std::unique_ptr<directory_reader>> make_directory_reader(descriptor directory)
{
    auto reader = std::make_unique<disk_directory_reader>(std::move(directory));
    if (auto begun = reader->begin(); !begun)
        return begun.error();
    return reader;
}

} // namespace libftp::disk
