// A bookmark leads to a directory of a server, as a user, and never with a password.
#include "bookmark_commands.hpp"

#include "bookmark_file.hpp"
#include "bookmarks.hpp"
#include "server_name.hpp"

#include <fmt/format.h>

#include <optional>

using namespace libftp;

namespace commands {

namespace {

outcome refuse_usage(session& s)
{
    return s.refuse(cause::usage, "Usage: bookmark [list], bookmark add NAME [URL], bookmark delete NAME");
}

/// Nothing: they cannot be read, and the sentence was said.
std::optional<std::string> read_kept(session& s)
{
    auto text = read_bookmarks();
    if (text)
        return *std::move(text);
    s.refuse(cause::local,
             fmt::format("The bookmarks in {} cannot be read: {}.", bookmarks_file(), text.error().message()));
    return std::nullopt;
}

outcome list_bookmarks(session& s)
{
    const auto text = read_kept(s);
    if (!text)
        return outcome::failed;
    const auto all = parse_bookmarks(*text);
    if (all.empty())
        s.out.say("There are no bookmarks; bookmark add NAME keeps the place where you are.");
    for (const auto& each : all)
        s.out.print(escape_controls(fmt::format("{:<20} {}", each.name, each.url)));
    return outcome::done;
}

/// Where the session is.
std::string url_of_place(session& s)
{
    ftp_url place;
    place.scheme = s.server->scheme;
    place.host = s.server->host;
    place.port = s.server->port;
    place.user = s.server->user;
    const auto directory = s.is_logged_in ? remote_directory(s) : std::string{};
    place.path = directory.empty() ? s.server->path : directory;
    return format_ftp_url(place);
}

outcome keep(session& s, const std::string& text)
{
    const auto written = write_bookmarks(text);
    return written ? outcome::done : s.refuse(cause::local, written.error());
}

outcome add(session& s, const std::string& name, const std::string& typed_url)
{
    if (!is_bookmark_name(name))
        return s.refuse(cause::usage, fmt::format("{} is no name for a bookmark: it has no blanks, /, :, @, quotes and "
                                                  "backslashes, and begins with neither # nor -.",
                                                  name));
    std::string url;
    if (typed_url.empty()) {
        if (!s.server)
            return s.refuse(cause::usage, "There is no connection to keep: bookmark add NAME URL names a server.");
        url = url_of_place(s);
    } else {
        const auto parsed = parse_ftp_url(typed_url);
        if (!parsed)
            return s.refuse(cause::usage, fmt::format("This is no URL of a server: {}.", fault_of_url(typed_url)));
        if (parsed->password)
            s.out.say("The password is not kept; ~/.netrc is the place for it.");
        url = format_ftp_url(*parsed);
    }
    const auto text = read_kept(s);
    if (!text)
        return outcome::failed;
    const auto result = keep(s, with_bookmark(*text, {name, url}));
    if (result == outcome::done)
        s.out.say(escape_controls(fmt::format("open {} leads to {} from now on.", name, url)));
    return result;
}

outcome remove(session& s, const std::string& name)
{
    const auto text = read_kept(s);
    if (!text)
        return outcome::failed;
    if (!find_bookmark(*text, name))
        return s.refuse(cause::usage,
                        fmt::format("There is no bookmark {}; bookmark list shows those there are.", name));
    return keep(s, without_bookmark(*text, name));
}

} // namespace

outcome bookmark(session& s, const typed_command& typed)
{
    const auto action = typed.argument(0);
    const auto count = typed.arguments.size();
    if (count == 0 || (action == "list" && count == 1))
        return list_bookmarks(s);
    if (action == "add" && count >= 2)
        return add(s, typed.argument(1), typed.argument(2));
    if (action == "delete" && count == 2)
        return remove(s, typed.argument(1));
    return refuse_usage(s);
}

} // namespace commands
