// What a store can refuse, and the reply that each refusal becomes (RFC 959 5.4).
#pragma once

#include <libftp/protocol/reply_code.hpp>

#include <optional>
#include <string_view>
#include <system_error>

namespace libftp {

/// A store's own refusals. A store may also return any other std::error_code, such as the system's: to_store_errc()
/// tells those that mean the same as one of these, and the rest become reply 451. The other way round, a refusal
/// compares equal to the std::errc that means the same, where there is one.
enum class store_errc {
    not_found = 1,        ///< 550
    permission_denied,    ///< 550
    already_exists,       ///< 550
    is_a_directory,       ///< 550
    not_a_directory,      ///< 550
    not_a_file,           ///< 550: a device, a socket, a queue
    directory_not_empty,  ///< 550
    name_not_allowed,     ///< 553
    busy,                 ///< 450
    insufficient_storage, ///< 452
    quota_exceeded,       ///< 552
    offset_invalid,       ///< 554: behind the end of the file
    not_supported,        ///< 502: this store has no such operation
    read_only,            ///< 550
    limit_exceeded,       ///< 451: more names than a listing or a task looks at
};

/// The category of store_errc.
const std::error_category& store_category() noexcept;

/// So that an enumerator is an error_code where one is wanted.
inline std::error_code make_error_code(store_errc code) noexcept
{
    return {static_cast<int>(code), store_category()};
}

/// The refusal that `error` is or means; nothing for an error that says only that something went wrong.
std::optional<store_errc> to_store_errc(const std::error_code& error) noexcept;

/// The reply for a failed store call.
reply_code to_reply_code(const std::error_code& error) noexcept;

/// What to tell the client about it: never a path of the host, never a text of the operating system.
std::string_view to_reply_text(const std::error_code& error) noexcept;

} // namespace libftp

template <>
struct std::is_error_code_enum<libftp::store_errc> : std::true_type {
};
