// A handler may hardly do anything, so it wakes a thread that may.
#include "interruption.hpp"

#include <thread>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace {

int wake_up[2] = {-1, -1};

extern "C" void note_interrupt(int /*signal*/)
{
    const int error = errno;
    const char byte = 0;
    [[maybe_unused]] const auto written = write(wake_up[1], &byte, 1);
    errno = error;
}

} // namespace

void interruption::set_up(void (*last_act)())
{
    struct sigaction before {};
    sigaction(SIGINT, nullptr, &before);
    if (before.sa_handler == SIG_IGN) // nohup, or a job in the background
        return;
    if (pipe2(wake_up, O_CLOEXEC) != 0)
        return;
    fcntl(wake_up[1], F_SETFL, O_NONBLOCK);
    std::thread{[last_act] {
        char byte = 0;
        while (true) {
            if (read(wake_up[0], &byte, 1) == 1)
                stop_all(last_act);
            else if (errno != EINTR)
                return;
        }
    }}.detach();
    struct sigaction action {};
    action.sa_handler = note_interrupt;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
}
