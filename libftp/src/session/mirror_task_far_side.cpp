// Reads and changes the server's tree of a mirror, by operations.
#include "client_replies.hpp"
#include "file_facts.hpp"
#include "mirror_task_sides.hpp"

#include <libftp/store/store_error.hpp>

#include <algorithm>
#include <utility>

namespace libftp {
namespace {

tree_entry far_entry(listed_entry&& entry)
{
    const auto known = to_known(entry);
    return {.name = std::move(entry.name),
            .type = entry.type,
            .precision = known.modified ? known.precision : time_precision::none,
            .by = known.by,
            .size = known.size,
            .modified = known.modified};
}

/// Some servers say that a directory cannot be read where its listing is due.
bool says_only_why_not(const parsed_listing& listing) noexcept
{
    return listing.entries.empty() && !listing.refused.empty() &&
           listing.refused.front().reason == refusal_reason::error_message;
}

} // namespace

far_side::far_side(task_steps& steps, std::string root) : steps_(steps), root_(std::move(root))
{
    while (root_.size() > 1 && root_.ends_with('/'))
        root_.pop_back();
    if (root_ == ".")
        root_.clear();
}

std::string far_side::full_path(const std::string& path) const
{
    if (path.empty())
        return root_;
    if (root_ == "/")
        return '/' + path;
    // The first name must not be taken for an option of LIST, or for somebody's home directory.
    if (root_.empty() && (path.front() == '-' || path.front() == '~'))
        return "./" + path;
    return path_within(root_, path);
}

void far_side::list(const std::string& path, std::size_t max_entries, outcome_handler<tree_listing> then)
{
    const auto read = [max_entries, then = std::move(then)](client_result<parsed_listing> parsed) {
        if (!parsed)
            return then(std::move(parsed.error()));
        if (says_only_why_not(*parsed))
            return then(why_refused(parsed->refused.front()));
        if (parsed->entries.size() > max_entries)
            return then(operation_error{.code = protocol_errc::limit_exceeded});
        tree_listing listing;
        if (parsed->is_cut_off)
            listing.doubt = protocol_errc::listing_malformed;
        listing.is_broken_off = parsed->is_cut_off && !parsed->refused.empty() &&
                                parsed->refused.back().reason != refusal_reason::error_message; // which tells it
        for (auto& line : parsed->refused)
            listing.refuse(std::move(line));
        for (auto& entry : parsed->entries)
            if (!entry.is_directory() || entry.type == file_type::directory)
                listing.add(far_entry(std::move(entry)));
        then(std::move(listing));
    };
    steps_.operate(operation::list{.path = full_path(path), .is_one_of_many = true}, read);
}

void far_side::stat(const std::string& path, outcome_handler<tree_entry> then)
{
    steps_.operate(operation::stat{full_path(path)}, [then = std::move(then)](client_result<listed_entry> found) {
        if (!found)
            return then(std::move(found.error()));
        then(far_entry(*std::move(found)));
    });
}

void far_side::confirm_root(outcome_handler<void> then)
{
    if (root_.empty())
        return then({});
    steps_.operate(operation::stat{root_}, [then = std::move(then)](client_result<listed_entry> found) {
        if (!found)
            return then(std::move(found.error()));
        if (found->type == file_type::file)
            return then(operation_error{.code = store_errc::not_a_directory});
        then({});
    });
}

bool far_side::may_be_file(const tree_listing& listing) const
{
    return listing.entries.size() == 1 && !listing.entries.front().is_directory() &&
           listing.entries.front().name == last_component(root_);
}

void far_side::make_directory(const std::string& path, outcome_handler<void> then)
{
    if (path.empty())
        make_root(0, std::move(then));
    else
        command("MKD", full_path(path), std::move(then));
}

/// Most of the directories on the way are there already, so only the answer to the last MKD tells anything.
void far_side::make_root(std::size_t made_bytes, outcome_handler<void> then)
{
    const auto end = std::min(root_.find('/', made_bytes + 1), root_.size());
    if (end == root_.size())
        return command("MKD", root_, std::move(then));
    command("MKD", root_.substr(0, end),
            [this, end, then = std::move(then)](const client_result<void>&) { make_root(end, then); });
}

void far_side::remove_file(const std::string& path, outcome_handler<void> then)
{
    command("DELE", full_path(path), std::move(then));
}

void far_side::remove_directory(const std::string& path, outcome_handler<void> then)
{
    command("RMD", full_path(path), std::move(then));
}

void far_side::modified(const std::string& path, outcome_handler<file_time> then)
{
    steps_.operate(operation::modified{full_path(path)}, std::move(then));
}

void far_side::hash(const std::string& path, outcome_handler<file_digest> then)
{
    steps_.operate(operation::hash{full_path(path)}, std::move(then));
}

void far_side::command(std::string verb, std::string argument, outcome_handler<void> then)
{
    // Without an argument the command would be about something else.
    if (argument.empty())
        return then(operation_error{.code = protocol_errc::argument_invalid});
    steps_.operate(operation::command{std::move(verb), std::move(argument)},
                   [then = std::move(then)](client_result<reply> answer) {
                       if (!answer)
                           return then(std::move(answer.error()));
                       then({});
                   });
}

} // namespace libftp
