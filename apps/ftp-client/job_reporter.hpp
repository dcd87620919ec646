// Keeps what a job in the background has to say until somebody listens.
#pragma once

#include "progress_board.hpp"
#include "reporter.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

/// The job's thread tells it, another one listens. Of what is said only the last thousand lines are kept.
class job_reporter final : public reporter {
public:
    /// `news` is called by the job's thread whenever there is something to listen to.
    explicit job_reporter(std::function<void()> news) : news_(std::move(news)) {}

    /// Tells `out` what was said since the last time, and how the transfers are.
    void play(reporter& out);
    /// As play(), for the last time before a while: `out` forgets the transfers.
    void leave(reporter& out);
    /// How the transfers are, as progress_board has it.
    [[nodiscard]] std::vector<std::string> lines(std::size_t width, std::size_t height) const;

    void command(std::string_view /*line*/) override {}
    void reply(const libftp::reply& /*reply*/) override {}
    void answer(const libftp::reply& reply) override;
    void say(std::string_view line) override;
    void print(std::string_view line) override;
    [[nodiscard]] bool wants_entries() const override { return false; }
    void listing(std::string_view directory, std::span<const libftp::listed_entry> entries, listing_look look) override;
    void began(const transfer_notice& transfer) override;
    void progressed(const transfer_notice& transfer, const libftp::transfer_progress& made) override;
    void transferred(const transfer_notice& transfer, const libftp::transfer_result& result) override;
    void stopped(const transfer_notice& transfer) override;
    void batch_began(const batch_plan& plan) override;
    void batch_ended(const batch_result& result) override;
    void use_output(output_use /*use*/) override {}

private:
    using event = std::function<void(reporter&)>;
    using transfers = std::map<std::string, std::pair<transfer_notice, libftp::transfer_progress>, std::less<>>;

    void show_error(cause why, std::string_view sentence) override;
    void add(event what);
    transfers play_events(reporter& out);

    std::function<void()> news_;
    mutable std::mutex mutex_;
    std::deque<event> events_;
    std::size_t lost_events_ = 0;
    transfers running_;
    progress_board board_;
};
