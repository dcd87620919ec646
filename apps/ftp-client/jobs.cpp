// A job begins by connecting to where the session that started it is.
#include "jobs.hpp"

#include "../common/sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

using namespace std::chrono_literals;

job_list::~job_list()
{
    for (auto& each : jobs_)
        each.place->interrupt();
    for (auto& each : jobs_) {
        std::unique_lock lock{mutex_};
        // One that was between two operations did not hear it.
        while (!changed_.wait_for(lock, 100ms, [&each] { return each.result.has_value(); }))
            each.place->interrupt();
        lock.unlock();
        each.thread.join();
    }
}

libftp::result<unsigned> job_list::start(const session& s, typed_command command, std::string line)
try {
    std::list<job> added; // one without a thread would never end
    auto& made = added.emplace_back();
    made.number = jobs_.empty() ? 1 : jobs_.back().number + 1;
    made.line = std::move(line);
    made.command = std::move(command);
    made.out = std::make_unique<job_reporter>([this, &made] {
        const std::lock_guard lock{mutex_};
        made.has_news = true;
        changed_.notify_all();
    });
    made.place = s.clone(*made.out);
    made.thread = std::thread{[this, &made] { run(made); }};
    const std::lock_guard lock{mutex_};
    jobs_.splice(jobs_.end(), added);
    return made.number;
} catch (const std::system_error& error) {
    return error.code();
}

outcome job_list::run_command(const job& which)
{
    auto& s = *which.place;
    try {
        auto result = return_to_place(s);
        if (result == outcome::done)
            result = s.is_interrupted() ? s.refuse(cause::interrupted, "The job was ended.")
                                        : which.command.row->run(s, which.command);
        s.client.quit();
        return result;
    } catch (const std::exception& error) { // the system has no more of something
        return s.refuse(cause::local,
                        fmt::format("{} cannot go on: {}", which.command.name, as_sentence(error.what())));
    }
}

void job_list::run(job& which)
{
    const auto result = run_command(which);
    const std::lock_guard lock{mutex_};
    which.result = result;
    changed_.notify_all();
}

std::vector<unsigned> job_list::numbers() const
{
    std::vector<unsigned> all;
    for (const auto& each : jobs_)
        all.push_back(each.number);
    return all;
}

std::size_t job_list::running() const
{
    const std::lock_guard lock{mutex_};
    return static_cast<std::size_t>(std::ranges::count_if(jobs_, [](const job& each) { return !each.result; }));
}

void job_list::show(reporter& out, std::size_t width) const
{
    for (const auto& each : jobs_) {
        const bool has_ended = [&] {
            const std::lock_guard lock{mutex_};
            return each.result.has_value();
        }();
        out.print(fmt::format("[{}] {}  {}", each.number, has_ended ? "ended  " : "running", each.line));
        for (const auto& line : each.out->lines(width - std::min<std::size_t>(width, 4), 10))
            out.print("    " + line);
    }
}

std::optional<outcome> job_list::wait_for(unsigned number, reporter& out)
{
    const auto which = find(number);
    std::unique_lock lock{mutex_};
    stops_waiting_ = false;
    while (true) {
        changed_.wait(lock, [&] { return which->has_news || which->result || stops_waiting_; });
        which->has_news = false;
        const bool has_ended = which->result.has_value();
        const bool is_left = stops_waiting_;
        lock.unlock();
        if (has_ended)
            return tell_end(which, out);
        if (is_left) {
            which->out->leave(out);
            return std::nullopt;
        }
        which->out->play(out);
        lock.lock();
    }
}

void job_list::stop_waiting()
{
    const std::lock_guard lock{mutex_};
    stops_waiting_ = true;
    changed_.notify_all();
}

void job_list::interrupt(unsigned number)
{
    const std::lock_guard lock{mutex_};
    if (const auto which = find(number); which != jobs_.end())
        which->place->interrupt();
}

void job_list::tell_ended(reporter& out)
{
    for (auto next = jobs_.begin(); next != jobs_.end();) {
        const auto one = next++;
        const bool has_ended = [&] {
            const std::lock_guard lock{mutex_};
            return one->result.has_value();
        }();
        if (has_ended)
            tell_end(one, out);
    }
}

std::list<job_list::job>::iterator job_list::find(unsigned number)
{
    return std::ranges::find(jobs_, number, &job::number);
}

outcome job_list::tell_end(std::list<job>::iterator which, reporter& out)
{
    which->thread.join();
    which->out->play(out);
    const auto result = *which->result;
    out.say(fmt::format("[{}] {}  {}", which->number, result == outcome::done ? "done" : "failed", which->line));
    std::list<job> gone;
    const std::lock_guard lock{mutex_};
    gone.splice(gone.begin(), jobs_, which);
    return result;
}
