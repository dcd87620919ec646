// What is known of servers that differ from the RFCs, or that can do more than they say: one table, as data.
#pragma once

#include <libftp/protocol/listing_parser.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// What a row of the table changes; several at once are joined by `|`.
enum class server_effect : std::uint32_t {
    none = 0,
    no_extended_passive = 1U << 0,   ///< EPSV and EPRT lead nowhere: PASV and PORT from the start.
    no_mlsd = 1U << 1,               ///< MLSD is in FEAT, but not to be used.
    no_utf8_option = 1U << 2,        ///< OPTS UTF8 ON is not to be sent.
    list_all = 1U << 3,              ///< LIST hides some files unless it is sent as LIST -a.
    list_by_directory = 1U << 4,     ///< LIST of a path does not work: it takes CWD there and back.
    keeps_order = 1U << 5,           ///< Commands sent during a transfer are answered after it, in their order.
    step_by_step = 1U << 6,          ///< Commands must not be sent before the last one is answered.
    listing_times_are_utc = 1U << 7, ///< LIST tells times in UTC.
    /// Commands may be sent before the last one is answered, but none while data moves. A transfer command may come
    /// before the data connection that it is for, where that is in clear.
    reads_ahead = 1U << 8,
};

/// Both effects.
constexpr server_effect operator|(server_effect a, server_effect b) noexcept
{
    return static_cast<server_effect>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
/// Whether `one` is among `all`.
constexpr bool has(server_effect all, server_effect one) noexcept
{
    return (static_cast<std::uint32_t>(all) & static_cast<std::uint32_t>(one)) != 0;
}

/// Which words of the server tell it.
enum class server_words : std::uint8_t {
    greeting, ///< The reply to the connection.
    system,   ///< The reply to SYST, where it was asked for.
    feature,  ///< Any one line of FEAT, without its leading space.
};

/// A row of the table: servers that say this are to be treated so.
struct server_quirk {
    server_words where = server_words::greeting;
    std::string pattern{}; ///< As glob_matches() has it, in any letter case; for the whole line of the reply.
    server_effect effects = server_effect::none;
    std::optional<listing_style> listings{}; ///< The form of LIST.
    std::string source{};                    ///< Where this is known from.
};

/// The rows that come with libftp.
std::span<const server_quirk> known_server_quirks();

/// The effects of all rows that match; the first row that names a form of LIST decides it. Rows of `more` come first.
struct server_manners {
    server_effect effects = server_effect::none;
    std::optional<listing_style> listings{};

    /// Adds what the rows say of this line; `more` are rows besides those that come with libftp.
    void take(server_words where, std::string_view line, std::span<const server_quirk> more);
};

} // namespace libftp
