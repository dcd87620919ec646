// Keeps what is to be done; interruption_*.cpp hear of Ctrl+C.
#include "interruption.hpp"

#include <csignal>
#include <cstdlib>
#include <mutex>
#include <utility>

namespace {

// Nothing here has a destructor, because the thread may outlive main().
std::mutex mutex;
interruption* newest = nullptr;

} // namespace

interruption::interruption(std::function<void()> stop) : stop_(std::move(stop))
{
    const std::lock_guard lock{mutex};
    older_ = newest;
    newest = this;
}

interruption::~interruption()
{
    const std::lock_guard lock{mutex};
    auto** place = &newest;
    while (*place != this)
        place = &(*place)->older_;
    *place = older_;
}

void interruption::stop_all(void (*last_act)())
{
    const std::lock_guard lock{mutex};
    if (newest == nullptr) {
        last_act();
        std::_Exit(128 + SIGINT);
    }
    for (auto* each = newest; each != nullptr; each = each->older_)
        each->stop_();
}
