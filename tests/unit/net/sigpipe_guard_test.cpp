// What is left of SIGPIPE on a caller's thread.
#include <doctest/doctest.h>

#include "net/sigpipe_guard.hpp"
#include "net/system_calls.hpp"

#include <csignal>
#include <thread>

#include <pthread.h>

using namespace libftp::net;

namespace {

sigset_t only_sigpipe()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    return signals;
}

bool is_blocked()
{
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    return sigismember(&blocked, SIGPIPE) == 1;
}

bool is_pending()
{
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

/// As a sendfile to a peer that went away.
void raise_here()
{
    pthread_kill(pthread_self(), SIGPIPE);
}

template <class Job>
void on_new_thread(Job job)
{
    std::thread{job}.join();
}

} // namespace

TEST_CASE("With the guard SIGPIPE is let through again, and what the library has brought about is gone")
{
    on_new_thread([] {
        for (int i = 0; i < 2; ++i) {
            {
                const sigpipe_guard guard;
                block_sigpipe();
                CHECK(is_blocked());
                raise_here();
                CHECK(is_pending());
            }
            CHECK_FALSE(is_blocked());
            CHECK_FALSE(is_pending());
        }
    });
}

TEST_CASE("Who has blocked SIGPIPE keeps it so, and only the library's own signal is taken away")
{
    on_new_thread([] {
        const auto signals = only_sigpipe();
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        {
            const sigpipe_guard guard;
            block_sigpipe();
            raise_here();
        }
        CHECK(is_blocked());
        CHECK_FALSE(is_pending());
        raise_here();
        {
            const sigpipe_guard guard;
            block_sigpipe();
        }
        CHECK(is_blocked());
        CHECK(is_pending());
    });
}
