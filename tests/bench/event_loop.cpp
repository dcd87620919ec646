// Edge-triggered epoll: first notes everything that it tells, then lets go on who has waited for it.
#include "event_loop.hpp"

#include "failure.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <unistd.h>

namespace bench {

namespace {

constexpr int longest_silence_ms = 120'000;

} // namespace

event_loop::event_loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC))
{
    if (epoll_ < 0)
        fail("epoll_create1");
}

event_loop::~event_loop()
{
    ::close(epoll_);
}

event_loop::watched& event_loop::at(int descriptor)
{
    const auto number = static_cast<std::size_t>(descriptor);
    if (number >= sockets_.size())
        sockets_.resize(std::max<std::size_t>(number + 1, 2 * sockets_.size()));
    return sockets_[number];
}

void event_loop::exhausted(const readiness& of)
{
    auto& socket = at(of.descriptor);
    socket.ready = (socket.ready & ~of.event) | socket.ended;
}

void event_loop::wait(int descriptor, std::uint32_t event, std::coroutine_handle<> waiter)
{
    auto& socket = at(descriptor);
    socket.waiter = waiter;
    socket.awaited = event;
    if ((socket.registered & event) != 0)
        return;
    epoll_event wanted{};
    wanted.events = socket.registered | event | EPOLLRDHUP | EPOLLET;
    wanted.data.fd = descriptor;
    if (::epoll_ctl(epoll_, socket.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &wanted) != 0)
        fail("epoll_ctl");
    socket.registered |= event;
}

void event_loop::run(std::size_t count, std::size_t at_once, const std::function<task<>(std::size_t)>& make)
{
    std::size_t next = 0;
    std::size_t running = std::min(count, at_once);
    std::exception_ptr error;
    const auto work = [&]() -> task<> {
        try {
            while (next < count)
                co_await make(next++);
        } catch (...) {
            error = std::current_exception();
        }
        --running;
    };
    std::vector<task<>> workers;
    workers.reserve(running);
    while (workers.size() < workers.capacity())
        workers.push_back(work());
    for (const auto& worker : workers)
        worker.begin();
    while (running != 0 && !error)
        go_on();
    if (error)
        std::rethrow_exception(error);
}

void event_loop::go_on()
{
    std::array<epoll_event, 64> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), longest_silence_ms);
    if (count < 0 && errno != EINTR)
        fail("epoll_wait");
    if (count == 0)
        throw failure{"the server has been silent for two minutes"};
    const std::span told{events.data(), static_cast<std::size_t>(std::max(count, 0))};
    for (const auto& event : told) {
        auto& socket = at(event.data.fd);
        if ((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
            socket.ended = EPOLLIN;
        socket.ready |= (event.events & (EPOLLIN | EPOLLOUT)) | socket.ended;
        if ((event.events & (EPOLLHUP | EPOLLERR)) != 0)
            socket.ready |= EPOLLOUT;
    }
    for (const auto& event : told) {
        const auto& socket = at(event.data.fd);
        if (socket.waiter && (socket.ready & socket.awaited) != 0)
            std::exchange(at(event.data.fd).waiter, nullptr).resume();
    }
}

} // namespace bench
