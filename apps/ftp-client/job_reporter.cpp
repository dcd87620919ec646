// Events are calls that are made later, to whoever listens then.
#include "job_reporter.hpp"

#include <libftp/net/now.hpp>

#include <fmt/format.h>

using namespace libftp;

namespace {

constexpr std::size_t most_events = 1000;

} // namespace

void job_reporter::play(reporter& out)
{
    for (const auto& [name, transfer] : play_events(out))
        out.progressed(transfer.first, transfer.second);
}

void job_reporter::leave(reporter& out)
{
    for (const auto& [name, transfer] : play_events(out))
        out.stopped(transfer.first);
}

std::vector<std::string> job_reporter::lines(std::size_t width, std::size_t height) const
{
    const std::lock_guard lock{mutex_};
    return board_.lines(width, height, net::now());
}

void job_reporter::answer(const libftp::reply& reply)
{
    add([reply](reporter& out) { out.answer(reply); });
}

void job_reporter::say(std::string_view line)
{
    add([text = std::string{line}](reporter& out) { out.say(text); });
}

void job_reporter::print(std::string_view line)
{
    add([text = std::string{line}](reporter& out) { out.print(text); });
}

void job_reporter::listing(std::string_view directory, std::span<const listed_entry> entries, listing_look look)
{
    add([path = std::string{directory}, all = std::vector(entries.begin(), entries.end()), look](reporter& out) {
        out.listing(path, all, look);
    });
}

void job_reporter::began(const transfer_notice& transfer)
{
    {
        const std::lock_guard lock{mutex_};
        running_[transfer.name] = {transfer, {}};
        board_.began(transfer.name, net::now());
    }
    add([transfer](reporter& out) { out.began(transfer); });
}

void job_reporter::progressed(const transfer_notice& transfer, const transfer_progress& made)
{
    {
        const std::lock_guard lock{mutex_};
        running_[transfer.name] = {transfer, made};
        board_.progressed(transfer.name, made, net::now());
    }
    news_();
}

void job_reporter::transferred(const transfer_notice& transfer, const transfer_result& result)
{
    {
        const std::lock_guard lock{mutex_};
        running_.erase(transfer.name);
        board_.done(transfer.name, result.bytes);
    }
    add([transfer, result](reporter& out) { out.transferred(transfer, result); });
}

void job_reporter::stopped(const transfer_notice& transfer)
{
    {
        const std::lock_guard lock{mutex_};
        running_.erase(transfer.name);
        board_.stopped(transfer.name);
    }
    add([transfer](reporter& out) { out.stopped(transfer); });
}

void job_reporter::batch_began(const batch_plan& plan)
{
    const std::lock_guard lock{mutex_};
    board_.plan(plan, net::now());
}

void job_reporter::batch_ended(const batch_result& result)
{
    {
        const std::lock_guard lock{mutex_};
        board_.clear();
    }
    add([result](reporter& out) { out.batch_ended(result); });
}

void job_reporter::show_error(cause why, std::string_view sentence)
{
    add([why, text = std::string{sentence}](reporter& out) { out.error(why, text); });
}

void job_reporter::add(event what)
{
    {
        const std::lock_guard lock{mutex_};
        events_.push_back(std::move(what));
        if (events_.size() > most_events) {
            events_.pop_front();
            ++lost_events_;
        }
    }
    news_();
}

job_reporter::transfers job_reporter::play_events(reporter& out)
{
    std::deque<event> events;
    std::size_t lost = 0;
    transfers running;
    {
        const std::lock_guard lock{mutex_};
        events.swap(events_);
        lost = std::exchange(lost_events_, 0);
        running = running_;
    }
    if (lost > 0)
        out.say(fmt::format("({} earlier lines of the job are left out.)", lost));
    for (const auto& each : events)
        each(out);
    return running;
}
