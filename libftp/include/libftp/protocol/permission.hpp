// What an account may do; each row of the command table names what its verb needs.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace libftp {

/// What may be allowed or not.
enum class permission : std::uint8_t {
    none,             ///< A verb that needs nothing but the login.
    list,             ///< See names and facts.
    read,             ///< Download.
    write,            ///< Upload, replacing what is there.
    append,           ///< Change a file in place: APPE and, together with write, STOR after REST.
    delete_file,      ///< "delete" in texts.
    remove_directory, ///< "remove" in texts.
    rename,
    make,       ///< Create directories and links.
    times,      ///< Set the times of files and directories.
    mode,       ///< Set the mode and the group.
    administer, ///< "admin" in texts: see who else is there.
};

/// A set of permissions.
class permissions {
public:
    constexpr permissions() noexcept = default;
    /// These permissions.
    constexpr permissions(std::initializer_list<permission> list) noexcept
    {
        for (auto p : list)
            bits_ |= bit(p);
    }

    /// To list and to download.
    static constexpr permissions read_only() noexcept { return {permission::list, permission::read}; }
    /// Everything but permission::administer.
    static constexpr permissions full() noexcept
    {
        return {permission::list,        permission::read,
                permission::write,       permission::append,
                permission::rename,      permission::make,
                permission::delete_file, permission::times,
                permission::mode,        permission::remove_directory};
    }

    /// permission::none is always allowed.
    [[nodiscard]] constexpr bool allows(permission p) const noexcept
    {
        return p == permission::none || (bits_ & bit(p)) != 0;
    }

    /// "list,read,write", where "read-only" and "full" stand for several, or "none"; nothing for an unknown word.
    static std::optional<permissions> parse(std::string_view text);
    /// The text that parse() reads.
    [[nodiscard]] std::string to_string() const;

    friend constexpr bool operator==(permissions, permissions) noexcept = default;

private:
    static constexpr std::uint16_t bit(permission p) noexcept
    {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(p));
    }
    std::uint16_t bits_ = 0;
};

} // namespace libftp
