// Runs what is to happen.
#include "event_queue.hpp"

#include <algorithm>
#include <utility>

namespace libftp::simulation {

void event_queue::at(clock::time_point when, std::function<void()> what)
{
    waiting_.push_back({std::max(when, now_), asked_++, std::move(what)});
    std::ranges::push_heap(waiting_, std::greater<>{});
}

bool event_queue::run_next()
{
    if (waiting_.empty())
        return false;
    std::ranges::pop_heap(waiting_, std::greater<>{});
    const auto next = std::move(waiting_.back());
    waiting_.pop_back();
    now_ = next.when;
    ++happened_;
    next.what();
    return true;
}

} // namespace libftp::simulation
