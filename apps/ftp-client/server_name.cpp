// A bookmark goes before a host of its name, and stands for its URL.
#include "server_name.hpp"

#include "bookmark_file.hpp"
#include "bookmarks.hpp"

#include <algorithm>
#include <string>

using namespace libftp;

namespace {

/// `[user@]host[:port]`. A path would need the scheme, without which it may be that of a local file; and so would a
/// password, which would not be found where it is to be hidden.
std::optional<ftp_url> read_place(const std::string& text)
{
    const bool is_ipv6_address = std::ranges::count(text, ':') > 1 && text.find_first_of("[@") == std::string::npos;
    if (is_ipv6_address)
        return ftp_url{.host = text};
    if (text.find('/') != std::string::npos)
        return std::nullopt;
    auto place = parse_ftp_url("ftp://" + text);
    if (!place || place->password)
        return std::nullopt;
    return std::move(*place);
}

} // namespace

std::optional<ftp_url> read_server(std::string_view name, const known_logins& logins)
{
    std::string text{name};
    if (is_bookmark_name(name))
        text = find_bookmark(read_bookmarks().value_or(""), name).value_or(text);
    const bool is_url = text.find("://") != std::string::npos;
    std::optional<ftp_url> server;
    if (!is_url)
        server = read_place(text);
    else if (auto url = parse_ftp_url(text))
        server = std::move(*url);
    if (!server)
        return std::nullopt;
    if (server->user.empty())
        server->user = logins.user_for(server->host);
    if (server->user.empty() && is_url)
        server->user = "anonymous";
    return server;
}
