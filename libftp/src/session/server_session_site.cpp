// The commands behind SITE, as the servers that introduced them have them (RFC 959 4.1.3).
#include <libftp/session/server_session.hpp>

#include "../protocol/ascii.hpp"
#include "quoted_words.hpp"

#include <libftp/protocol/reply.hpp>
#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace libftp {

namespace {

constexpr std::chrono::seconds min_idle_limit{30};

/// Three octal digits, or four that begin with 0: set-uid, set-gid and sticky bits cannot be set by FTP.
std::optional<std::uint32_t> parse_mode(std::string_view text) noexcept
{
    const auto mode = ascii::parse_number<std::uint32_t>(text, 8);
    return text.size() <= 4 && mode && *mode <= 0777 ? mode : std::nullopt;
}

struct word_and_name {
    std::string_view word{};
    std::string_view name{};
};

/// The first word and all behind the space after it.
std::optional<word_and_name> split_word_and_name(std::string_view text) noexcept
{
    const auto space = text.find(' ');
    if (space == 0 || space == std::string_view::npos || space + 1 == text.size())
        return std::nullopt;
    return word_and_name{text.substr(0, space), text.substr(space + 1)};
}

/// The times of SITE UTIME may lack seconds.
result<file_time> parse_utime(std::string_view text)
{
    constexpr std::size_t without_seconds = 12;
    return parse_timestamp(text.size() == without_seconds ? std::string{text} + "00" : std::string{text});
}

struct utime_argument {
    std::string name{};
    attribute_changes changes{};
};

/// `<time> <name>`, or `<name> <access> <modification> <creation> UTC` with the name perhaps in quotes.
std::optional<utime_argument> parse_utime_argument(std::string_view text)
{
    const auto short_form = split_word_and_name(text);
    if (short_form) {
        if (const auto time = parse_utime(short_form->word))
            return utime_argument{std::string{short_form->name}, {.modified = *time, .accessed = *time}};
    }
    constexpr std::string_view zone = " UTC";
    if (!text.ends_with(zone))
        return std::nullopt;
    text.remove_suffix(zone.size());
    std::array<file_time, 3> times; // in the order of the text
    for (std::size_t i = times.size(); i-- > 0;) {
        const auto space = text.rfind(' ');
        const auto time = space == std::string_view::npos ? parse_timestamp("") : parse_utime(text.substr(space + 1));
        if (!time)
            return std::nullopt;
        times.at(i) = *time;
        text = text.substr(0, space);
    }
    utime_argument parsed{std::string{text}, {.modified = times[1], .accessed = times[0]}};
    if (text.starts_with('"')) {
        auto name = take_quoted_word(text);
        if (!name || !text.empty())
            return std::nullopt;
        parsed.name = std::move(*name);
    }
    return parsed;
}

} // namespace

void server_session::handle_chmod(const command& c)
{
    const auto split = split_word_and_name(c.argument);
    const auto mode = split ? parse_mode(split->word) : std::nullopt;
    if (!mode)
        return reply(reply_code::argument_error, "SITE CHMOD takes a mode from 0 to 777 and a name.");
    if (auto path = resolve(split->name, permission::mode))
        set_attributes(std::move(*path), {.mode = mode}, reply_code::ok, fmt::format("The mode is now {:04o}.", *mode));
}

void server_session::handle_chgrp(const command& c)
{
    const auto split = split_word_and_name(c.argument);
    if (!split)
        return reply(reply_code::argument_error, "SITE CHGRP takes a group and a name.");
    if (auto path = resolve(split->name, permission::mode))
        set_attributes(std::move(*path), {.group = std::string{split->word}}, reply_code::ok, "The group is changed.");
}

void server_session::handle_umask(const command& c)
{
    if (c.argument.empty())
        return reply(reply_code::ok, umask_ ? fmt::format("The umask is {:03o}.", *umask_)
                                            : std::string{"The umask is the server's own."});
    const auto mask = parse_mode(c.argument);
    if (!mask)
        return reply(reply_code::argument_error, "SITE UMASK takes three octal digits.");
    umask_ = mask;
    reply(reply_code::ok, fmt::format("The umask is now {:03o}.", *mask));
}

void server_session::handle_utime(const command& c)
{
    auto wanted = parse_utime_argument(c.argument);
    if (!wanted)
        return reply(reply_code::argument_error,
                     "SITE UTIME takes YYYYMMDDHHMM[SS] and a name, or a name, three such times and UTC.");
    if (auto path = resolve(wanted->name, permission::times))
        set_attributes(std::move(*path), std::move(wanted->changes), reply_code::ok, "The times are set.");
}

