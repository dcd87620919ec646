// Whole trees between a server and a store: download, upload, mirror.
#pragma once

#include <libftp/session/client_task.hpp>
#include <libftp/session/transfer_options.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

enum class mirror_direction : std::uint8_t { download, upload };

/// When a file that is on both sides is transferred.
enum class mirror_rule : std::uint8_t {
    always,
    newer,         ///< The one to read from is newer, by more than its time is exact to.
    size,          ///< The sizes differ.
    size_and_time, ///< The sizes differ, or the one to read from is newer.
    hash,          ///< The digests differ (HASH and its like; protocol_errc::not_supported without).
};

/// What becomes of what is only on the side written to, or in the way of something of another type. Nothing is removed
/// from a directory whose listing, on either side, has lines that cannot be read; that is reported.
enum class mirror_extras : std::uint8_t { keep, remove };

/// Symbolic links on the side read from.
enum class mirror_links : std::uint8_t {
    skip, ///< They are reported as skipped.
    /// What they lead to is transferred as a file; where that fails it is a failure of the entry. A directory in its
    /// way stays, whatever mirror_extras says.
    follow,
};

/// What was done, or would be.
enum class mirror_deed : std::uint8_t {
    transfer,
    make_directory,
    remove_file,
    remove_directory,
    skip, ///< Left out by its type, its name or a limit; the event's error says why.
    fail,
};

/// For a person.
std::string_view to_string(mirror_deed deed) noexcept;

/// One thing that was done, or would be.
struct mirror_event {
    mirror_deed deed = mirror_deed::transfer;
    std::string path{};      ///< Relative to the roots, parted by '/'; the root itself is "".
    std::uint64_t bytes = 0; ///< Of a transfer.
    operation_error error{}; ///< Of skip and fail.
};

/// Which files, what becomes of them, and how many at a time.
struct mirror_options {
    mirror_direction direction = mirror_direction::download;
    mirror_rule rule = mirror_rule::size_and_time;
    mirror_extras extras = mirror_extras::keep;
    mirror_links links = mirror_links::skip;
    bool is_dry_run = false; ///< Nothing is changed on either side; the events tell what would be.
    bool keeps_times = true; ///< Files get the times of those they are made from, where that is possible.
    /// Globs; with a '/' in it one is compared with the path relative to the root (which a '/' in front stands for),
    /// else with the name. A directory that is excluded is not entered. `include` is for files only; empty: all. What
    /// is left out is not removed either, nor reported.
    std::vector<std::string> include{};
    std::vector<std::string> exclude{};
    std::size_t max_depth = 64;
    std::size_t max_entries = 10'000'000; ///< Looked at, in all.
    unsigned sessions = 1;                ///< How many work at the same time.
    transfer_options transfers{};         ///< Of each file; `existing`, `offset` and `segments` are not for trees.
    /// Hears how each file goes, by its path. As transfer_options::progress, which hears nothing then.
    std::function<void(const std::string& path, const transfer_progress&)> progress{};
    /// Hears each deed when it is done. As transfer_options::progress.
    std::function<void(const mirror_event&)> report{};
};

/// What was done in all.
struct mirror_result {
    std::uint64_t transferred = 0; ///< Files.
    std::uint64_t bytes = 0;
    std::uint64_t unchanged = 0;          ///< Files that were alike.
    std::uint64_t made = 0;               ///< Directories.
    std::uint64_t removed = 0;            ///< Files and directories.
    std::vector<mirror_event> skipped{};  ///< The first thousand.
    std::vector<mirror_event> failures{}; ///< The first thousand. The rest of the tree was gone through nevertheless.
    std::uint64_t skipped_count = 0;
    std::uint64_t failure_count = 0;
};

/// The result is an error only if nothing could be done: the root could not be listed, or the task was canceled.
class mirror_task final : public client_task {
public:
    using value_type = mirror_result;

    /// `remote` and `local` are the roots. The one to read from must exist, the other is made.
    mirror_task(std::string remote, std::shared_ptr<file_store> store, store_path local, mirror_options options);
    ~mirror_task() override;
    mirror_task(const mirror_task&) = delete;
    mirror_task& operator=(const mirror_task&) = delete;

    std::optional<client_task_step> next_step() override;
    void cancel() override;
    [[nodiscard]] bool is_done() const noexcept override;
    /// Precondition: is_done(). Once.
    client_result<mirror_result> take_result();

private:
    struct state;
    std::shared_ptr<state> state_;
};

/// How far a removal goes.
struct removal_options {
    std::size_t max_depth = 64;
    std::size_t max_entries = 10'000'000; ///< Looked at, in all.
    retry_options retry{};
    std::function<void(const mirror_event&)> report{};
};

/// Removes a directory of the server with all that is in it; a file or a link too. Links are removed, never followed.
/// What cannot be removed is among the failures. The result is an error only if nothing could be done.
class removal_task final : public client_task {
public:
    using value_type = mirror_result;

    /// `path` is on the server.
    explicit removal_task(std::string path, removal_options options = {});
    ~removal_task() override;
    removal_task(const removal_task&) = delete;
    removal_task& operator=(const removal_task&) = delete;

    std::optional<client_task_step> next_step() override;
    void cancel() override;
    [[nodiscard]] bool is_done() const noexcept override;
    /// Precondition: is_done(). Once.
    client_result<mirror_result> take_result();

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace libftp
