// Has the library walk through trees, and tells what it does there.
#include "tree_commands.hpp"

#include "../common/quantities.hpp"
#include "listing_commands.hpp"
#include "local_names.hpp"
#include "transfers.hpp"
#include "user_files.hpp"
#include "words.hpp"

#include <libftp/net/now.hpp>
#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <utility>

using namespace libftp;

namespace commands {

namespace {

/// Where a tree is on both sides.
struct tree_roots {
    std::string remote{};
    std::string local{};
};

/// Tells the reporter what happens in a tree.
class tree_teller {
public:
    tree_teller(session& s, const tree_roots& roots, const mirror_options& options)
        : s_(s), roots_(roots), options_(options)
    {
    }

    void progressed(const std::string& path, const transfer_progress& made)
    {
        const auto notice = notice_of(path);
        if (began_.try_emplace(path, net::now()).second)
            s_.out.began(notice);
        s_.out.progressed(notice, made);
    }

    void did(const mirror_event& event)
    {
        const auto path = escape_controls(event.path.empty() ? "." : event.path);
        switch (event.deed) {
        case mirror_deed::transfer: return transferred(event);
        case mirror_deed::make_directory: return say("make", "made", path + '/');
        case mirror_deed::remove_file: return say("remove", "removed", path);
        case mirror_deed::remove_directory: return say("remove", "removed", path + '/');
        case mirror_deed::skip:
            if (event.error.code == protocol_errc::limit_exceeded)
                return leave_out(event.path);
            return skipped(event, path);
        case mirror_deed::fail: break;
        }
        if (began_.erase(event.path) > 0)
            s_.out.stopped(notice_of(event.path));
        s_.refuse(event.path.empty() ? roots_.remote : event.path, event.error);
    }

    /// Nobody has asked for the limits of a walk: what lies behind them is missing.
    [[nodiscard]] bool is_complete() const noexcept { return is_complete_; }
    /// Whether something is there whose name could not be read, or not be used.
    [[nodiscard]] bool has_unread() const noexcept { return has_unread_; }

private:
    void skipped(const mirror_event& event, const std::string& path)
    {
        const auto why = path + ": " + escape_controls(event.error.message());
        has_unread_ = has_unread_ || event.error.code == protocol_errc::listing_malformed ||
                      event.error.code == protocol_errc::name_refused;
        // A link or a device is left out as a matter of course.
        if (options_.is_dry_run || event.error.code == store_errc::not_a_file)
            say("skip", "skipped", why);
        else
            s_.out.warn("skipped " + why);
    }

    void leave_out(const std::string& path)
    {
        is_complete_ = false;
        s_.refuse(cause::refused, fmt::format("{}: this is deeper than {} directories, or behind {} entries.", path,
                                              options_.max_depth, options_.max_entries));
    }

    [[nodiscard]] transfer_notice notice_of(const std::string& path) const
    {
        return {.name = path,
                .local = path_in(roots_.local, path),
                .remote = path_in(roots_.remote, path),
                .direction = options_.direction == mirror_direction::download ? transfer_direction::download
                                                                              : transfer_direction::upload};
    }

    void transferred(const mirror_event& event)
    {
        if (options_.is_dry_run)
            return s_.out.print(
                fmt::format("would transfer {} ({})", escape_controls(event.path), format_size(event.bytes)));
        transfer_result made{.bytes = event.bytes};
        if (const auto began = began_.extract(event.path); !began.empty())
            made.time = net::now() - began.mapped();
        s_.out.transferred(notice_of(event.path), made);
    }

    void say(std::string_view would, std::string_view done, const std::string& what)
    {
        if (options_.is_dry_run)
            s_.out.print(fmt::format("would {} {}", would, what));
        else
            s_.out.say(fmt::format("{} {}", done, what));
    }

