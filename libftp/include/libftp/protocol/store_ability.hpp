// What not every store can do: commands that need it are offered only where it is there.
#pragma once

#include <cstdint>

namespace libftp {

enum class store_ability : std::uint8_t {
    none, ///< Every store can.
    set_times,
    set_created,
    set_mode,
    set_group,
    symbolic_links,
    space,
};

} // namespace libftp
