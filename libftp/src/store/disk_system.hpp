// What a disk store needs of Linux: descriptors that close themselves, restarted calls, and paths that stay beneath a
// root directory.
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/protocol/listing_format.hpp>
#include <libftp/result.hpp>
#include <libftp/store/file_store.hpp>
#include <libftp/store/store_path.hpp>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace libftp::disk {

/// Owns a file descriptor.
class descriptor {
public:
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }

    [[nodiscard]] int number() const noexcept { return number_; }
    [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }

private:
    int number_;
};

/// Makes a system call again for as long as signals interrupt it.
template <class Call>
auto restarted(Call call)
{
    auto outcome = call();
    while (outcome == -1 && errno == EINTR)
        outcome = call();
    return outcome;
}

/// With the time of creation, which stat(2) does not tell.
using file_status = struct ::statx;

/// What errno says, as a store's refusal where it means one.
std::error_code last_error();
/// The same after a call that was given a name, where EINVAL is about the name.
std::error_code last_name_error();

/// Where a store begins, and what becomes of links in it.
struct root_directory {
    int number = -1; ///< Its descriptor, owned by somebody else.
    link_rule links = link_rule::follow;

    root_directory(int from, link_rule rule = link_rule::follow) noexcept // NOLINT(google-explicit-constructor)
        : number(from), links(rule)
    {
    }
};

/// Opens what `path` leads to from `root`; links are followed, where they are, as long as they stay
/// beneath it. Error: store_errc::permission_denied for a way that leads out.
result<descriptor> open_beneath(const root_directory& root, const store_path& path, int flags, mode_t mode = 0);

/// The same for a directory in which names can be looked up: store_errc::permission_denied for one where they cannot.
result<descriptor> enter_beneath(const root_directory& root, const store_path& path);

/// A name and the directory that holds it, for calls that act on the name itself and not on what a link leads to.
struct place {
    descriptor directory;
    std::string name;
};

/// Precondition: not the root.
result<place> find_place(const root_directory& root, const store_path& path);

result<file_status> status_of(const descriptor& file);
/// Of a name in an open directory itself: a link is not followed.
result<file_status> status_at(int directory, const char* name);
/// The same as far as these facts need it, into what can be used again and again.
std::error_code find_status(int directory, const char* name, fact_set facts, file_status& status);
/// Looks without opening, which has no effect on devices and queues.
result<file_status> status_beneath(const root_directory& root, const store_path& path);

/// Whether its file system is one of those that keep files on this machine's own disks, or in its memory.
bool is_on_local_file_system(const descriptor& file) noexcept;

/// A path to what is open, whatever its names are, for calls that refuse a descriptor of O_PATH.
std::string path_to(int file);

/// Why something of this status cannot be read or written like a file; no error if it can.
std::error_code refusal_of_irregular(const file_status& status);

/// The facts of what has this status.
file_info describe(const file_status& status, std::string_view name);
/// The same for an entry that is used again and again, so that its strings keep their memory: only these facts, and no
/// name.
void describe(const file_status& status, fact_set facts, file_info& info);

} // namespace libftp::disk
