// Goes through two trees side by side, directory by directory, or through one that is to be removed.
#pragma once

#include "mirror_task_sides.hpp"
#include "mirror_task_steps.hpp"

#include <libftp/session/client_task.hpp>
#include <libftp/session/mirror_task.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace libftp {

/// Memory holds the listings of the directories on the way down to the one at work, and a few hundred files; files are
/// transferred while the next directories are read.
class tree_walk : public std::enable_shared_from_this<tree_walk> {
public:
    /// A mirror.
    tree_walk(mirror_options options, std::string remote, std::shared_ptr<file_store> store, store_path local);
    /// A removal.
    tree_walk(removal_options options, std::string path);
    ~tree_walk();
    tree_walk(const tree_walk&) = delete;
    tree_walk& operator=(const tree_walk&) = delete;

    std::optional<client_task_step> next_step();
    void cancel();
    [[nodiscard]] bool is_done() const noexcept;
    client_result<mirror_result> take_result();

private:
    using removal_handler = std::function<void(bool is_removed)>;

    /// The entries of one name, on one side or on both.
    struct entry_pair {
        std::optional<tree_entry> source{};
        std::optional<tree_entry> target{};

        [[nodiscard]] const std::string& name() const noexcept { return source ? source->name : target->name; }
        /// Those with a directory are begun after the files.
        [[nodiscard]] bool has_directory() const noexcept
        {
            return (source && source->is_directory()) || (target && target->is_directory());
        }
    };

    /// One directory, at first read, then gone through. While it is read nothing else is begun.
    struct directory_visit {
        std::string path{};
        std::size_t depth = 0;
        removal_handler removed{}; ///< Only where the directory is to be removed with what is in it.
        tree_listing source{};
        tree_listing target{};
        bool is_read = false;
        std::vector<entry_pair> pairs{}; ///< Not begun yet; the next one is the last.
        bool may_remove = false;
        bool keeps_something = false; ///< What is left in it, so that it cannot be removed.
        std::size_t removals = 0;     ///< Of entries, under way.
    };

    struct file_job {
        std::string path{};
        tree_entry source{};
        std::optional<tree_entry> target{};
        unsigned attempt = 1;            ///< Of those that send all of it.
        std::uint64_t others_before = 0; ///< How many files had come across when it was last put back.
    };
    struct running_transfer {
        file_job job;
        std::unique_ptr<client_task> task;
        std::function<client_result<transfer_result>()> take_result;
        bool is_timed = false; ///< Its bytes are there: what is under way is its time.
    };
    using transfer_position = std::list<running_transfer>::iterator;

    // The task's frame: mirror_task_walk.cpp.
    client_task_step own_step(client_task_step step);
    void advance();
    void report(mirror_event event);
    [[nodiscard]] operation_error failure_on(const tree_side& side, std::error_code code) const;
    void fail(const std::string& path, operation_error error);
    void skip(const std::string& path, std::error_code why);

    // Directories: mirror_task_directories.cpp.
    [[nodiscard]] bool removes_only() const noexcept { return source_ == nullptr; }
    [[nodiscard]] std::size_t entries_left() const noexcept { return options_.max_entries - entries_seen_; }
    void enter(std::string path, std::size_t depth, removal_handler removed);
    void read_source(bool target_exists);
    void read_target();
    void make_doubtful_root();
    void make_directory();
    void confirm_source();
    void read_what_to_remove();
    bool take_listing(client_result<tree_listing>&& listed, tree_listing& into);
    void report_refused(const refused_line& line);
    void report_unusable(tree_listing& listing);
    void begin_pairs();
    void pair_up(directory_visit& visit);
    void give_up(operation_error error);
    void leave(directory_visit& visit);
    void end_removal(bool is_removed);

    // What is in them: mirror_task_entries.cpp.
    [[nodiscard]] bool is_left_out(const std::string& directory, const tree_entry& entry) const;
    void begin(directory_visit& in, entry_pair next);
    void begin_directory(directory_visit& in, const std::string& path, const std::optional<tree_entry>& target);
    /// Makes room for what has another type on the side read from.
    void clear_way(directory_visit& in, const std::string& path, const tree_entry& target, removal_handler then);
    void fail_blocked(const std::string& path, const tree_entry& in_the_way);
    void remove_entry(directory_visit& in, const std::string& path, const tree_entry& entry, removal_handler then);
    void remove(mirror_deed how, const std::string& path, removal_handler then);

    // Files: mirror_task_files.cpp.
    void begin_file(file_job job);
    void compare(file_job job);
    /// Where MDTM does not tell it, `otherwise` is done.
    void compare_by_exact_time(file_job job, std::function<void(file_job)> otherwise);
    void ask_exact_time(file_job job, std::function<void(file_job timed, bool is_told)> then);
    void compare_by_digest(file_job job);
    void end_unchanged();
    void end_failed(const file_job& job, operation_error error);
    void transfer(file_job job);
    std::optional<client_task_step> next_transfer_step();
    bool start_transfer();
    [[nodiscard]] bool is_sent_anew(const file_job& job) const;
    [[nodiscard]] bool puts_back(const file_job& job, const operation_error& why) const;
    void end_transfer(transfer_position one);

    mirror_options options_;
    task_steps steps_;
    far_side far_;
    std::optional<near_side> near_;
    tree_side* source_ = nullptr; ///< None in a removal.
    tree_side* target_ = nullptr;

    std::deque<directory_visit> visits_; ///< From the root down to the directory at work.
    std::size_t entries_seen_ = 0;
    std::size_t working_ = 0; ///< Files and removals begun and not ended.
    std::deque<file_job> ready_;
    std::list<running_transfer> transfers_;
    std::size_t timed_ = 0;   ///< Those of them that only set the time.
    std::size_t paused_ = 0;  ///< Files between two attempts, which are not among them.
    bool tells_times_ = true; ///< The server has not refused MDTM yet.

    std::size_t running_ = 0; ///< Steps.
    bool is_canceled_ = false;
    std::optional<operation_error> error_;
    mirror_result result_;
};

} // namespace libftp
