// SIGPIPE of a thread that is not the library's own: blocked while the library needs it, and then as it was.
#pragma once

namespace libftp::net {

/// For as long as the library runs on a caller's thread. It costs nothing where SIGPIPE was not blocked meanwhile.
class sigpipe_guard {
public:
    sigpipe_guard() noexcept = default;
    /// Undoes block_sigpipe(), and takes the signal away that a peer which went away has left.
    ~sigpipe_guard();
    sigpipe_guard(const sigpipe_guard&) = delete;
    sigpipe_guard& operator=(const sigpipe_guard&) = delete;
};

} // namespace libftp::net
