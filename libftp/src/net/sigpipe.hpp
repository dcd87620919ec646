// Keeps a peer that went away from ending the process, where a system call has no MSG_NOSIGNAL.
#pragma once

#include <csignal>

namespace libftp::net {

/// Holds for the calling thread, which moves bytes for a living.
inline void block_sigpipe() noexcept
{
    thread_local const bool blocked = [] {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGPIPE);
        return pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0;
    }();
    static_cast<void>(blocked);
}

} // namespace libftp::net
