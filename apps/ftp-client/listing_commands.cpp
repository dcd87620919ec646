// Asks for listings, and leaves to the reporter how they look.
#include "listing_commands.hpp"

#include "content_output.hpp"
#include "name_expansion.hpp"
#include "words.hpp"

#include <libftp/net/now.hpp>
#include <libftp/protocol/glob.hpp>

#include <fmt/format.h>

#include <algorithm>

using namespace libftp;

namespace commands {

namespace {

/// Takes the first line off what a server sent.
std::string_view take_line(std::string_view& text)
{
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

outcome show_text(session& s, const typed_command& typed, const std::string& argument, operation::listing_verb verb)
{
    const auto text = s.client.listing_text(argument, verb);
    if (!text)
        return refuse_listing(s, typed.name, text.error());
    // Some servers part the columns by tabs, and name from facts in EPLF.
    for (std::string_view rest = *text; !rest.empty();)
        s.out.print(for_terminal(take_line(rest)));
    s.out.reply(s.last_reply);
    return outcome::done;
}

/// A directory, and what in it is asked for.
struct listed_place {
    std::string directory;
    std::string pattern{}; ///< Empty: everything.
};

listed_place place_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    const auto last = path.substr(slash + 1); // without a slash all of it
    if (!is_glob(last))
        return {path};
    return {slash == std::string::npos ? "" : path.substr(0, std::max<std::size_t>(slash, 1)), last};
}

client_result<parsed_listing> find_entries(session& s, const listed_place& asked)
{
    auto listing = s.client.list(asked.directory);
    if (!listing)
        return listing;
    if (s.known_directory)
        s.listings.remember(remote_listings::absolute(*s.known_directory, asked.directory), listing->entries,
                            net::now());
    std::erase_if(listing->entries, [&asked](const listed_entry& each) {
        return !asked.pattern.empty() && !fits_pattern(asked.pattern, each.name);
    });
    return listing;
}

outcome show_entries(session& s, const std::string& path, listing_look look)
{
    auto asked = place_of(path);
    auto listing = find_entries(s, asked);
    if (listing && listing->entries.empty() && !asked.pattern.empty()) {
        asked = {path}; // a directory may have such a name
        listing = find_entries(s, asked);
    }
    if (!listing)
        return refuse_listing(s, path.empty() ? "." : path, listing.error());
    std::ranges::sort(listing->entries, {}, &listed_entry::name);
    s.out.listing(asked.directory, listing->entries, look);
    if (const auto why = tell_refused(s, *listing))
        return s.refuse(path.empty() ? "." : path, *why);
    return outcome::done;
}

/// A name with blanks in it needs no quotes here, as it needs none behind LIST.
std::string path_of(const typed_command& typed)
{
    return fmt::format("{}", fmt::join(typed.arguments, " "));
}

listing_look look_of(const typed_command& typed)
{
    if (typed.has("-l"))
        return listing_look::long_form;
    return typed.has("-1") ? listing_look::one_a_line : listing_look::columns;
}

} // namespace

std::optional<operation_error> tell_refused(session& s, const parsed_listing& listing)
{
    constexpr std::size_t longest = 256; // as much of a line as a person needs to find it
    const auto said = std::ranges::find(listing.refused, refusal_reason::error_message, &refused_line::reason);
    if (listing.entries.empty() && said != listing.refused.end())
        return operation_error{protocol_errc::refused_permanently, {0, {said->raw}}};
    for (const auto& line : listing.refused)
        s.out.warn(fmt::format("{}: {}",
                               line.reason == refusal_reason::error_message ? "The server says" : "Not understood",
                               escape_controls(line.raw.substr(0, longest))));
    const bool is_broken_off = listing.is_cut_off && !listing.refused.empty();
    return is_broken_off ? std::optional{operation_error{protocol_errc::transfer_incomplete}} : std::nullopt;
}

client_result<std::vector<file_info>> list_by_names(session& s, const std::string& directory)
{
    const auto text = s.client.listing_text(directory, operation::listing_verb::nlst);
    if (!text)
        return text.error();
    std::vector<file_info> found;
    for (std::string_view rest = *text; !rest.empty();) {
        auto name = last_component(take_line(rest)); // many servers put the directory's path before it
        if (name && escape_controls(*name) == *name)
            found.push_back({.name = std::move(*name)});
    }
    return found;
}

outcome refuse_listing(session& s, std::string_view what, const operation_error& error)
{
    if (error.code == std::errc::file_too_large)
        return s.refuse(cause::transfer, fmt::format("{}: the listing is too large to be kept in memory.", what));
    return s.refuse(what, error);
}

outcome list_for_people(session& s, const typed_command& typed)
{
    if (s.out.wants_entries())
        return list_in_columns(s, typed);
    const bool is_short = typed.has("-1") && !typed.has("-l");
    return show_text(s, typed, path_of(typed),
                     is_short ? operation::listing_verb::nlst : operation::listing_verb::list);
}

outcome list_in_columns(session& s, const typed_command& typed)
{
    return show_entries(s, path_of(typed), look_of(typed));
}

outcome list(session& s, const typed_command& typed)
{
    return show_text(s, typed, typed.argument(0), operation::listing_verb::list);
}

outcome list_names(session& s, const typed_command& typed)
{
    return show_text(s, typed, typed.argument(0), operation::listing_verb::nlst);
}

outcome list_facts(session& s, const typed_command& typed)
{
    return show_text(s, typed, typed.argument(0), operation::listing_verb::mlsd);
}

} // namespace commands
