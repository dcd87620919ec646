// The frame of a walk through trees: its steps, what it reports, and how it ends.
#include "mirror_task_walk.hpp"

#include <utility>

namespace libftp {
namespace {

constexpr std::size_t max_working = 256;
constexpr std::size_t max_kept_events = 1000;

void keep(std::vector<mirror_event>& kept, mirror_event event)
{
    if (kept.size() < max_kept_events)
        kept.push_back(std::move(event));
}

mirror_options options_of(removal_options&& options)
{
    mirror_options same;
    same.direction = mirror_direction::upload;
    same.extras = mirror_extras::remove;
    same.max_depth = options.max_depth;
    same.max_entries = options.max_entries;
    same.transfers.retry = options.retry;
    same.report = std::move(options.report);
    return same;
}

} // namespace

tree_walk::tree_walk(mirror_options options, std::string remote, std::shared_ptr<file_store> store, store_path local)
    : options_(std::move(options)), steps_(options_.transfers.retry), far_(steps_, std::move(remote))
{
    const bool has_store = store != nullptr;
    near_.emplace(steps_, std::move(store), std::move(local));
    const bool is_download = options_.direction == mirror_direction::download;
    source_ = is_download ? static_cast<tree_side*>(&far_) : &*near_;
    target_ = is_download ? static_cast<tree_side*>(&*near_) : &far_;
    enter({}, 0, {});
    if (has_store)
        read_source(true);
    else
        give_up({.code = protocol_errc::argument_invalid});
}

tree_walk::tree_walk(removal_options options, std::string path)
    : options_(options_of(std::move(options))), steps_(options_.transfers.retry), far_(steps_, std::move(path)),
      target_(&far_)
{
    enter({}, 0, [](bool) {});
    if (far_.full_path({}).empty())
        give_up({.code = protocol_errc::argument_invalid});
    else
        read_what_to_remove();
}

tree_walk::~tree_walk() = default;

std::optional<client_task_step> tree_walk::next_step()
{
    while (!is_canceled_) {
        if (auto step = steps_.take())
            return own_step(*std::move(step));
        if (auto step = next_transfer_step())
            return step;
        if (!start_transfer() && steps_.is_empty())
            break;
    }
    return std::nullopt;
}

/// A step keeps what it comes back to alive, whatever becomes of the task.
client_task_step tree_walk::own_step(client_task_step step)
{
    ++running_;
    const auto add_frame = [this](auto& what) {
        what.then = [self = shared_from_this(), then = std::move(what.then)](auto... outcome) {
            --self->running_;
            if (self->is_canceled_)
                return;
            then(std::move(outcome)...);
            self->advance();
        };
    };
    std::visit(add_frame, step);
    return step;
}

void tree_walk::advance()
{
    while (!visits_.empty() && visits_.back().is_read) {
        auto& visit = visits_.back();
        if (visit.pairs.empty()) {
            if (visit.removals > 0)
                return;
            leave(visit);
            continue;
        }
        if (working_ >= max_working)
            return;
        auto next = std::move(visit.pairs.back());
        visit.pairs.pop_back();
        begin(visit, std::move(next));
    }
}

void tree_walk::cancel()
{
    if (is_done())
        return;
    is_canceled_ = true;
    steps_.clear();
    visits_.clear();
    ready_.clear();
    for (auto& one : transfers_)
        one.task->cancel();
}

bool tree_walk::is_done() const noexcept
{
    return running_ == 0 && (is_canceled_ || (visits_.empty() && working_ == 0 && steps_.is_empty()));
}

client_result<mirror_result> tree_walk::take_result()
{
    if (is_canceled_)
        return operation_error{.code = protocol_errc::canceled};
    if (error_)
        return *std::move(error_);
    return std::move(result_);
}

void tree_walk::report(mirror_event event)
{
    if (options_.report)
        options_.report(event);
    switch (event.deed) {
    case mirror_deed::transfer:
        ++result_.transferred;
        result_.bytes += event.bytes;
        break;
    case mirror_deed::make_directory: ++result_.made; break;
    case mirror_deed::remove_file:
    case mirror_deed::remove_directory: ++result_.removed; break;
    case mirror_deed::skip:
        ++result_.skipped_count;
        keep(result_.skipped, std::move(event));
        break;
    case mirror_deed::fail:
        ++result_.failure_count;
        keep(result_.failures, std::move(event));
        break;
    }
}

/// An error about something that is there.
operation_error tree_walk::failure_on(const tree_side& side, std::error_code code) const
{
    return {.code = code, .step = &side == &far_ ? operation_step::command : operation_step::near_end};
}

void tree_walk::fail(const std::string& path, operation_error error)
{
    // What outlasted all attempts may outlast more: until a file has come across, each gets only one.
    if (may_pass(error))
        steps_.set_attempts(1);
    report({.deed = mirror_deed::fail, .path = path, .error = std::move(error)});
}

void tree_walk::skip(const std::string& path, std::error_code why)
{
    report({.deed = mirror_deed::skip, .path = path, .error = {.code = why}});
}

} // namespace libftp
