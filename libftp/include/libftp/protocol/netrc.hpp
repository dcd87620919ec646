// Reads .netrc, the file in which FTP programs have looked up logins since 4.2BSD.
#pragma once

#include <libftp/result.hpp>
#include <libftp/secret.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// What a .netrc says of one machine, or of all others.
struct netrc_entry {
    std::optional<std::string> machine{}; ///< Nothing: the entry `default`, which is for every host.
    std::string user{};                   ///< Empty: none is given.
    std::optional<secret> password{};     ///< May be given and empty.
    std::optional<secret> account{};
};

/// Where the file cannot be read on.
struct netrc_fault {
    std::size_t line = 0; ///< From 1.
    std::string text{};   ///< A sentence, without words of the file: they might be parts of a password.
};

/// Reports it as an exception: std::runtime_error. result<T>::value() calls it.
[[noreturn]] void throw_error(const netrc_fault& fault);

/// The words `machine NAME` and `default` begin an entry; `login NAME`, `password TEXT` (or `passwd`) and
/// `account TEXT` belong to the last one. Words are parted by blanks and line ends; one with a blank in it stands in
/// double quotes, and a backslash takes the next byte as it is. `#` in the place of a keyword begins a comment. What
/// `macdef NAME` defines, up to the next empty line, is skipped.
result<std::vector<netrc_entry>, netrc_fault> parse_netrc(std::string_view text);

/// The first entry for that host, in any letter case, and that user; an empty `user` stands for any, and so does an
/// entry without one. nullptr: there is none.
const netrc_entry* find_netrc_entry(std::span<const netrc_entry> entries, std::string_view host,
                                    std::string_view user = {}) noexcept;

} // namespace libftp
