// The main session of a client, what is remembered of it, and the making of others like it.
#include "client_engine.hpp"

#include "../later.hpp"
#include "../protocol/ascii.hpp"
#include "client_task_run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

namespace libftp::net {

namespace {

/// For the answer to a QUIT that nobody waits for.
constexpr std::chrono::seconds farewell_limit{5};

operation_error never_connected()
{
    return {.code = protocol_errc::not_connected, .session = session_state::closed};
}

operation_error gone()
{
    return {.code = protocol_errc::canceled, .session = session_state::closed};
}

operation::login copy(const operation::login& of)
{
    return {of.user, of.password.clone(), of.account.clone()};
}

/// Where TLS was available once, later sessions send no password without it.
void keep_protection(const client_link& main, client_options& options)
{
    const auto* session = main.session();
    if (session != nullptr && session->tls() && options.tls == tls_use::if_offered)
        options.tls = tls_use::required;
}

/// One after the other, as long as they succeed.
void run_in_turn(const std::shared_ptr<client_link>& link, const time_limit& until,
                 const std::shared_ptr<std::deque<client_operation>>& steps,
                 std::function<void(client_result<void>)> done)
{
    if (steps->empty())
        return done({});
    auto next = std::move(steps->front());
    steps->pop_front();
    link->start(std::move(next), until,
                {.done = [link, until, steps, done = std::move(done)](event::operation_done end) {
                    if (end.outcome)
                        run_in_turn(link, until, steps, done);
                    else
                        done(std::move(end.outcome.error()));
                }});
}

canceler dropping(const std::shared_ptr<client_link>& link)
{
    return [weak = std::weak_ptr{link}] {
        if (const auto still = weak.lock())
            still->drop();
    };
}

bool is_one_of(std::string_view verb, std::span<const std::string_view> verbs)
{
    return std::ranges::any_of(verbs, [verb](std::string_view each) { return ascii::equal_ignoring_case(verb, each); });
}

} // namespace

client_engine::client_engine(std::shared_ptr<client_context> context)
    : context_(std::move(context)), pipelining_(context_->options.pipelining), quirks_(context_->options.quirks),
      tls_(context_->options.tls), main_(std::make_shared<client_link>(context_))
{
    context_->options.keeps_data_connections = true;
}

time_limit client_engine::limit_from_now() const
{
    return limit_ ? time_limit{later(now(), *limit_)} : std::nullopt;
}

canceler client_engine::connect(const server_address& server, const time_limit& until,
                                std::function<void(client_result<reply>)> done)
{
    if (shut_down_) {
        done(gone());
        return {};
    }
    close();
    context_->options.pipelining = pipelining_;
    context_->options.quirks = quirks_;
    context_->options.tls = server.tls;
    server_ = server;
    asks_features_ = true;
    const auto opening = main_->open(server, until, std::move(done));
    return [weak = std::weak_ptr{main_}, opening] {
        if (const auto link = weak.lock())
            link->cancel_opening(opening);
    };
}

canceler client_engine::start(client_operation what, const time_limit& until, client_link::handlers told,
                              client_link::turn mine)
{
    if (shut_down_) {
        told.done({op_id::none, gone(), {}});
        return {};
    }
    // What it finds out holds only if nothing that may change it has begun since.
    const auto noticed = std::make_shared<std::uint64_t>(0);
    told.begins = [weak = weak_from_this(), noticed](const client_operation& begun) {
        const auto self = weak.lock();
        if (!self)
            return;
        self->take_notice(begun);
        *noticed = self->notices_;
    };
    if (const auto* who = std::get_if<operation::login>(&what)) {
        told.done = [weak = weak_from_this(), noticed, who = std::make_shared<operation::login>(copy(*who)),
                     done = std::move(told.done)](event::operation_done end) {
            if (const auto self = weak.lock(); self && end.outcome && *noticed == self->notices_) {
                self->login_ = std::move(*who);
                keep_protection(*self->main_, self->context_->options);
            }
            done(std::move(end));
        };
    } else if (std::holds_alternative<operation::working_directory>(what)) {
        told.done = [weak = weak_from_this(), noticed, done = std::move(told.done)](event::operation_done end) {
            if (const auto self = weak.lock(); self && end.outcome && *noticed == self->notices_)
                self->directory_ = std::get<std::string>(*end.outcome);
            done(std::move(end));
        };
    }
    return main_->ask(std::move(what), until, std::move(told), mine);
}

canceler client_engine::run(std::shared_ptr<client_task> task, unsigned sessions, const time_limit& until,
                            std::function<void(client_result<void>)> done)
{
    if (shut_down_) {
        done(gone());
        return {};
    }
    const auto run = std::make_shared<client_task_run>(*this, std::move(task), sessions, std::move(done));
    runs_.push_back(run);
    run->begin(until);
    return [weak = std::weak_ptr{run}] {
        if (const auto still = weak.lock())
            still->cancel(protocol_errc::canceled);
    };
}

void client_engine::close()
{
    server_.reset();
    login_.reset();
    for (const auto& run : std::exchange(runs_, {}))
        run->abandon();
    for (const auto& link : std::exchange(dismissed_, {}))
        link->close();
    main_->close();
}

void client_engine::shut_down()
{
    {
        const std::lock_guard lock{reach_};
        is_within_reach_ = false;
    }
    shut_down_ = true;
    context_->listener = nullptr;
    close();
    context_->files = file_work::on_executor;
    if (context_->thread)
        context_->thread->stop();
}

/// Notes what the operation may change of what other sessions like the main one begin with.
void client_engine::take_notice(const client_operation& what)
{
    static constexpr std::array<std::string_view, 6> moves{"CWD", "CDUP", "XCWD", "XCUP", "SMNT", "REIN"};
    static constexpr std::array<std::string_view, 2> logins{"USER", "REIN"};
    if (const auto* asked = std::get_if<operation::command>(&what)) {
        if (is_one_of(asked->verb, logins)) {
            ++notices_;
            login_.reset();
        }
        if (!is_one_of(asked->verb, moves))
            return;
        ++notices_;
        has_left_home_ = true;
        directory_.reset();
    } else if (std::holds_alternative<operation::login>(what)) {
        ++notices_;
        login_.reset();
        has_left_home_ = false;
        directory_.reset();
    } else if (std::holds_alternative<operation::quit>(what)) {
        ++notices_;
        server_.reset();
        login_.reset();
    }
}

canceler client_engine::find_directory(const time_limit& until, client_link::turn mine, std::function<void()> done)
{
    if (!login_ || !has_left_home_ || directory_ || !main_->is_open()) {
        done();
        return {};
    }
    return start(operation::working_directory{}, until,
                 {.done = [done = std::move(done)](const event::operation_done&) { done(); }}, mine);
}

canceler client_engine::begin_without_features(const time_limit& until, std::function<void(client_result<void>)> done)
{
    asks_features_ = false;
    open_anew(main_, until, std::move(done));
    return dropping(main_);
}

canceler client_engine::begin_again(const time_limit& until, std::function<void(client_result<void>)> done)
{
    open_anew(main_, until, [link = main_, mine = main_->hold(), done = std::move(done)](client_result<void> outcome) {
        link->release(mine);
        done(std::move(outcome));
    });
    return dropping(main_);
}

void client_engine::open_anew(const std::shared_ptr<client_link>& link, const time_limit& until,
                              std::function<void(client_result<void>)> done)
{
    if (!server_ || !login_ || (has_left_home_ && !directory_))
        return done(never_connected());
    auto steps = std::make_shared<std::deque<client_operation>>();
    steps->emplace_back(copy(*login_));
    if (asks_features_)
        steps->emplace_back(operation::features{});
    if (has_left_home_)
        steps->emplace_back(operation::command{"CWD", *directory_});
    auto finish = [link, done = std::move(done)](client_result<void> outcome) {
        if (!outcome) {
            link->drop(); // it is of no use half prepared
            outcome.error().session = session_state::closed;
        }
        done(std::move(outcome));
    };
    link->open(*server_, until, [link, until, steps, finish = std::move(finish)](client_result<reply> greeting) {
        if (greeting)
            run_in_turn(link, until, steps, finish);
        else
            finish(std::move(greeting.error()));
    });
}

void client_engine::dismiss(const std::shared_ptr<client_link>& link)
{
    if (!link->is_open())
        return link->close();
    dismissed_.push_back(link);
    link->start(operation::quit{}, now() + farewell_limit,
                {.done = [weak = weak_from_this(), link = link.get()](const event::operation_done&) {
                    if (const auto self = weak.lock())
                        std::erase_if(self->dismissed_, [link](const auto& each) { return each.get() == link; });
                }});
}

void client_engine::ended(const client_task_run& run)
{
    std::erase_if(runs_, [&run](const auto& each) { return each.get() == &run; });
}

} // namespace libftp::net
