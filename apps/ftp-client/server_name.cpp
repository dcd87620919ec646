// A bookmark goes before a host of its name, and stands for its URL.
#include "server_name.hpp"

#include "bookmark_file.hpp"
#include "bookmarks.hpp"

#include <algorithm>
#include <string>

using namespace libftp;

std::optional<ftp_url> read_server(std::string_view name, const known_logins& logins)
{
    std::string text{name};
    if (is_bookmark_name(name))
        text = find_bookmark(read_bookmarks().value_or(""), name).value_or(text);
    const bool is_url = text.find("://") != std::string::npos;
    ftp_url server;
    if (is_url) {
        auto url = parse_ftp_url(text);
        if (!url)
            return std::nullopt;
        server = std::move(*url);
    } else if (text.find('/') != std::string::npos || std::ranges::count(text, ':') == 1) {
        return std::nullopt; // a URL that lacks its scheme
    } else if (text.starts_with('[')) {
        auto address = parse_ftp_url("ftp://" + text);
        if (!address || !text.ends_with(']'))
            return std::nullopt;
        server.host = std::move(address->host);
    } else {
        server.host = text;
    }
    if (server.user.empty())
        server.user = logins.user_for(server.host);
    if (server.user.empty() && is_url)
        server.user = "anonymous";
    return server;
}