void server_session::handle_symlink(const command& c)
{
    const auto words = split_quoted_words(c.argument);
    if (!words || words->size() != 2)
        return reply(reply_code::argument_error, "SITE SYMLINK takes a target and a name, in quotes if need be.");
    const auto link = resolve((*words)[1], permission::make);
    if (!link)
        return;
    // A relative target starts from the link's own directory, as for ln -s.
    const auto target = link->parent().resolve(words->front());
    if (!target)
        return reply(to_reply_code(target.error()), to_reply_text(target.error()));
    // A link upwards could be moved to where it leads other programs than this server out of the store.
    if (!link->parent().contains(*target))
        return reply(reply_code::file_unavailable, "A link leads to what is in its own directory or below.");
    call_store(store_call::make_symbolic_link{*target, *link}, reply_code::ok, "The link is made.",
               change_report{change_kind::link_made, *target, *link});
}

void server_session::handle_site_mkdir(const command& c)
{
    if (auto path = resolve(c.argument, permission::make))
        start_task(make_directories_task(account_->store, *path, account_->allowed, umask_), reply_code::ok,
                   "The directory is made.", change_report{change_kind::directory_made, *path, {}});
}

void server_session::handle_site_rmdir(const command& c)
{
    if (auto path = resolve(c.argument, permission::remove_directory))
        start_task(make_tree_removal_task(account_->store, *path, account_->allowed), reply_code::ok,
                   "The directory is removed.", change_report{change_kind::directory_removed, *path, {}});
}

void server_session::handle_copy(const command& c)
{
    const auto words = split_quoted_words(c.argument);
    if (!words || words->size() != 2)
        return reply(reply_code::argument_error, "SITE COPY takes two names, in quotes if need be.");
    if (auto from = resolve(words->front(), permission::read))
        copy(std::move(*from), words->back());
}

void server_session::handle_cpfr(const command& c)
{
    copy_from_.reset();
    auto path = resolve(c.argument, permission::read);
    if (!path)
        return;
    path_ = *path;
    call_store(store_call::stat{std::move(*path)}, &server_session::answer_cpfr);
}

void server_session::answer_cpfr(store_answer& /*answer*/)
{
    copy_from_ = std::make_unique<store_path>(path_);
    reply(reply_code::file_action_pending, "Send the name of the copy by SITE CPTO.");
}

void server_session::handle_cpto(const command& c)
{
    const auto from = std::move(copy_from_);
    if (!from)
        return reply(reply_code::bad_sequence, "Send SITE CPFR first.");
    copy(*from, c.argument);
}

void server_session::copy(store_path from, std::string_view to)
{
    auto path = resolve(to, permission::write);
    if (!path)
        return;
    change_report change{change_kind::copied, from, *path};
    start_task(make_copy_task(account_->store, std::move(from), std::move(*path), umask_), reply_code::file_action_ok,
               "Copied.", std::move(change));
}

void server_session::handle_idle(const command& c)
{
    if (c.argument.empty())
        return reply(reply_code::ok, fmt::format("An idle session ends after {} seconds; at most {} can be set.",
                                                 idle_limit_.count(), options_.max_idle_limit.count()));
    const auto wanted = ascii::parse_number<std::uint32_t>(c.argument);
    const auto least = std::min(min_idle_limit, options_.max_idle_limit);
    if (!wanted || std::chrono::seconds{*wanted} < least || std::chrono::seconds{*wanted} > options_.max_idle_limit)
        return reply(reply_code::argument_error,
                     fmt::format("SITE IDLE takes {} to {} seconds.", least.count(), options_.max_idle_limit.count()));
    idle_limit_ = std::chrono::seconds{*wanted};
    reply(reply_code::ok, fmt::format("An idle session ends after {} seconds now.", *wanted));
}

void server_session::handle_who()
{
    append_first_line(output_, reply_code::system_status, "Sessions:");
    for (const auto& session : options_.list_sessions())
        append_inner_line(output_, fmt::format("{} {} {}{}{}", session.id, session.peer.to_string(),
                                               session.user.empty() ? "(not logged in)" : escape_controls(session.user),
                                               session.client.empty() ? "" : ", ", escape_controls(session.client)));
    append_reply(output_, reply_code::system_status, "End.");
    replied(to_int(reply_code::system_status), "Sessions:");
}

} // namespace libftp