    session& s_;
    tree_roots roots_;
    const mirror_options& options_;
    std::map<std::string, clock::time_point> began_;
    bool is_complete_ = true;
    bool has_unread_ = false;
};

batch_result summary_of(const mirror_result& made, const mirror_options& how, clock::duration time)
{
    return {.files = made.transferred,
            .bytes = made.bytes,
            .failures = made.failure_count,
            .time = time,
            .unchanged = made.unchanged,
            .made = made.made,
            .removed = made.removed,
            .skipped = made.skipped_count,
            .is_dry_run = how.is_dry_run};
}

outcome run_tree(session& s, const tree_roots& roots, mirror_options options)
{
    tree_teller teller{s, roots, options};
    options.transfers.type = s.type;
    options.transfers.rate = s.rate;
    if (s.out.wants_progress())
        options.progress = [&teller](const std::string& path, const transfer_progress& made) {
            teller.progressed(path, made);
        };
    options.report = [&teller](const mirror_event& event) { teller.did(event); };

    s.out.batch_began({});
    const auto start = net::now();
    const bool is_download = options.direction == mirror_direction::download;
    const auto made = is_download ? s.client.download_tree(roots.remote, s.local(roots.local), options)
                                  : s.client.upload_tree(s.local(roots.local), roots.remote, options);
    const auto time = net::now() - start;
    s.out.batch_ended(made ? summary_of(*made, options, time) : batch_result{.time = time});
    if (teller.has_unread())
        s.out.warn("Not all lines of the listings could be read: what they name is neither transferred nor removed.");
    if (!made && made.error().code == std::errc::file_too_large)
        return refuse_listing(s, roots.remote, made.error());
    if (!made)
        return refuse_transfer(s, is_download ? roots.remote : roots.local, made.error());
    // An empty directory here would be taken for a copy of an empty one there.
    const bool found_nothing = made->transferred + made->unchanged + made->made == 0;
    if (is_download && teller.has_unread() && found_nothing && made->failure_count == 0)
        return s.refuse(cause::transfer,
                        fmt::format("{}: no line of its listing could be read.", escape_controls(roots.remote)));
    return made->failure_count == 0 && teller.is_complete() ? outcome::done : outcome::failed;
}

std::optional<mirror_options> read_options(session& s, const typed_command& typed, mirror_direction direction)
{
    const auto parallel = read_count(s, "-P", typed.value_of("-P"), 1);
    if (!parallel)
        return std::nullopt;
    mirror_options options{.direction = direction};
    options.sessions = *parallel;
    // Some servers leave after every so many files.
    options.transfers.retry.attempts = s.attempts.value_or(3);
    return options;
}

void add_rules(mirror_options& options, const typed_command& typed)
{
    options.is_dry_run = typed.has("--dry-run");
    if (typed.has("--delete"))
        options.extras = mirror_extras::remove;
    if (typed.has("--follow"))
        options.links = mirror_links::follow;
    if (typed.has("--newer"))
        options.rule = mirror_rule::newer;
    if (typed.has("--size"))
        options.rule = mirror_rule::size;
    if (typed.has("--hash"))
        options.rule = mirror_rule::hash;
    for (const auto& [name, value] : typed.options) {
        if (name == "--include")
            options.include.push_back(value);
        if (name == "--exclude")
            options.exclude.push_back(value);
    }
}

/// The name of a tree at its other end: the last component, or the target itself where the root has none.
std::string name_for(const std::string& path)
{
    auto name = path;
    while (name.size() > 1 && name.ends_with('/'))
        name.pop_back();
    return last_component(name).value_or("");
}

/// Whether the next of several is not even tried. That a connection is lost is said of the first one that it fails.
bool is_over(const session& s, outcome so_far)
{
    return s.is_interrupted() || (so_far == outcome::failed && !s.client.is_connected());
}

/// Some servers tell the size of a directory as of a file. PWD tells whether CWD has led there: others confirm any.
std::optional<bool> can_be_entered(session& s, const std::string& path)
{
    const auto home = remote_directory(s);
    if (home.empty())
        return false;
    const auto entered = s.client.command("CWD", path);
    const auto is_refusal = [](const operation_error& why) {
        return why.session == session_state::usable &&
               (why.code == protocol_errc::refused_permanently || why.code == protocol_errc::refused_transiently);
    };
    if (!entered && is_refusal(entered.error()))
        return false;
    const auto where = s.client.working_directory();
    if (const auto left = s.client.command("CWD", home); !entered || !left) {
        s.client.close(); // no command may do elsewhere what was meant for here
        s.refuse(path, entered ? left.error() : entered.error());
        return std::nullopt;
    }
    return where && name_for(*where) == name_for(path);
}

/// As outcome::failed if one of several has failed.
outcome both(outcome before, outcome after)
{
    return before == outcome::done ? after : before;
}

} // namespace

outcome get_trees(session& s, const typed_command& typed, const std::vector<std::string>& sources,
                  const std::optional<std::string>& target)
{
    const bool goes_inside = !target || is_local_directory(s, *target);
    if (sources.size() > 1 && !goes_inside)
        return s.refuse(cause::usage, fmt::format("{}: there is no such local directory.", *target));
    auto options = read_options(s, typed, mirror_direction::download);
    if (!options)
        return outcome::failed;
    options->rule = typed.has("-c") ? mirror_rule::size_and_time : mirror_rule::always;
    auto result = outcome::done;
    for (const auto& remote : sources) {
        const auto local = goes_inside ? path_in(target.value_or(""), name_for(remote)) : *target;
        if (is_over(s, result))
            break;
        const auto is_tree = is_remote_directory(s, remote);
        if (!is_tree)
            result = outcome::failed;
        else if (!s.is_interrupted())
            result = both(result, *is_tree ? run_tree(s, {remote, local}, *options) : download(s, remote, local));
    }
    return result;
}

outcome put_trees(session& s, const typed_command& typed, const std::vector<std::string>& sources,
                  const std::optional<std::string>& target)
{
    auto goes_inside = std::optional{!target || target->ends_with('/')};
    if (!*goes_inside)
        goes_inside = is_remote_directory(s, *target);
    if (!goes_inside)
        return outcome::failed;
    if (sources.size() > 1 && !*goes_inside)
        return s.refuse(cause::usage, fmt::format("{}: there is no such directory on the server.", *target));
    auto options = read_options(s, typed, mirror_direction::upload);
    if (!options)
        return outcome::failed;
    options->rule = typed.has("-c") ? mirror_rule::size_and_time : mirror_rule::always;
    auto result = outcome::done;
    for (const auto& local : sources) {
        const auto remote = *goes_inside ? path_in(target.value_or(""), name_for(local)) : *target;
        if (is_over(s, result))
            break;
        const bool is_tree = is_local_directory(s, local);
        result = both(result, is_tree ? run_tree(s, {remote, local}, *options) : upload(s, local, remote));
    }
    return result;
}

outcome mirror(session& s, const typed_command& typed)
{
    const bool is_upload = typed.has("-R");
    auto options = read_options(s, typed, is_upload ? mirror_direction::upload : mirror_direction::download);
    if (!options)
        return outcome::failed;
    add_rules(*options, typed);
    // Only what was typed may begin with ~ for the home directory: a name that the server has is a name.
    const auto typed_path = [&typed](std::size_t place, bool is_local) {
        return is_local ? expand_home(typed.argument(place)) : typed.argument(place);
    };
    const auto source = typed.arguments.empty() ? std::string{"."} : typed_path(0, is_upload);
    auto target = typed.arguments.size() > 1 ? typed_path(1, !is_upload) : path_in("", name_for(source));
    if (target.empty())
        target = ".";
    // Before a directory is made for it on the other side. Of the working directory there is nothing to be found out,
    // and of others not every server can tell: without PWD there is no way back from a look into them.
    const auto can_be_told = [&s] { return s.client.features().mlst || !remote_directory(s).empty(); };
    if (!is_upload && source != "." && can_be_told()) {
        const auto found = s.client.stat(source);
        if (!found && (found.error().code == protocol_errc::refused_permanently || s.is_interrupted()))
            return s.refuse(source, found.error());
    }
    return run_tree(s, is_upload ? tree_roots{target, source} : tree_roots{source, target}, *std::move(options));
}

outcome remove(session& s, const typed_command& typed)
{
    auto result = outcome::done;
    for (const auto& name : typed.arguments) {
        if (is_over(s, result))
            break;
        if (!typed.has("-r")) {
            result = both(result, s.acknowledge(s.client.command("DELE", name), name));
            continue;
        }
        removal_options options;
        const tree_roots roots{name, ""};
        const mirror_options looks;
        tree_teller teller{s, roots, looks};
        options.report = [&teller](const mirror_event& event) {
            if (event.deed == mirror_deed::fail || event.error.code == protocol_errc::limit_exceeded)
                teller.did(event);
        };
        const auto removed = s.client.remove_tree(name, options);
        if (!removed)
            return s.refuse(name, removed.error());
        s.out.say(fmt::format("{}: {} removed", escape_controls(name), group_digits(removed->removed)));
        if (removed->failure_count > 0 || !teller.is_complete())
            result = outcome::failed;
    }
    return result;
}

bool is_local_directory(const session& s, const std::string& name)
{
    std::error_code error;
    return std::filesystem::is_directory(to_path(s.local(name)), error);
}

std::optional<bool> is_remote_directory(session& s, const std::string& path)
{
    const auto found = s.client.stat(path);
    if (found) {
        const bool is_sure = found->is_directory() || found->style == listing_style::facts;
        return is_sure ? found->is_directory() : can_be_entered(s, path);
    }
    if (found.error().code != failure::transient && found.error().session == session_state::usable)
        return false;
    s.refuse(path, found.error());
    return std::nullopt;
}

std::string path_in(const std::string& directory, const std::string& name)
{
    if (directory.empty() || name.empty())
        return directory.empty() ? path_of_name(name) : directory;
    return directory + (directory.ends_with('/') ? "" : "/") + name;
}

} // namespace commands
