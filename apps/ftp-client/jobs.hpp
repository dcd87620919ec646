// Commands that run in the background, each on a thread and a connection of its own.
#pragma once

#include "job_reporter.hpp"
#include "typed_command.hpp"

#include <libftp/result.hpp>

#include <condition_variable>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

/// Used by one thread, but for stop_waiting() and interrupt().
class job_list {
public:
    job_list() = default;
    /// Ends those that run.
    ~job_list();
    job_list(const job_list&) = delete;
    job_list& operator=(const job_list&) = delete;

    /// Runs a command on a session like `s`; `line` is how it is shown. Returns its number. Errors: the system's, which
    /// has no thread for it.
    libftp::result<unsigned> start(const session& s, typed_command command, std::string line);

    /// In their order, those included that have ended and were not told.
    [[nodiscard]] std::vector<unsigned> numbers() const;
    [[nodiscard]] std::size_t running() const;
    /// `[1] running  get a.jpg`, and a line for each of its transfers.
    void show(reporter& out, std::size_t width) const;

    /// Listens to a job until it has ended, or stop_waiting() was called; says so then, and forgets it. Its outcome;
    /// nothing if it still runs. Precondition: it is one of numbers().
    std::optional<outcome> wait_for(unsigned number, reporter& out);
    /// From any thread.
    void stop_waiting();
    /// Has a job end soon. From any thread.
    void interrupt(unsigned number);
    /// What jobs that have ended said.
    void tell_ended(reporter& out);

private:
    struct job {
        unsigned number = 0;
        std::string line{};
        std::unique_ptr<job_reporter> out{};
        std::unique_ptr<session> place{};
        typed_command command{};
        bool has_news = false;
        std::optional<outcome> result{}; ///< When it has ended.
        std::thread thread{};
    };

    void run(job& which);
    static outcome run_command(const job& which);
    std::list<job>::iterator find(unsigned number);
    outcome tell_end(std::list<job>::iterator which, reporter& out);

    mutable std::mutex
        mutex_; ///< For what several threads use: has_news, result, stops_waiting_ and whether a job is there.
    std::condition_variable changed_;
    std::list<job> jobs_;
    bool stops_waiting_ = false;
};
