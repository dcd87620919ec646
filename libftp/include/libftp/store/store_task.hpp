// Work on a store that takes longer than one call should: digests, copies, whole trees.
#pragma once

#include <libftp/protocol/digest.hpp>
#include <libftp/result.hpp>
#include <libftp/store/access_rules.hpp>
#include <libftp/store/file_store.hpp>
#include <libftp/store/store_path.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace libftp {

/// What a step of a task gave.
struct task_step {
    bool is_done = false;
    std::string text{};      ///< The task's result, or the next piece of it.
    std::uint64_t bytes = 0; ///< What the task has read, copied or counted so far.
    bool must_go_on = false; ///< What was done so far cannot be left as it is: not to be given up any more.
};

/// Destroying a task gives its work up; what it was writing is discarded. One thread at a time.
class store_task {
public:
    virtual ~store_task() = default;
    /// Does a part of bounded size (a MiB, or some hundred names), so that others get their turn between two. Not to
    /// be called again after an error or when done. May block as long as the store does.
    virtual result<task_step> step() = 0;
};

/// Bytes of a file, from `first` to before `end`.
struct byte_range {
    std::uint64_t first = 0;
    std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
};

/// text: the digest of these bytes of a file, as lower-case hexadecimal digits; bytes: how many there were.
/// Errors: store_errc::offset_invalid for a range that begins behind the end of the file, std::errc::invalid_argument
/// for one that ends before it begins, std::errc::operation_not_supported for an algorithm that the system forbids.
std::shared_ptr<store_task> make_digest_task(std::shared_ptr<file_store> store, store_path path,
                                             digest_algorithm algorithm, byte_range range);

/// bytes: how long the file is in TYPE A, where a line ends in CRLF. Reads it all.
std::shared_ptr<store_task> make_ascii_size_task(std::shared_ptr<file_store> store, store_path path);

/// bytes: the sizes of all files at `path` and below it. Links are not followed, and what `allowed` does not let list
/// is not counted. Error: store_errc::limit_exceeded for too many directories side by side.
std::shared_ptr<store_task> make_tree_size_task(std::shared_ptr<file_store> store, store_path path,
                                                access_rules allowed);

/// Copies a file; `to` appears when it is complete, and replaces a file of that name. Error:
/// store_errc::name_not_allowed for a copy onto itself.
std::shared_ptr<store_task> make_copy_task(std::shared_ptr<file_store> store, store_path from, store_path to,
                                           std::optional<std::uint32_t> umask);

/// Appends the `parts` to `target` in their order, making it if it is not there, and removes them when all is written.
/// A new target appears when it is complete. Error: store_errc::name_not_allowed if the target is one of the parts.
std::shared_ptr<store_task> make_combine_task(std::shared_ptr<file_store> store, store_path target,
                                              std::vector<store_path> parts, std::optional<std::uint32_t> umask);

/// Makes a directory and those above it that are missing; none of them need be.
std::shared_ptr<store_task> make_directories_task(std::shared_ptr<file_store> store, store_path path,
                                                  access_rules allowed, std::optional<std::uint32_t> umask);

/// Removes a directory with all that is in it. Links are removed, not followed. What `allowed` forbids to remove ends
/// the task with store_errc::permission_denied.
std::shared_ptr<store_task> make_tree_removal_task(std::shared_ptr<file_store> store, store_path path,
                                                   access_rules allowed);

/// text: all that a reader gives, piece by piece.
std::shared_ptr<store_task> make_reading_task(std::unique_ptr<file_reader> reader);

} // namespace libftp
