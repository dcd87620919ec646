// A bookmark goes before a host of its name, and stands for its URL.
#include "server_name.hpp"

#include "../common/quantities.hpp"
#include "bookmark_file.hpp"
#include "bookmarks.hpp"
#include "typed_command.hpp"

#include <algorithm>
#include <array>
#include <cctype>
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

bool has_known_scheme(std::string_view url) noexcept
{
    static constexpr std::array<std::string_view, 3> schemes{"ftp://", "ftps://", "ftpes://"};
    return std::ranges::any_of(
        schemes, [url](std::string_view scheme) { return equal_ignoring_case(url.substr(0, scheme.size()), scheme); });
}

bool has_bare_percent(std::string_view url) noexcept
{
    const auto is_hexadecimal = [](char byte) { return std::isxdigit(static_cast<unsigned char>(byte)) != 0; };
    for (auto i = url.find('%'); i != std::string_view::npos; i = url.find('%', i + 1)) {
        const auto code = url.substr(i + 1, 2);
        if (code.size() < 2 || !std::ranges::all_of(code, is_hexadecimal))
            return true;
    }
    return false;
}

/// Whether there is a port, and none that there can be.
bool has_bad_port(std::string_view url) noexcept
{
    const auto scheme_end = url.find("://");
    auto host = scheme_end == std::string_view::npos ? url : url.substr(scheme_end + 3);
    host = host.substr(0, host.find('/'));
    host.remove_prefix(host.rfind('@') + 1); // npos + 1 is 0
    host.remove_prefix(host.rfind(']') + 1);
    const auto colon = host.find(':');
    return colon != std::string_view::npos && colon + 1 != host.size() &&
           parse_number<std::uint16_t>(host.substr(colon + 1)).value_or(0) == 0;
}

} // namespace

std::string_view fault_of_url(std::string_view url) noexcept
{
    if (url.find("://") != std::string_view::npos && !has_known_scheme(url))
        return "it begins with none of ftp://, ftps:// and ftpes://";
    if (has_bare_percent(url))
        return "a % in it needs two hexadecimal digits behind it, and itself is %25";
    if (has_bad_port(url))
        return "its port is no number from 1 to 65535";
    return "its form is ftp://user@host:port/path";
}

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
