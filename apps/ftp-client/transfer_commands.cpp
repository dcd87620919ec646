// Finds out which files are meant, and what they are to be called on the other side.
#include "transfer_commands.hpp"

#include "../common/quantities.hpp"
#include "content_output.hpp"
#include "listing_commands.hpp"
#include "local_names.hpp"
#include "name_expansion.hpp"
#include "transfers.hpp"
#include "tree_commands.hpp"
#include "user_files.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

using namespace libftp;
namespace fs = std::filesystem;

namespace commands {

namespace {

/// What stands before the last argument, which is where it all goes. One argument alone is a source.
struct sources_and_target {
    std::vector<std::string> sources{};
    std::optional<std::string> target{};
};

sources_and_target part(const typed_command& typed)
{
    sources_and_target parted{.sources = typed.arguments};
    if (parted.sources.size() > 1) {
        parted.target = std::move(parted.sources.back());
        parted.sources.pop_back();
    }
    return parted;
}

existing_file existing_for(const typed_command& typed)
{
    return typed.has("-c") ? existing_file::resume : existing_file::replace;
}

known_file what_is_known(const found_name& found)
{
    if (found.info.type != file_type::file || !found.info.size)
        return {};
    known_file known{.size = found.info.size, .by = found.size_by};
    // Other listings round times, or leave the zone out.
    if (found.size_by == size_source::facts)
        known.modified = found.info.modified;
    return known;
}

directory_lister remote_lister(session& s)
{
    return [&s](const std::string& directory) -> client_result<listed_directory> {
        auto listed = s.client.list(directory);
        if (!listed)
            return std::move(listed.error());
        const bool is_unreadable = listed->entries.empty() && !listed->refused.empty() && !listed->is_cut_off &&
                                   std::ranges::all_of(listed->refused, [](const auto& line) {
                                       return line.reason == refusal_reason::unknown_form;
                                   });
        if (is_unreadable) {
            auto names = list_by_names(s, directory);
            if (names && !names->empty())
                return listed_directory{.entries = std::move(*names)};
        }
        if (auto why = tell_refused(s, *listed))
            return std::move(*why);
        listed_directory found{.sizes_by = size_source::listing};
        for (auto& each : listed->entries) {
            if (each.size_is_rounded)
                each.size.reset();
            if (each.style == listing_style::facts)
                found.sizes_by = size_source::facts;
            found.entries.push_back(std::move(each));
        }
        return found;
    };
}

directory_lister local_lister(const session& s)
{
    return [&s](const std::string& directory) -> client_result<listed_directory> {
        listed_directory found{.sizes_by = size_source::near_end};
        std::error_code error;
        for (fs::directory_iterator i{to_path(s.local(directory)), error}; !error && i != fs::directory_iterator{};
             i.increment(error)) {
            std::error_code unknown;
            file_info entry{.name = to_name(i->path().filename())};
            if (i->is_directory(unknown))
                entry.type = file_type::directory;
            else if (!i->is_regular_file(unknown))
                entry.type = file_type::other;
            else if (const auto size = i->file_size(unknown); !unknown)
                entry.size = size;
            found.entries.push_back(std::move(entry));
        }
        if (error)
            return operation_error{.code = error, .step = operation_step::near_end};
        return found;
    };
}

/// The files that the patterns stand for. Nothing: the sentence was said.
std::optional<std::vector<found_name>> expand_all(session& s, const std::vector<std::string>& patterns,
                                                  const directory_lister& list)
{
    std::vector<found_name> all;
    for (const auto& pattern : patterns) {
        auto found = expand_name(pattern, list);
        if (!found) {
            refuse_listing(s, pattern, found.error());
            return std::nullopt;
        }
        std::erase_if(*found, [](const found_name& each) {
            return each.info.is_directory() || each.info.type == file_type::other;
        });
        if (found->empty()) {
            s.refuse(cause::refused, fmt::format("{}: there is no file of such a name.", pattern));
            return std::nullopt;
        }
        std::ranges::move(*found, std::back_inserter(all));
    }
    return all;
}

/// Files that all go to one directory, in which two cannot have one name. One that was found twice is meant once: two
/// patterns may fit, and VMS lists all versions of a file.
std::optional<std::vector<planned_transfer>> plan(session& s, const std::vector<found_name>& files,
                                                  const std::string& directory, transfer_direction direction)
{
    std::vector<planned_transfer> planned;
    std::map<std::string, std::string> paths; // by their last component
    for (const auto& each : files) {
        const auto name = last_component(each.path);
        if (!name) {
            refuse_name(s, each.path);
            return std::nullopt;
        }
        const auto [taken, is_new] = paths.emplace(*name, each.path);
        if (!is_new && taken->second == each.path)
            continue;
        if (!is_new) {
            s.refuse(cause::usage, fmt::format("Two of the files would both become {}.", *name));
            return std::nullopt;
        }
        const auto target = path_in(directory, *name);
        const bool is_download = direction == transfer_direction::download;
        planned.push_back({.notice = {.name = each.path,
                                      .local = is_download ? target : each.path,
                                      .remote = is_download ? each.path : target,
                                      .direction = direction},
                           .known = what_is_known(each)});
    }
    return planned;
}

outcome transfer_many(session& s, const typed_command& typed, const std::vector<found_name>& files,
                      const std::string& directory, transfer_direction direction)
{
    const auto parallel = read_count(s, "-P", typed.value_of("-P"), 1);
    const auto planned = parallel ? plan(s, files, directory, direction) : std::nullopt;
    if (!planned)
        return outcome::failed;
    return transfer_all(s, *planned, {.parallel = *parallel, .existing = existing_for(typed)});
}

std::vector<found_name> as_they_are(const std::vector<std::string>& names)
{
    std::vector<found_name> found;
    found.reserve(names.size());
    for (const auto& each : names)
        found.push_back({.path = each});
    return found;
}

bool is_input(std::string_view name) noexcept
{
    return name == "-";
}

outcome put_input(session& s, const typed_command& typed, const std::string& remote, existing_file existing)
{
    if (typed.has("-c") || typed.has("-r"))
        return s.refuse(cause::usage,
                        "Standard input is no tree, and cannot be continued: put - goes without -c and -r.");
    if (remote.empty() || remote.ends_with('/'))
        return s.refuse(cause::usage,
                        "Standard input has no name: the file on the server needs one, as in put - a.txt.");
    return upload_input(s, remote, {.existing = existing});
}

} // namespace

std::optional<std::vector<found_name>> find_remote_files(session& s, const std::vector<std::string>& patterns)
{
    return expand_all(s, patterns, remote_lister(s));
}

outcome get(session& s, const typed_command& typed)
{
    auto [sources, target] = part(typed);
    if (target)
        target = expand_home(*target);
    if (target == "-")
        return print_files(s, sources);
    if (typed.has("-r"))
        return get_trees(s, typed, sources, target);
    const bool into_directory = target && is_local_directory(s, *target);
    if (sources.size() > 1) {
        if (!into_directory)
            return s.refuse(cause::usage, fmt::format("{}: several files need a local directory to go to; mget takes "
                                                      "any number of files.",
                                                      *target));
        return transfer_many(s, typed, as_they_are(sources), *target, transfer_direction::download);
    }
    auto local = target && !into_directory ? target : last_component(sources[0]);
    if (!local)
        return refuse_name(s, sources[0]);
    if (into_directory)
        local = path_in(*target, *local);
    return typed.has("-c") ? continue_download(s, sources[0], *local) : download(s, sources[0], *local);
}

outcome put(session& s, const typed_command& typed)
{
    auto [sources, target] = part(typed);
    if (sources.size() == 1 && is_input(sources[0]))
        return put_input(s, typed, target.value_or(""), existing_file::replace);
    std::ranges::transform(sources, sources.begin(), expand_home);
    if (typed.has("-r"))
        return put_trees(s, typed, sources, target);
    const bool into_directory = target && target->ends_with('/');
    if (sources.size() > 1) {
        const auto is_directory = into_directory ? std::optional{true} : is_remote_directory(s, *target);
        if (!is_directory)
            return outcome::failed;
        if (!*is_directory)
            return s.refuse(cause::usage, fmt::format("{}: several files need a directory on the server to go to; "
                                                      "mput takes any number of files.",
                                                      *target));
        return transfer_many(s, typed, as_they_are(sources), *target, transfer_direction::upload);
    }
    auto remote = target && !into_directory ? target : last_component(sources[0]);
    if (!remote)
        return refuse_name(s, sources[0]);
    if (remote != target)
        remote = path_in(target.value_or(""), *remote);
    return typed.has("-c") ? continue_upload(s, sources[0], *remote) : upload(s, sources[0], *remote);
}

outcome append(session& s, const typed_command& typed)
{
    const auto local = expand_home(typed.arguments[0]);
    if (is_input(local))
        return put_input(s, typed, typed.argument(1), existing_file::append);
    const auto name = last_component(local);
    const auto remote = typed.arguments.size() > 1 ? typed.argument(1) : path_of_name(name.value_or(""));
    return !remote.empty() ? upload(s, local, remote, {.existing = existing_file::append}) : refuse_name(s, local);
}

outcome stor(session& s, const typed_command& typed)
{
    const auto& remote = typed.arguments[0];
    const auto local = last_component(remote);
    return local ? upload(s, *local, remote) : refuse_name(s, remote);
}

outcome appe(session& s, const typed_command& typed)
{
    const auto& remote = typed.arguments[0];
    const auto local = last_component(remote);
    return local ? upload(s, *local, remote, {.existing = existing_file::append}) : refuse_name(s, remote);
}

outcome mget(session& s, const typed_command& typed)
{
    const auto directory = expand_home(typed.value_of("-O").value_or(""));
    const auto files = find_remote_files(s, typed.arguments);
    std::error_code error;
    if (files && !directory.empty())
        fs::create_directories(to_path(s.local(directory)), error);
    if (error)
        return refuse_local(s, directory, error);
    return files ? transfer_many(s, typed, *files, directory, transfer_direction::download) : outcome::failed;
}

outcome mput(session& s, const typed_command& typed)
{
    auto patterns = typed.arguments;
    std::ranges::transform(patterns, patterns.begin(), expand_home);
    const auto files = expand_all(s, patterns, local_lister(s));
    return files ? transfer_many(s, typed, *files, typed.value_of("-O").value_or(""), transfer_direction::upload)
                 : outcome::failed;
}

outcome pget(session& s, const typed_command& typed)
{
    const auto segments = read_count(s, "-n", typed.value_of("-n"), 4);
    if (!segments)
        return outcome::failed;
    const auto& remote = typed.arguments[0];
    const auto local = typed.arguments.size() > 1 ? expand_home(typed.argument(1)) : last_component(remote);
    return local ? download(s, remote, *local, {.segments = *segments}) : refuse_name(s, remote);
}

outcome limit(session& s, const typed_command& typed)
{
    const auto text = typed.argument(0);
    if (text == "off") {
        s.rate.reset();
    } else if (!text.empty()) {
        const auto bytes = parse_size(text);
        if (!bytes)
            return s.refuse(cause::usage, fmt::format("{}: this is no rate such as 500k, 2M or off.", text));
        s.bytes_per_second = *bytes;
        s.rate = std::make_shared<rate_limit>(*bytes);
    }
    s.out.say(s.rate ? fmt::format("Transfers share {} a second.", format_size(s.bytes_per_second))
                     : "Transfers are as fast as they can be.");
    return outcome::done;
}

} // namespace commands
