// The clock that this layer hands to its sessions.
#pragma once

#include <libftp/clock.hpp>

namespace libftp::net {

/// The system's time when the process first asked, moved on by the steady clock: it never runs backwards. Any thread.
clock::time_point now() noexcept;

} // namespace libftp::net
