// Keeps a file that is being written out of sight until it is whole: O_TMPFILE of open(2), then linkat(2), renameat(2).
#include "disk_new_file.hpp"

#include "disk_hidden_name.hpp"

#include <libftp/store/store_error.hpp>

#include <array>
#include <atomic>
#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>

namespace libftp::disk {
namespace {

/// The system is asked for several at a time.
result<std::uint64_t> random_number()
{
    thread_local std::array<std::uint64_t, 32> numbers;
    thread_local std::size_t left = 0;
    if (left == 0) {
        if (restarted([&] { return ::getrandom(numbers.data(), sizeof numbers, 0); }) == -1)
            return last_error();
        left = numbers.size();
    }
    return numbers[--left];
}

result<std::string> make_hidden_name()
{
    const auto number = random_number();
    if (!number)
        return number.error();
    return hidden_name(*number);
}

/// Tells others that somebody works on it. False: one of them was faster, and removes it. Without locks in the file
/// system nobody takes it for abandoned either.
bool lock(const descriptor& file)
{
    return restarted([&] { return ::flock(file.number(), LOCK_EX | LOCK_NB); }) == 0 || errno != EWOULDBLOCK;
}

/// With this name, and locked. Nothing: another name may do.
result<std::optional<descriptor>> try_to_create(const descriptor& directory, const std::string& name, mode_t mode)
{
    const auto number = restarted([&] {
        return ::openat(directory.number(), name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, mode);
    });
    if (number == -1 && errno == EEXIST)
        return std::optional<descriptor>{};
    if (number == -1)
        return last_error();
    descriptor file{number};
    const bool is_locked = lock(file);
    const auto status = status_of(file);
    if (is_locked && status && status->stx_nlink != 0)
        return std::optional{std::move(file)};
    ::unlinkat(directory.number(), name.c_str(), 0);
    if (!status)
        return status.error();
    return std::optional<descriptor>{};
}

} // namespace

void remove_if_abandoned(int directory, const char* name) noexcept
{
    const descriptor file{restarted(
        [&] { return ::openat(directory, name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC); })};
    if (file.number() == -1)
        return;
    struct stat status {};
    if (::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::flock(file.number(), LOCK_EX | LOCK_NB) == 0)
        ::unlinkat(directory, name, 0);
}

new_file::new_file(descriptor directory, descriptor file, std::string hidden_name)
    : directory_(std::move(directory)), file_(std::move(file)), hidden_name_(std::move(hidden_name))
{
}

new_file::~new_file()
{
    if (!hidden_name_.empty())
        ::unlinkat(directory_.number(), hidden_name_.c_str(), 0);
}

result<std::unique_ptr<new_file>> new_file::create(descriptor directory, mode_t mode)
{
    const auto number =
        restarted([&] { return ::openat(directory.number(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode); });
    if (number != -1)
        return std::unique_ptr<new_file>{new new_file{std::move(directory), descriptor{number}, {}}};
    // File systems without O_TMPFILE say so in many ways. Any other obstacle is in the way of a hidden name too, and is
    // then reported.
    return create_hidden(std::move(directory), mode);
}

result<std::unique_ptr<new_file>> new_file::create_hidden(descriptor directory, mode_t mode)
{
    while (true) {
        auto name = make_hidden_name();
        if (!name)
            return name.error();
        auto created = try_to_create(directory, *name, mode);
        if (!created)
            return created.error();
        if (*created)
            return std::unique_ptr<new_file>{
                new new_file{std::move(directory), **std::move(created), *std::move(name)}};
    }
}

result<void> new_file::publish(const std::string& name, if_taken taken)
{
    return taken == if_taken::fail ? publish_new(name) : publish_in_place(name, taken);
}

result<void> new_file::publish_in_place(const std::string& name, if_taken taken)
{
    if (hidden_name_.empty()) {
        // A link replaces nothing, but a rename does, and that takes a name to rename from.
        if (taken != if_taken::replace_known) {
            const auto linked = link_as(name);
            if (linked || linked.error() != store_errc::already_exists)
                return linked;
        }
        auto hidden_name = make_hidden_name();
        if (!hidden_name)
            return hidden_name.error();
        lock(file_);
        if (auto hidden = link_as(*hidden_name); !hidden)
            return hidden;
        hidden_name_ = *std::move(hidden_name);
    }
    const auto renamed = restarted(
        [&] { return ::renameat(directory_.number(), hidden_name_.c_str(), directory_.number(), name.c_str()); });
    if (renamed == -1)
        return last_name_error();
    hidden_name_.clear();
    return {};
}

result<void> new_file::publish_new(const std::string& name)
{
    // Of the file systems that need hidden names, some have no links and the others cannot rename without replacing.
    if (!hidden_name_.empty() && restarted([&] {
                                     return ::renameat2(directory_.number(), hidden_name_.c_str(), directory_.number(),
                                                        name.c_str(), RENAME_NOREPLACE);
                                 }) == 0) {
        hidden_name_.clear();
        return {};
    }
    return link_as(name);
}

result<void> new_file::link_as(const std::string& name)
{
    // Whoever has opened a file may link its descriptor from Linux 6.10 on; before, only by the longer way through
    // /proc.
    static std::atomic<bool> links_what_is_open = true;
    const auto link_from = [&](int directory, const char* path, int flags) {
        return restarted([&] { return ::linkat(directory, path, directory_.number(), name.c_str(), flags); }) == 0;
    };
    const bool was_tried = links_what_is_open.load(std::memory_order_relaxed);
    if (was_tried && link_from(file_.number(), "", AT_EMPTY_PATH))
        return {};
    if (was_tried && errno != ENOENT)
        return last_name_error();
    if (!link_from(AT_FDCWD, path_to(file_.number()).c_str(), AT_SYMLINK_FOLLOW))
        return last_name_error();
    if (was_tried)
        links_what_is_open.store(false, std::memory_order_relaxed);
    return {};
}

} // namespace libftp::disk
