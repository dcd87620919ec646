// How a task's steps are spread over sessions, and how it comes to its end.
#include "client_task_run.hpp"

#include "../later.hpp"
#include "client_engine.hpp"

#include <asio/post.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace libftp::net {

namespace {

/// With pipelining a session gets its next operations while one runs, so that the server always knows what comes next.
/// As many may be transfers, and as many something else: the time of each file is set behind the next transfers, and
/// must not keep them back. Of what goes over a shared data connection a server sends more in one round trip, and more
/// of it makes no session late.
constexpr std::size_t pipeline_depth = 4;
constexpr std::size_t shared_pipeline_depth = 16;

/// Otherwise a task would wait for a silent server, or try to log in, once for each of its thousands of files.
constexpr std::size_t max_failed_openings = 3;

/// Of a transfer, where pipelines hold shared_pipeline_depth in all; 0 is that of what is none.
std::size_t weight_of(const client_operation& what, const client_session* session)
{
    const auto* const upload = std::get_if<operation::upload>(&what);
    const auto* const download = std::get_if<operation::download>(&what);
    if (upload == nullptr && download == nullptr)
        return 0;
    const auto size = upload != nullptr ? upload->source->remaining() : download->expected_size;
    const bool is_shared =
        size && *size <= operation::most_shared_bytes && session != nullptr && session->features().keeps_data;
    return is_shared ? 1 : shared_pipeline_depth / pipeline_depth;
}

/// Where there is more to do, a transfer may share its data connection with those that follow it.
void set_one_of_many(client_operation& what)
{
    if (auto* const upload = std::get_if<operation::upload>(&what))
        upload->is_one_of_many = true;
    else if (auto* const download = std::get_if<operation::download>(&what))
        download->is_one_of_many = true;
}

} // namespace

std::size_t client_task_run::place::weight_of_transfers() const
{
    std::size_t sum = 0;
    for (const auto& each : running)
        sum += each.weight;
    return sum;
}

client_task_run::client_task_run(client_engine& engine, std::shared_ptr<client_task> task, unsigned sessions,
                                 std::function<void(client_result<void>)> done)
    : engine_(engine), task_(std::move(task)), done_(std::move(done)), limit_(engine.context()->executor),
      max_places_(std::max(sessions, 1U))
{
    places_.push_back(std::make_shared<place>(place{.link = engine.main_link()}));
}

void client_task_run::begin(const time_limit& until)
{
    until_ = until;
    if (until) {
        limit_.expires_at(to_steady(*until));
        limit_.async_wait([weak = weak_from_this()](std::error_code canceled) {
            if (const auto self = weak.lock(); self && !canceled)
                self->cancel(protocol_errc::timed_out);
        });
    }
    // What is asked for later may depend on the task's work, and nobody knows what other sessions have to be like while
    // somebody opens this one.
    auto got_turn = [self = shared_from_this()](client_result<client_link::turn> mine) {
        if (mine)
            return self->find_directory(*mine);
        self->is_ready_ = true;
        self->advance();
    };
    auto stop_waiting = engine_.main_link()->wait_for_turn(std::nullopt, std::move(got_turn));
    if (turn_ == 0) // else it is its turn already, and the search is what may have to be stopped
        search_ = std::move(stop_waiting);
}

void client_task_run::find_directory(client_link::turn mine)
{
    turn_ = mine;
    search_ = engine_.find_directory(until_, mine, [self = shared_from_this()] {
        self->is_ready_ = true;
        self->advance();
    });
}

void client_task_run::cancel(std::error_code why)
{
    if (!done_ || end_)
        return;
    end_ = why;
    task_->cancel();
    if (!is_ready_ && search_)
        search_();
    for (const auto& pause : pauses_)
        pause->cancel();
    for (const auto& step : std::exchange(refused_, {})) {
        step->then({op_id::none, operation_error{.code = protocol_errc::canceled}, {}});
        --steps_;
    }
    for (const auto places = places_; const auto& each : places) {
        if (each->is_opening)
            each->link->drop();
        // The last first: what only waits must not begin.
        const auto running = each->running;
        std::for_each(running.rbegin(), running.rend(), [](const running_operation& one) {
            if (one.cancel)
                one.cancel();
        });
    }
    advance();
}

void client_task_run::abandon()
{
    task_->cancel();
    for (const auto& pause : std::exchange(pauses_, {}))
        pause->cancel();
    limit_.cancel();
    const auto done = std::exchange(done_, nullptr);
    for (std::size_t i = 1; i < places_.size(); ++i)
        places_[i]->link->close();
    if (done)
        done(operation_error{.code = protocol_errc::canceled, .session = session_state::closed});
}

/// Steps may end while others begin: then the loop goes on instead of being entered again.
void client_task_run::advance()
{
    if (!is_ready_ || std::exchange(is_advancing_, true))
        return;
    begin_steps();
    is_advancing_ = false;
    if (steps_ == 0)
        finish();
}

void client_task_run::begin_steps()
{
    while (done_ && has_room()) {
        if (!refused_.empty()) {
            const auto step = std::move(refused_.front());
            refused_.pop_front();
            begin_at(find_place(), step);
        } else if (auto step = task_->next_step()) {
            ++steps_;
            std::visit([this](auto& what) { begin(std::move(what)); }, *step);
        } else {
            return;
        }
    }
}

bool client_task_run::takes_more(const place& where) const
{
    if (where.is_opening || where.running.empty())
        return !where.is_opening;
    // What was lost with a session ends before it is opened again.
    const auto others = std::ranges::count(where.running, std::size_t{0}, &running_operation::weight);
    const auto* const session = where.link->session();
    const auto depth = session != nullptr && session->features().keeps_data ? shared_pipeline_depth : pipeline_depth;
    return where.link->is_open() && where.weight_of_transfers() < shared_pipeline_depth &&
           static_cast<std::size_t>(others) < depth && engine_.context()->options.pipelining != pipelining::off;
}

