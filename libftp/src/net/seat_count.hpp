// How many sessions a server has, in all or with one address, beside how many it may have.
#pragma once

#include <cstddef>

namespace libftp::net {

struct seat_count {
    std::size_t taken = 0;     ///< By sessions, and by connections that may become one.
    std::size_t lingering = 0; ///< Sessions that have ended, whose peers have not closed their connections yet.

    [[nodiscard]] bool is_empty() const noexcept { return taken == 0 && lingering == 0; }

    /// A session that has ended makes room at once: its client may be back before its connection is gone. But no more
    /// may linger than there are seats: a client that never closes could hold any number of connections.
    [[nodiscard]] bool is_full(std::size_t most) const noexcept { return taken >= most || lingering > most; }

    void end_session() noexcept
    {
        --taken;
        ++lingering;
    }
};

} // namespace libftp::net
