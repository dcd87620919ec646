// Writes directory listings: the Unix form that clients parse out of LIST, and the facts of MLSD and MLST (RFC 3659 7).
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/protocol/permission.hpp>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace libftp {

/// A name that a line-based listing can carry: no CR, LF or NUL, not empty.
bool is_listable_name(std::string_view name) noexcept;

/// What `ls -F` puts behind a name: `/` for directories, `@` for links, `*` for files that somebody may execute.
std::string_view type_mark(const file_info& info) noexcept;

/// Appends `-rw-r--r--   1 owner    group        1234 Nov 20 11:30 name` and CRLF. In UTC; the time of day within the
/// last half year before `now`, else the year, as ls does. What is not known shows as a plausible default. `mark` comes
/// behind the name, except where a link's target follows.
/// Precondition: is_listable_name(info.name).
void append_unix_line(std::string& out, const file_info& info, file_time now, std::string_view mark = {});

enum class fact : std::uint8_t {
    type,
    size,
    modify,
    create,
    perm,
    unique,
    media_type, ///< Of files only.
    unix_mode,
    unix_owner,
    unix_group,
};

/// Which facts an MLSD or MLST line carries.
class fact_set {
public:
    constexpr fact_set() noexcept = default;
    /// These facts.
    constexpr fact_set(std::initializer_list<fact> list) noexcept
    {
        for (auto f : list)
            insert(f);
    }
    /// Adds one that may be there already.
    constexpr void insert(fact f) noexcept
    {
        bits_ = static_cast<std::uint16_t>(bits_ | 1U << static_cast<unsigned>(f));
    }
    /// Whether it is in the set.
    [[nodiscard]] constexpr bool has(fact f) const noexcept { return (bits_ >> static_cast<unsigned>(f) & 1U) != 0; }
    /// Whether `others` has all that this has.
    [[nodiscard]] constexpr bool is_within(fact_set others) const noexcept { return (bits_ & ~others.bits_) == 0; }
    /// Every fact this library knows.
    static constexpr fact_set all() noexcept
    {
        return {fact::type,   fact::size,       fact::modify,    fact::create,     fact::perm,
                fact::unique, fact::media_type, fact::unix_mode, fact::unix_owner, fact::unix_group};
    }
    /// What a session starts with.
    static constexpr fact_set standard() noexcept
    {
        return {fact::type, fact::size, fact::modify, fact::perm, fact::unique, fact::unix_mode};
    }
    friend constexpr bool operator==(fact_set, fact_set) noexcept = default;

private:
    std::uint16_t bits_ = 0;
};

/// `type*;size*;modify;`: all facts, a star behind each chosen one (RFC 3659 7.8, the FEAT line without "MLST ").
std::string format_fact_choices(fact_set chosen);

/// The argument of OPTS MLST: `type;size;`. Unknown names are ignored, as RFC 3659 7.9 wants.
fact_set parse_fact_choices(std::string_view text);

/// The chosen facts as `type;size;`: what OPTS MLST answers (RFC 3659 7.9), and what parse_fact_choices() reads.
std::string format_fact_names(fact_set chosen);

/// Appends `type=file;size=1234;modify=19980615100045;perm=r; name`, without a line end. `allowed` is what the account
/// may do; it makes the perm fact. A media type that is not known is guessed from info.name.
/// Precondition: is_listable_name(name).
void append_facts(std::string& out, const file_info& info, fact_set facts, permissions allowed, std::string_view name);

} // namespace libftp
