// Takes ftp URLs apart before decoding, so that an encoded delimiter is never taken for one.
#include <libftp/protocol/url.hpp>

#include "ascii.hpp"

#include <libftp/endpoint.hpp>
#include <libftp/error.hpp>

#include <algorithm>
#include <array>

namespace libftp {

namespace {

struct scheme_row {
    std::string_view text;
    ftp_scheme scheme;
    std::uint16_t port;
};
constexpr std::array schemes{
    scheme_row{"ftp://", ftp_scheme::ftp, 21},
    scheme_row{"ftps://", ftp_scheme::ftps, implicit_tls_port},
    scheme_row{"ftpes://", ftp_scheme::ftpes, 21},
};

constexpr std::string_view type_suffix = ";type=";

std::optional<std::string> decode(std::string_view text)
{
    std::string decoded;
    decoded.reserve(text.size());
    while (!text.empty()) {
        char byte = text.front();
        text.remove_prefix(1);
        if (byte == '%') {
            const auto code = ascii::parse_number<std::uint8_t>(text.substr(0, 2), 16);
            if (!code || text.size() < 2)
                return std::nullopt;
            byte = static_cast<char>(*code);
            text.remove_prefix(2);
        }
        if (ascii::is_control(byte))
            return std::nullopt;
        decoded.push_back(byte);
    }
    return decoded;
}

/// Whether all went well. `text` is user, or user:password.
bool read_user(ftp_url& url, std::string_view text)
{
    const auto colon = text.find(':');
    auto user = decode(text.substr(0, colon));
    if (!user)
        return false;
    url.user = std::move(*user);
    if (colon == std::string_view::npos)
        return true;
    auto password = decode(text.substr(colon + 1));
    if (!password)
        return false;
    url.password.emplace(*password);
    wipe(password->data(), password->size());
    return true;
}

/// `text` stood in brackets: an IPv6 address, a link-local one with its interface behind %25 (RFC 6874), or behind the
/// bare % that other programs show.
std::optional<std::string> read_ipv6_host(std::string_view text)
{
    constexpr std::string_view encoded_mark = "25";
    const auto mark = text.find('%');
    std::string host{text.substr(0, mark)};
    if (host.find(':') == std::string::npos || !ip_address::parse(host))
        return std::nullopt;
    if (mark == std::string_view::npos)
        return host;
    text.remove_prefix(mark + 1);
    // Alone it is the number of an interface.
    if (text.starts_with(encoded_mark) && text != encoded_mark)
        text.remove_prefix(encoded_mark.size());
    const auto interface_name = decode(text);
    if (!interface_name || interface_name->empty())
        return std::nullopt;
    return host + '%' + *interface_name;
}

/// `text` is host, host: or host:port; an IPv6 address stands in brackets.
bool read_host(ftp_url& url, std::string_view text)
{
    const bool in_brackets = text.starts_with('[');
    const auto host_end = in_brackets ? text.find(']') : text.find(':');
    if (in_brackets) {
        if (host_end == std::string_view::npos)
            return false;
        auto host = read_ipv6_host(text.substr(1, host_end - 1));
        if (!host)
            return false;
        url.host = std::move(*host);
        text.remove_prefix(host_end + 1);
    } else {
        auto host = decode(text.substr(0, host_end));
        // An encoded colon would make it look like an IPv6 address, which has brackets. What the others would begin
        // (RFC 3986 3) has no meaning here.
        if (!host || host->empty() || host->find_first_of(":?#") != std::string::npos)
            return false;
        url.host = std::move(*host);
        text.remove_prefix(std::min(host_end, text.size()));
    }

    if (text.empty() || text == ":")
        return true;
    const auto port = ascii::parse_number<std::uint16_t>(text.substr(1));
    url.port = port.value_or(0);
    return text.front() == ':' && url.port != 0;
}

/// `text` is all behind the slash that ends the host.
bool read_path(ftp_url& url, std::string_view text)
{
    const auto mark = text.rfind(';');
    if (mark != std::string_view::npos && ascii::starts_with_ignoring_case(text.substr(mark), type_suffix)) {
        const auto type = text.substr(mark + type_suffix.size());
        if (type.size() != 1 || std::string_view{"aAiIdD"}.find(type) == std::string_view::npos)
            return false;
        url.type = static_cast<char>(type.front() | 0x20);
        text = text.substr(0, mark);
    }
    auto path = decode(text);
    if (!path)
        return false;
    url.path = std::move(*path);
    return true;
}

/// `unreserved` of RFC 3986, and what belongs to the path's own form.
std::string encode(std::string_view text, std::string_view plain = {})
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (ascii::is_letter(byte) || ascii::is_digit(byte) ||
            std::string_view{"-._~"}.find(byte) != std::string_view::npos || plain.find(byte) != std::string_view::npos)
            encoded.push_back(byte);
        else
            encoded.append({'%', digits[code >> 4U], digits[code & 0xfU]});
    }
    return encoded;
}

std::string encode_host(std::string_view host)
{
    if (host.find(':') == std::string_view::npos)
        return encode(host);
    const auto mark = host.find('%');
    const std::string address{host.substr(0, mark)};
    return '[' + (mark == std::string_view::npos ? address : address + "%25" + encode(host.substr(mark + 1))) + ']';
}

} // namespace

result<ftp_url> parse_ftp_url(std::string_view text)
{
    const auto* const scheme = std::ranges::find_if(
        schemes, [text](const auto& row) { return ascii::starts_with_ignoring_case(text, row.text); });
    if (scheme == schemes.end())
        return protocol_errc::address_malformed;
    text.remove_prefix(scheme->text.size());
    const auto slash = text.find('/');
    auto host = text.substr(0, slash);

    ftp_url url;
    url.scheme = scheme->scheme;
    url.port = scheme->port;
    // People leave an @ in a password as it is; a host never has one.
    if (const auto at = host.rfind('@'); at != std::string_view::npos) {
        if (!read_user(url, host.substr(0, at)))
            return protocol_errc::address_malformed;
        host.remove_prefix(at + 1);
    }
    if (!read_host(url, host))
        return protocol_errc::address_malformed;
    if (slash != std::string_view::npos && !read_path(url, text.substr(slash + 1)))
        return protocol_errc::address_malformed;
    return url;
}

std::string format_ftp_url(const ftp_url& url)
{
    const auto& scheme = *std::ranges::find(schemes, url.scheme, &scheme_row::scheme);
    std::string text{scheme.text};
    if (!url.user.empty())
        text += encode(url.user) + '@';
    text += encode_host(url.host);
    if (url.port != scheme.port)
        text += ':' + std::to_string(url.port);
    text += '/';
    std::string_view path = url.path;
    if (path.starts_with('/')) {
        text += "%2F";
        path.remove_prefix(1);
    }
    text += encode(path, "/");
    if (url.type != '\0')
        text.append(type_suffix).push_back(url.type);
    return text;
}

std::optional<std::string_view> find_url_password(std::string_view text) noexcept
{
    constexpr std::string_view mark = "://";
    const auto begin = text.find(mark);
    if (begin == std::string_view::npos)
        return std::nullopt;
    // A password may hold what has to be encoded in a URL: a slash, an @, a space.
    const auto user = text.substr(begin + mark.size());
    const auto colon = user.find(':');
    const auto at = user.rfind('@');
    if (at == std::string_view::npos || colon >= at)
        return std::nullopt;
    return user.substr(colon + 1, at - colon - 1);
}

} // namespace libftp
