// Draws the transfers that run at the foot of the terminal, also while nothing moves.
#pragma once

#include "progress_board.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

/// A thread of its own draws a few times a second, so that short transfers leave no trace. Any thread may call.
class progress_display {
public:
    progress_display() = default;
    /// Leaves the terminal as if nothing had been drawn.
    ~progress_display();
    progress_display(const progress_display&) = delete;
    progress_display& operator=(const progress_display&) = delete;

    /// As those of progress_board.
    void plan(const batch_plan& all);
    void began(const std::string& name);
    void progressed(const std::string& name, const libftp::transfer_progress& made);
    void done(const std::string& name, std::uint64_t bytes);
    void stopped(const std::string& name);
    void clear();

    /// Runs `write`, which may write whole lines to the terminal, with nothing drawn there; it is drawn again below.
    void make_room(const std::function<void()>& write);

private:
    void change(const std::function<void(progress_board&)>& how);
    void run();
    void draw();
    void erase();

    std::mutex mutex_;
    std::condition_variable changed_;
    progress_board board_;
    std::size_t lines_drawn_ = 0;
    bool is_ending_ = false;
    std::thread drawer_; ///< From the first transfer on.
};
