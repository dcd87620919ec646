// What a person names a server by: a bookmark, [user@]host[:port], a URL.
#pragma once

#include "known_logins.hpp"

#include <libftp/protocol/url.hpp>

#include <optional>
#include <string_view>

/// An IPv6 address may stand in brackets. With the user that `logins` knows for that host where none is named; a URL
/// without any is anonymous. Nothing if a URL is malformed.
std::optional<libftp::ftp_url> read_server(std::string_view name, const known_logins& logins);

/// What is wrong with a URL that could not be read, to go on with behind a colon. Shows nothing of it.
std::string_view fault_of_url(std::string_view url) noexcept;