bool client_task_run::has_room() const
{
    return places_.size() < max_places_ ||
           std::ranges::any_of(places_, [this](const auto& each) { return takes_more(*each); });
}

/// An idle session, or else a new one, or else one that has one thing to do. Precondition: has_room().
std::shared_ptr<client_task_run::place> client_task_run::find_place()
{
    const auto idle =
        std::ranges::find_if(places_, [](const auto& each) { return !each->is_opening && each->running.empty(); });
    if (idle != places_.end())
        return *idle;
    if (places_.size() == max_places_)
        return *std::ranges::min_element(places_, {}, [this](const auto& each) {
            return takes_more(*each) ? each->running.size() : shared_pipeline_depth + pipeline_depth;
        });
    const auto link = std::make_shared<client_link>(engine_.context());
    link->learn_from(engine_.main_link());
    return places_.emplace_back(std::make_shared<place>(place{.link = link}));
}

void client_task_run::begin(client_step::operate step)
{
    begin_at(find_place(), std::make_shared<client_step::operate>(std::move(step)));
}

void client_task_run::begin_at(const std::shared_ptr<place>& where, const waiting_operation& step)
{
    if (where->link->is_open())
        start(where, step);
    else
        open(where, step);
}

void client_task_run::open(const std::shared_ptr<place>& where, const waiting_operation& step)
{
    if (has_lost_server())
        return fail(step, why_not_open_);
    where->is_opening = true;
    engine_.open_anew(where->link, until_, [self = shared_from_this(), where, step](client_result<void> outcome) {
        where->is_opening = false;
        if (!self->done_)
            return;
        const bool is_main = self->is_main(*where);
        if (outcome) {
            self->failed_openings_ = is_main ? 0 : self->failed_openings_;
            self->start(where, step);
            return self->advance();
        }
        if (is_main) {
            ++self->failed_openings_;
            ++self->all_failed_openings_;
            self->why_not_open_ = outcome.error();
        }
        if (is_main || self->end_)
            return self->fail(step, std::move(outcome.error()));
        // The server takes no more sessions: those that there are have to do.
        std::erase(self->places_, where);
        self->max_places_ = self->places_.size();
        self->refused_.push_back(step);
        self->advance();
    });
}

void client_task_run::fail(const waiting_operation& step, operation_error why)
{
    auto answer = why.answer;
    step->then({op_id::none, std::move(why), std::move(answer)});
    end_step();
}

/// While other sessions are there, they do the work.
bool client_task_run::has_lost_server() const noexcept
{
    return failed_openings_ >= max_failed_openings && places_.size() == 1;
}

void client_task_run::start(const std::shared_ptr<place>& where, const waiting_operation& step)
{
    const auto number = ++last_operation_;
    if (steps_ > 1)
        set_one_of_many(step->what);
    where->running.push_back({.number = number, .weight = weight_of(step->what, where->link->session())});
    auto done = [self = shared_from_this(), where, step, number](event::operation_done end) {
        std::erase_if(where->running, [number](const auto& each) { return each.number == number; });
        if (!self->done_)
            return;
        step->then(std::move(end));
        self->end_step();
    };
    auto cancel = where->link->ask(std::move(step->what), until_, {.done = std::move(done), .progress = step->progress},
                                   is_main(*where) ? turn_ : 0);
    // It may have ended before ask() returned.
    const auto found = std::ranges::find(where->running, number, &running_operation::number);
    if (found != where->running.end())
        found->cancel = std::move(cancel);
}

void client_task_run::begin(client_step::call step)
{
    auto done = [self = shared_from_this(), then = std::move(step.then)](bool) {
        if (!self->done_)
            return;
        then();
        self->end_step();
    };
    auto job = [call = std::move(step.job)] {
        call();
        return true;
    };
    auto& context = *engine_.context();
    if (const auto worker = context.file_worker())
        worker->run(context.executor, std::move(job), std::move(done));
    else // not at once: others get their turn. What was abandoned meanwhile may refer to what is gone.
        asio::post(context.executor, [self = shared_from_this(), job = std::move(job), done = std::move(done)] {
            if (self->done_)
                done(job());
        });
}

void client_task_run::begin(client_step::pause step)
{
    const auto timer = std::make_shared<asio::steady_timer>(engine_.context()->executor, bounded(step.time));
    pauses_.push_back(timer);
    timer->async_wait(
        [self = shared_from_this(), timer, then = std::move(step.then), known = all_failed_openings_](std::error_code) {
            std::erase(self->pauses_, timer);
            if (!self->done_)
                return;
            // Of those who have waited one may try again, and not each of them behind the other.
            if (known == self->all_failed_openings_)
                self->failed_openings_ = std::min(self->failed_openings_, max_failed_openings - 1);
            then();
            self->end_step();
        });
}

void client_task_run::end_step()
{
    --steps_;
    advance();
}

void client_task_run::finish()
{
    const auto done = std::exchange(done_, nullptr);
    if (!done)
        return;
    const auto self = shared_from_this(); // the engine lets go of it
    limit_.cancel();
    for (std::size_t i = 1; i < places_.size(); ++i)
        engine_.dismiss(places_[i]->link);
    engine_.ended(*this);
    const auto link = engine_.main_link();
    if (!end_ && task_->is_done())
        done({});
    else // without steps and without an end it would wait for ever
        done(operation_error{.code = end_ ? end_ : make_error_code(protocol_errc::canceled),
                             .session = link->is_open() ? session_state::usable : session_state::closed});
    link->release(turn_); // behind it, so that ends are told in the order of the beginnings
}

} // namespace libftp::net
