// Ctrl+C: ends what runs, and not the program.
#pragma once

#include <functional>

/// While one lives, Ctrl+C (SIGINT) calls its function on a thread of its own, and then those of the older ones. It
/// must neither block nor make or destroy an interruption. Without any, Ctrl+C ends the program with 130.
class interruption {
public:
    explicit interruption(std::function<void()> stop);
    ~interruption();
    interruption(const interruption&) = delete;
    interruption& operator=(const interruption&) = delete;

    /// Once, before there are other threads. `last_act` is what is done before the program ends.
    static void set_up(void (*last_act)());

private:
    static void stop_all(void (*last_act)());

    std::function<void()> stop_;
    interruption* older_ = nullptr;
};
