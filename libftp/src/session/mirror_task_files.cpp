// How a walk through trees compares and transfers the files.
#include "mirror_task_compare.hpp"
#include "mirror_task_walk.hpp"

#include <libftp/session/transfer_task.hpp>

#include <algorithm>
#include <utility>

namespace libftp {
namespace {

known_file what_is_known(const tree_entry& entry)
{
    return {.size = entry.size, .modified = entry.modified, .by = entry.by, .precision = entry.precision};
}

/// To go on where it stopped, an upload has to ask first what the server has: smaller files are not worth that.
constexpr std::uint64_t min_continued_bytes = std::uint64_t{1024} * 1024;

bool sets_time(const client_task_step& step)
{
    const auto* const asked = std::get_if<client_step::operate>(&step);
    return asked && std::holds_alternative<operation::set_modified>(asked->what);
}

} // namespace

void tree_walk::begin_file(file_job job)
{
    ++working_;
    if (job.source.type == file_type::file) {
        compare(std::move(job));
        return;
    }
    const auto path = job.path;
    source_->stat(path, [this, job = std::move(job)](client_result<tree_entry> found) {
        if (!found) {
            end_failed(job, std::move(found.error()));
            return;
        }
        if (found->is_directory()) {
            end_failed(job, failure_on(*source_, store_errc::is_a_directory));
            return;
        }
        auto followed = job;
        followed.source = *std::move(found);
        compare(std::move(followed));
    });
}

void tree_walk::compare(file_job job)
{
    if (!job.target) {
        transfer(std::move(job));
        return;
    }
    const bool is_download = options_.direction == mirror_direction::download;
    const auto& far = is_download ? job.source : *job.target;
    const auto& near = is_download ? *job.target : job.source;
    switch (compare_files(options_.rule, options_.direction, far, near)) {
    case file_likeness::same: end_unchanged(); break;
    case file_likeness::differs: transfer(std::move(job)); break;
    case file_likeness::differs_by_rough_time:
        compare_by_exact_time(std::move(job), [this](file_job untold) { transfer(std::move(untold)); });
        break;
    case file_likeness::same_by_rough_time:
        compare_by_exact_time(std::move(job), [this](const file_job& /*untold*/) { end_unchanged(); });
        break;
    case file_likeness::same_by_size: compare_by_digest(std::move(job)); break;
    }
}

void tree_walk::compare_by_exact_time(file_job job, std::function<void(file_job)> otherwise)
{
    ask_exact_time(std::move(job), [this, otherwise = std::move(otherwise)](file_job timed, bool is_told) {
        if (is_told)
            compare(std::move(timed));
        else
            otherwise(std::move(timed));
    });
}

void tree_walk::ask_exact_time(file_job job, std::function<void(file_job timed, bool is_told)> then)
{
    if (!tells_times_) {
        then(std::move(job), false);
        return;
    }
    const auto path = job.path;
    far_.modified(path, [this, job = std::move(job), then = std::move(then)](client_result<file_time> told) {
        auto timed = job;
        if (told) {
            auto& far = options_.direction == mirror_direction::download ? timed.source : *timed.target;
            far.modified = *told;
            far.precision = time_precision::second;
        } else {
            tells_times_ = told.error().code != protocol_errc::not_supported;
        }
        then(std::move(timed), told.has_value());
    });
}

void tree_walk::compare_by_digest(file_job job)
{
    const auto path = job.path;
    far_.hash(path, [this, job = std::move(job)](client_result<file_digest> far) {
        if (!far) {
            end_failed(job, std::move(far.error()));
            return;
        }
        near_->digest(job.path, far->algorithm, [this, job, far = far->hexadecimal](client_result<std::string> near) {
            if (!near)
                end_failed(job, std::move(near.error()));
            else if (*near == far)
                end_unchanged();
            else
                transfer(job);
        });
    });
}

void tree_walk::end_unchanged()
{
    --working_;
    ++result_.unchanged;
}

void tree_walk::end_failed(const file_job& job, operation_error error)
{
    --working_;
    fail(job.path, std::move(error));
}

void tree_walk::transfer(file_job job)
{
    if (options_.is_dry_run) {
        --working_;
        report({.deed = mirror_deed::transfer, .path = std::move(job.path), .bytes = job.source.size.value_or(0)});
        return;
    }
    // The next mirror goes by the time that the file gets here.
    const bool keeps_listed_time = options_.direction == mirror_direction::download && options_.keeps_times;
    const auto make_ready = [this](file_job timed, bool /*is_told*/) { ready_.push_back(std::move(timed)); };
    if (keeps_listed_time && job.source.modified && is_rough(job.source.precision))
        ask_exact_time(std::move(job), make_ready);
    else
        make_ready(std::move(job), false);
}

std::optional<client_task_step> tree_walk::next_transfer_step()
{
    for (auto next = transfers_.begin(); next != transfers_.end();) {
        const auto one = next++;
        auto step = one->task->next_step();
        if (!step) {
            if (one->task->is_done())
                end_transfer(one);
            continue;
        }
        ++running_;
        if (sets_time(*step) && !std::exchange(one->is_timed, true))
            ++timed_;
        const auto add_frame = [this, one](auto& what) {
            what.then = [self = shared_from_this(), one, then = std::move(what.then)](auto... outcome) {
                --self->running_;
                then(std::move(outcome)...);
                if (one->task->is_done())
                    self->end_transfer(one);
            };
        };
        std::visit(add_frame, *step);
        return step;
    }
    return std::nullopt;
}

/// Starts more than there are sessions, so that each has commands to send ahead while the files before, or their times,
/// are on their way.
bool tree_walk::start_transfer()
{
    constexpr std::size_t transfers_per_session = 4;
    const auto at_work = transfers_.size() - timed_ + paused_;
    if (ready_.empty() || at_work >= transfers_per_session * std::max(options_.sessions, 1U))
        return false;
    auto job = std::move(ready_.front());
    ready_.pop_front();

    auto place = near_->place(job.path);
    if (!place) {
        end_failed(job, near_failure(place.error()));
        advance();
        return true;
    }
    auto options = options_.transfers;
    options.retry = steps_.retry();
    if (is_sent_anew(job))
        options.retry.attempts = 1;
    options.keeps_time = options_.keeps_times;
    options.existing = existing_file::replace;
    options.offset = 0;
    options.segments = 1;
    if (options_.progress)
        options.progress = [hear = options_.progress, path = job.path](const transfer_progress& made) {
            hear(path, made);
        };
    auto path = far_.full_path(job.path);
    const auto known = what_is_known(job.source);
    const auto take_over = [&](auto task) {
        auto take_result = [&made = *task] { return made.take_result(); };
        transfers_.push_back({std::move(job), std::move(task), std::move(take_result)});
    };
    if (options_.direction == mirror_direction::upload) {
        take_over(std::make_unique<upload_task>(*std::move(place), std::move(path), std::move(options)));
    } else {
        take_over(std::make_unique<download_task>(std::move(path), *std::move(place), std::move(options), known));
    }
    return true;
}

bool tree_walk::is_sent_anew(const file_job& job) const
{
    return options_.direction == mirror_direction::upload && job.source.size.value_or(0) < min_continued_bytes;
}

/// Some servers leave after every few transfers, and one file may meet that again and again. As long as others come
/// across, it gets another turn behind them.
bool tree_walk::puts_back(const file_job& job, const operation_error& why) const
{
    return options_.transfers.retry.attempts > 1 && why.session == session_state::closed && may_pass(why) &&
           result_.transferred > job.others_before;
}

void tree_walk::end_transfer(transfer_position one)
{
    auto job = std::move(one->job);
    auto outcome = one->take_result();
    if (one->is_timed)
        --timed_;
    transfers_.erase(one);
    const bool may_try_again = !is_canceled_ && !outcome && is_sent_anew(job) && may_pass(outcome.error());
    if (may_try_again && job.attempt < steps_.retry().attempts) {
        ++job.attempt;
        ++paused_;
        steps_.try_again(job.attempt, [this, job] {
            --paused_;
            ready_.push_front(job);
        });
        return;
    }
    if (!is_canceled_ && !outcome && puts_back(job, outcome.error())) {
        job.attempt = 1;
        job.others_before = result_.transferred;
        ready_.push_back(std::move(job));
        return advance();
    }
    --working_;
    if (is_canceled_)
        return;
    if (outcome) {
        steps_.set_attempts(options_.transfers.retry.attempts);
        report({.deed = mirror_deed::transfer, .path = job.path, .bytes = outcome->bytes});
    } else {
        fail(job.path, std::move(outcome.error()));
    }
    advance();
}

} // namespace libftp
