// One epoll for all sockets of the program: coroutines wait by it until a descriptor can be read or written.
#pragma once

#include "task.hpp"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <sys/epoll.h>

namespace bench {

class event_loop {
public:
    /// To be awaited; goes straight on where nothing has said yet that the descriptor has to wait. So the call of the
    /// system behind it may still find that it would block, and tells that by exhausted().
    struct readiness {
        event_loop& loop;
        int descriptor;
        std::uint32_t event;

        [[nodiscard]] bool await_ready() const { return (loop.at(descriptor).ready & event) != 0; }
        void await_suspend(std::coroutine_handle<> waiter) const { loop.wait(descriptor, event, waiter); }
        void await_resume() const noexcept {}
    };

    event_loop();
    event_loop(const event_loop&) = delete;
    event_loop& operator=(const event_loop&) = delete;
    ~event_loop();

    readiness readable(int descriptor) noexcept { return {*this, descriptor, EPOLLIN}; }
    readiness writable(int descriptor) noexcept { return {*this, descriptor, EPOLLOUT}; }
    /// Nothing more can be read, or written, before the system says so. It speaks of changes alone: one call of
    /// epoll_ctl serves the whole life of most sockets, and none at all one that never blocks.
    void exhausted(const readiness& of);
    /// Before close(): the number may come again.
    void forget(int descriptor) { at(descriptor) = {}; }

    /// Does make(0), ..., make(count - 1), so many at once; the first failure ends it.
    void run(std::size_t count, std::size_t at_once, const std::function<task<>(std::size_t)>& make);

private:
    struct watched {
        std::coroutine_handle<> waiter{};
        std::uint32_t awaited = 0;
        std::uint32_t registered = 0;
        std::uint32_t ready = EPOLLIN | EPOLLOUT; ///< Or not known.
        std::uint32_t ended = 0;                  ///< What stays ready: the other side sends no more.
    };

    /// By number instead of by address: what is told of a socket that has just been closed finds none, or at worst
    /// makes another one try in vain.
    watched& at(int descriptor);
    void wait(int descriptor, std::uint32_t event, std::coroutine_handle<> waiter);
    void go_on();

    int epoll_;
    std::vector<watched> sockets_{};
};

} // namespace bench
