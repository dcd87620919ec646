// What a walk through trees does about each name: transfer, enter, skip or remove it.
#include "mirror_task_walk.hpp"

#include <libftp/protocol/glob.hpp>

#include <algorithm>
#include <utility>

namespace libftp {
namespace {

bool fits_any(const std::vector<std::string>& globs, std::string_view path, std::string_view name)
{
    return std::any_of(globs.begin(), globs.end(), [&](std::string_view glob) {
        if (glob.find('/') == std::string_view::npos)
            return glob_matches(glob, name);
        glob.remove_prefix(glob.front() == '/' ? 1 : 0);
        return glob_matches(glob, path);
    });
}

} // namespace

bool tree_walk::is_left_out(const std::string& directory, const tree_entry& entry) const
{
    if (options_.exclude.empty() && options_.include.empty())
        return false;
    const auto path = path_within(directory, entry.name);
    return fits_any(options_.exclude, path, entry.name) ||
           (!entry.is_directory() && !options_.include.empty() && !fits_any(options_.include, path, entry.name));
}

void tree_walk::begin(directory_visit& in, entry_pair next)
{
    auto path = path_within(in.path, next.name());
    if (!next.source) {
        remove_entry(in, path, *next.target, [&in](bool is_removed) { in.keeps_something |= !is_removed; });
        return;
    }
    const auto type = next.source->type;
    if (type == file_type::directory) {
        begin_directory(in, path, next.target);
        return;
    }
    if (type != file_type::file && (type != file_type::symbolic_link || options_.links == mirror_links::skip)) {
        skip(path, store_errc::not_a_file);
        return;
    }
    file_job job{std::move(path), *std::move(next.source), std::move(next.target)};
    if (!job.target || job.target->type == file_type::file) {
        begin_file(std::move(job));
        return;
    }
    const auto in_the_way = *std::exchange(job.target, std::nullopt);
    // Nobody knows yet whether the link leads to a file: no reason to remove a whole tree.
    if (type == file_type::symbolic_link && in_the_way.is_directory()) {
        fail_blocked(job.path, in_the_way);
        return;
    }
    clear_way(in, job.path, in_the_way, [this, job](bool is_clear) {
        if (is_clear)
            begin_file(job);
    });
}

void tree_walk::begin_directory(directory_visit& in, const std::string& path, const std::optional<tree_entry>& target)
{
    if (in.depth == options_.max_depth || entries_left() == 0) {
        skip(path, protocol_errc::limit_exceeded);
        return;
    }
    const bool target_exists = target && target->is_directory();
    enter(path, in.depth + 1, {});
    if (target_exists || !target) {
        read_source(target_exists);
        return;
    }
    clear_way(in, path, *target, [this](bool is_clear) {
        if (is_clear)
            read_source(false);
        else
            visits_.pop_back();
    });
}

void tree_walk::clear_way(directory_visit& in, const std::string& path, const tree_entry& target, removal_handler then)
{
    if (in.may_remove && !is_left_out(in.path, target)) {
        remove_entry(in, path, target, std::move(then));
        return;
    }
    fail_blocked(path, target);
    then(false);
}

void tree_walk::fail_blocked(const std::string& path, const tree_entry& in_the_way)
{
    fail(path, failure_on(*target_, in_the_way.is_directory()            ? store_errc::is_a_directory
                                    : in_the_way.type == file_type::file ? store_errc::not_a_directory
                                                                         : store_errc::not_a_file));
}

void tree_walk::remove_entry(directory_visit& in, const std::string& path, const tree_entry& entry,
                             removal_handler then)
{
    if (!entry.is_directory()) {
        ++working_;
        ++in.removals;
        remove(mirror_deed::remove_file, path, [this, &in, then = std::move(then)](bool is_removed) {
            --working_;
            --in.removals;
            then(is_removed);
        });
        return;
    }
    if (in.depth == options_.max_depth || entries_left() == 0) {
        skip(path, protocol_errc::limit_exceeded);
        then(false);
        return;
    }
    enter(path, in.depth + 1, std::move(then));
    read_what_to_remove();
}

void tree_walk::remove(mirror_deed how, const std::string& path, removal_handler then)
{
    auto ended = [this, how, path, then = std::move(then)](client_result<void> outcome) {
        if (outcome)
            report({.deed = how, .path = path});
        else
            fail(path, std::move(outcome.error()));
        then(outcome.has_value());
    };
    if (options_.is_dry_run)
        ended({});
    else if (how == mirror_deed::remove_directory)
        target_->remove_directory(path, std::move(ended));
    else
        target_->remove_file(path, std::move(ended));
}

} // namespace libftp
