// A URL that is read is shown without its password, and read again as the same.
#include "fuzzing.hpp"

#include <libftp/protocol/url.hpp>

namespace libftp::fuzz {

void run(std::string_view input)
{
    const std::string text{input};
    const auto hidden = find_url_password(text);
    if (hidden)
        require(hidden->data() >= text.data() && hidden->data() + hidden->size() <= text.data() + text.size(),
                "what is hidden is a part of the text");
    const auto url = parse_ftp_url(text);
    if (!url)
        return;
    require(!url->host.empty() && url->port != 0, "a URL names a host and a port");
    require(!url->password || hidden.has_value(), "a password is found, to be hidden");
    for (const auto& part : {url->host, url->user, url->path}) {
        for (const char byte : part)
            require(static_cast<unsigned char>(byte) >= ' ' && byte != '\x7f', "no part holds a control byte");
    }
    const auto shown = format_ftp_url(*url);
    const auto again = parse_ftp_url(shown);
    require(again.has_value(), "what is shown is a URL");
    require(again->scheme == url->scheme && again->host == url->host && again->port == url->port &&
                again->user == url->user && again->path == url->path && again->type == url->type,
            "a URL is read back");
    require(!again->password, "a password is not shown");
    require(format_ftp_url(*again) == shown, "a URL has one plain form");
}

} // namespace libftp::fuzz
