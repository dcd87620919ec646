// How a walk through trees reads a directory on both sides, makes it where it is missing, and leaves it.
#include "mirror_task_walk.hpp"

#include <libftp/error.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/store/store_error.hpp>

#include <algorithm>
#include <utility>

namespace libftp {
namespace {

/// As much of a line as a person needs to find it.
std::string shown(std::string_view raw)
{
    constexpr std::size_t max_bytes = 256;
    return escape_controls(raw.substr(0, max_bytes));
}

/// Takes the entries out whose names came before, and gives their names. The first of several is what the server means
/// by the name: a system with versions of files lists the latest first.
std::vector<std::string> sort_and_take_repeated(std::vector<tree_entry>& entries)
{
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::vector<std::string> repeated;
    std::vector<tree_entry> kept;
    for (auto& entry : entries) {
        if (!kept.empty() && kept.back().name == entry.name)
            repeated.push_back(std::move(entry.name));
        else
            kept.push_back(std::move(entry));
    }
    entries = std::move(kept);
    return repeated;
}

} // namespace

void tree_walk::enter(std::string path, std::size_t depth, removal_handler removed)
{
    visits_.push_back({.path = std::move(path), .depth = depth, .removed = std::move(removed)});
}

void tree_walk::read_source(bool target_exists)
{
    source_->list(visits_.back().path, entries_left(), [this, target_exists](client_result<tree_listing> listed) {
        if (!take_listing(std::move(listed), visits_.back().source))
            return;
        const auto go_on = [this, target_exists] { target_exists ? read_target() : make_directory(); };
        const auto& visit = visits_.back();
        if (!visit.path.empty() || source_ != &far_ || !far_.may_be_file(visit.source))
            return go_on();
        source_->confirm_root([this, go_on](const client_result<void>& outcome) {
            if (outcome)
                return go_on();
            give_up(may_pass(outcome.error()) ? outcome.error() : operation_error{.code = store_errc::not_a_directory});
        });
    });
}

void tree_walk::read_target()
{
    target_->list(visits_.back().path, entries_left(), [this](client_result<tree_listing> listed) {
        auto& visit = visits_.back();
        // The server's working directory is there, whatever becomes of its listing.
        const bool may_be_missing = visit.path.empty() && (target_ != &far_ || !far_.full_path({}).empty());
        if (!listed && may_be_missing && listed.error().code != failure::transient && !may_pass(listed.error())) {
            make_directory();
            return;
        }
        if (!take_listing(std::move(listed), visit.target))
            return;
        if (may_be_missing && visit.target.entries.empty() && target_ == &far_)
            make_doubtful_root();
        else
            confirm_source();
    });
}

/// Some servers list what is not there as if it were empty, or say so in words that are no listing. If MKD is
/// refused, it is there.
void tree_walk::make_doubtful_root()
{
    if (options_.is_dry_run) {
        begin_pairs();
        return;
    }
    target_->make_directory({}, [this](const client_result<void>& made) {
        if (made)
            report({.deed = mirror_deed::make_directory});
        begin_pairs();
    });
}

/// A directory that is made is empty. Where it is refused, it may be there already, and the listing decides.
void tree_walk::make_directory()
{
    const auto made = [this](client_result<void> outcome) {
        if (outcome) {
            report({.deed = mirror_deed::make_directory, .path = visits_.back().path});
            begin_pairs();
            return;
        }
        target_->list(visits_.back().path, entries_left(),
                      [this, error = std::move(outcome.error())](client_result<tree_listing> listed) {
                          if (!listed)
                              give_up(error);
                          else if (take_listing(std::move(listed), visits_.back().target))
                              confirm_source();
                      });
    };
    if (options_.is_dry_run)
        made({});
    else
        target_->make_directory(visits_.back().path, made);
}

/// Before everything is removed because a root is empty, it is asked whether the root is there.
void tree_walk::confirm_source()
{
    const auto& visit = visits_.back();
    const bool is_in_doubt = visit.path.empty() && visit.source.entries.empty() && !visit.target.entries.empty();
    if (!is_in_doubt || options_.extras == mirror_extras::keep) {
        begin_pairs();
        return;
    }
    source_->confirm_root([this](client_result<void> outcome) {
        if (!outcome)
            visits_.back().source.doubt = outcome.error().code;
        begin_pairs();
    });
}

/// A server may list a link as the directory that it leads to. What DELE removes was no directory.
void tree_walk::read_what_to_remove()
{
    const auto read = [this](const client_result<void>&) {
        target_->list(visits_.back().path, entries_left(), [this](client_result<tree_listing> listed) {
            if (take_listing(std::move(listed), visits_.back().target))
                begin_pairs();
        });
    };
    if (target_ != &far_ || options_.is_dry_run) {
        read({});
        return;
    }
    far_.remove_file(visits_.back().path, [this, read](const client_result<void>& removed) {
        if (!removed)
            return read(removed);
        report({.deed = mirror_deed::remove_file, .path = visits_.back().path});
        end_removal(true);
    });
}

/// Reports what was refused; false if the directory was given up.
bool tree_walk::take_listing(client_result<tree_listing>&& listed, tree_listing& into)
{
    if (!listed) {
        give_up(std::move(listed.error()));
        return false;
    }
    entries_seen_ += listed->entries.size();
    into = *std::move(listed);
    for (const auto& line : std::exchange(into.refused, {}))
        report_refused(line);
    if (into.is_broken_off && &into == &visits_.back().source)
        fail(visits_.back().path, {.code = into.doubt});
    report_unusable(into);
    return true;
}

/// What cannot be read will be missing on the other side. On the side written to it does no harm.
void tree_walk::report_unusable(tree_listing& listing)
{
    const auto& visit = visits_.back();
    for (const auto& entry : std::exchange(listing.unusable, {})) {
        const auto path = path_within(visit.path, entry.name);
        if (is_left_out(visit.path, entry))
            continue;
        if (&listing == &visit.source)
            fail(path, near_failure(store_errc::name_not_allowed));
        else if (options_.extras == mirror_extras::remove)
            skip(path, store_errc::name_not_allowed);
    }
}

void tree_walk::report_refused(const refused_line& line)
{
    const auto& directory = visits_.back().path;
    if (line.reason == refusal_reason::error_message)
        fail(directory, why_refused(line));
    else
        skip(path_within(directory, shown(line.raw)), why_refused(line).code);
}

void tree_walk::begin_pairs()
{
    auto& visit = visits_.back();
    visit.may_remove =
        removes_only() || (options_.extras == mirror_extras::remove && !visit.source.doubt && !visit.target.doubt);
    pair_up(visit);
    visit.is_read = true;
}

/// Merges the two listings. What is only on the side written to is looked at only if it is to be removed.
void tree_walk::pair_up(directory_visit& visit)
{
    auto source = std::exchange(visit.source, {});
    auto target = std::exchange(visit.target, {});
    for (const auto& name : sort_and_take_repeated(source.entries))
        skip(path_within(visit.path, name), store_errc::already_exists);
    sort_and_take_repeated(target.entries);

    const bool removes = visit.removed || options_.extras == mirror_extras::remove;
    bool keeps_extras = false;
    auto near = target.entries.begin();
    const auto take_extras_before = [&](const std::string* name) {
        for (; near != target.entries.end() && (!name || near->name < *name); ++near) {
            if (is_left_out(visit.path, *near))
                visit.keeps_something = true;
            else if (removes && !visit.may_remove)
                keeps_extras = true;
            else if (removes)
                visit.pairs.push_back({std::nullopt, std::move(*near)});
        }
    };
    for (auto& entry : source.entries) {
        take_extras_before(&entry.name);
        entry_pair pair;
        if (near != target.entries.end() && near->name == entry.name)
            pair.target = std::move(*near++);
        if (!is_left_out(visit.path, entry)) {
            pair.source = std::move(entry);
            visit.pairs.push_back(std::move(pair));
        }
    }
    take_extras_before(nullptr);

    if (keeps_extras) {
        visit.keeps_something = true;
        skip(visit.path, source.doubt ? source.doubt : target.doubt);
    }
    std::sort(visit.pairs.begin(), visit.pairs.end(), [](const entry_pair& a, const entry_pair& b) {
        if (a.has_directory() != b.has_directory())
            return a.has_directory();
        return a.name() > b.name();
    });
}

/// The directory that is being read cannot be worked on.
void tree_walk::give_up(operation_error error)
{
    const auto visit = std::move(visits_.back());
    visits_.pop_back();
    if (visit.path.empty())
        error_ = std::move(error);
    else if (error.code == protocol_errc::limit_exceeded)
        skip(visit.path, error.code);
    else
        fail(visit.path, std::move(error));
    if (visit.removed)
        visit.removed(false);
}

void tree_walk::leave(directory_visit& visit)
{
    if (!visit.removed) {
        visits_.pop_back();
        return;
    }
    if (visit.keeps_something) {
        end_removal(false);
        return;
    }
    visit.is_read = false;
    remove(mirror_deed::remove_directory, visit.path, [this](bool is_removed) { end_removal(is_removed); });
}

void tree_walk::end_removal(bool is_removed)
{
    const auto removed = std::move(visits_.back().removed);
    visits_.pop_back();
    removed(is_removed);
}

} // namespace libftp
