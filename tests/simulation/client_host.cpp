// A client's life: greeting, login, errands, good-bye.
#include "client_host.hpp"

#include "server_host.hpp"

#include <libftp/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace libftp::simulation {

using namespace std::chrono_literals;

namespace {

/// A session that has been greeted as by the servers here, and has logged in by a password.
client_session logged_in_before(const client_setup& setup, clock::time_point now)
{
    client_session session{setup.options, setup.server, setup.local, now};
    session.start(operation::greeting{}, now);
    session.received("220 " + session_options{}.greeting + "\r\n", now);
    session.start(operation::login{.user = "user", .password = secret{"another"}}, now);
    session.received("331 Name is fine.\r\n", now);
    session.received("230 Welcome.\r\n", now);
    return session;
}

} // namespace

client_host::client_host(const surroundings& around, chance luck, const client_setup& its_setup,
                         std::unique_ptr<network_end> control)
    : holder_of_setup{its_setup},
      session_host(around, luck, "client " + std::to_string(its_setup.id), std::move(control), its_setup.local,
                   setup.options, its_setup.server, its_setup.local, around.events.now()),
      near_faults_(chance_.fork(), setup.one_near_fault_in, [this] { suffered(); })
{
    if (setup.has_elder)
        session_.learn_from(logged_in_before(setup, now()));
    greeting_ = session_.start(operation::greeting{}, now());
}

void client_host::begin_login(std::string_view password)
{
    login_ = session_.start(operation::login{.user = "user", .password = secret{std::string{password}}}, now());
}

void client_host::begin_later()
{
    if (std::exchange(begins_later_, true))
        return;
    auto pause = 100us * chance_.below(chance_.one_in(4) ? 500 : 2);
    if (setup.pauses && chance_.one_in(4)) {
        suffered();
        pause += 1s * chance_.below(900);
    }
    around_.events.after(pause, [this] {
        begins_later_ = false;
        if (!is_closed())
            begin_errands();
    });
}

void client_host::begin_errands()
{
    while (running_ < setup.at_once && errands_.size() < setup.errands) {
        if (setup.one_vanishing_in != 0 && chance_.one_in(setup.one_vanishing_in)) {
            around_.events.after(100us * chance_.below(2000), [this] {
                if (is_closed())
                    return;
                note("vanishes");
                has_vanished_ = true;
                suffered();
                vanish();
            });
        }
        auto& next = errands_.emplace_back(errand::draw(chance_, fmt::format("{}:{}", setup.id, errands_.size())));
        ++running_;
        next.excuses = excuses_;
        if (around_.log.is_traced())
            note("wants  " + next.describe());
        next.id = session_.start(next.make(chance_, near_faults_), now());
        draw_cancel(next.id);
    }
    if (running_ == 0 && quit_ == op_id::none)
        quit_ = session_.start(operation::quit{}, now());
    wake();
}

void client_host::draw_cancel(op_id id)
{
    if (setup.one_cancel_in == 0 || !chance_.one_in(setup.one_cancel_in))
        return;
    around_.events.after(100us * chance_.below(chance_.one_in(2) ? 100 : 1000), [this, id] {
        if (is_closed())
            return;
        note("cancels");
        suffered();
        session_.cancel(id, now());
        wake();
    });
}

void client_host::carry_out(action::commit asked)
{
    auto sink = std::make_shared<std::unique_ptr<file_writer>>(std::move(asked.sink));
    around_.events.after(100us * chance_.below(chance_.one_in(4) ? 100 : 1), [this, id = asked.id, sink] {
        auto done = (*sink)->commit();
        sink->reset();
        session_.committed(id, std::move(done), now());
        wake();
    });
}

void client_host::pumped()
{
    while (auto news = session_.next_event()) {
        if (auto* const done = std::get_if<event::operation_done>(&*news)) {
            take(std::move(*done));
            wake(); // for what that has begun
        }
    }
}

void client_host::take(event::operation_done done)
{
    around_.log.mark(static_cast<std::uint64_t>(done.operation) * 1000 + static_cast<std::uint64_t>(done.answer.code));
    const bool is_well = done.outcome.has_value();
    if (done.operation == greeting_) {
        if (is_well)
            begin_login(std::exchange(setup.mistakes_password, false) ? "wrong" : right_password);
        else
            expect(excuses_ != 0 || setup.kind == server_kind::odd, "the greeting fails for no reason");
        return;
    }
    if (done.operation == login_) {
        if (is_well && setup.asks_for_features)
            features_ = session_.start(operation::features{}, now());
        else if (!is_well && done.outcome.error().session == session_state::usable && !has_mistaken_password_) {
            has_mistaken_password_ = true;
            return begin_login(right_password);
        }
        expect(is_well || excuses_ != 0 || setup.kind == server_kind::odd, "the login fails for no reason");
        if (!is_well && done.outcome.error().session == session_state::usable) {
            quit_ = session_.start(operation::quit{}, now());
            return;
        }
        return begin_later();
    }
    if (done.operation == features_ || done.operation == quit_)
        return;
    for (auto& each : errands_) {
        if (each.id != done.operation)
            continue;
        expect(!std::exchange(each.is_over, true), "an operation ends twice");
        --running_;
        finish(each, done);
        return begin_later();
    }
    expect(false, "an operation ends that was never begun");
}

void client_host::finish(errand& done, event::operation_done& how)
{
    if (around_.log.is_traced())
        note(fmt::format("{} {}", how.outcome ? "done  " : "failed", done.describe()) +
             (how.outcome ? std::string{} : ": " + how.outcome.error().message()));
    const bool is_committed = done.file && done.file->is_committed;
    if (!how.outcome) {
        expect(!is_committed, "a transfer fails, and its file is there");
        if (setup.kind == server_kind::honest)
            check_failure(done, how.outcome.error());
    } else if (setup.kind == server_kind::honest) {
        if (const auto* const wrong = done.wrong_with(*how.outcome, setup.tree))
            expect(false, fmt::format("{}: {}", wrong, done.describe()));
    } else {
        expect(!done.file || is_committed, "a transfer is done, and its file is not there");
    }
}

void client_host::leave_change(errand& refused)
{
    const auto other = std::ranges::find_if(errands_, [&](const auto& each) {
        return !each.is_over && !each.is_changed && each.wants_the_change_of(refused);
    });
    if (!refused.is_changed || other == errands_.end())
        return;
    refused.is_changed = false;
    other->is_changed = true;
    other->may_be_anothers = true;
}

void client_host::check_failure(errand& failed, const operation_error& why)
{
    const auto& code = why.code;
    const bool is_refused = code == protocol_errc::refused_permanently || code == protocol_errc::refused_transiently;
    if (is_refused)
        leave_change(failed);
    expect(!is_refused || !failed.is_changed || failed.may_be_anothers,
           "something is said to be refused, and was done: " + failed.describe());
    const bool accuses_server = code == protocol_errc::reply_unexpected || code == protocol_errc::reply_malformed ||
                                code == protocol_errc::reply_too_long || code == protocol_errc::order_confused ||
                                code == protocol_errc::address_malformed || code == protocol_errc::time_malformed ||
                                code == protocol_errc::listing_malformed || code == protocol_errc::argument_invalid;
    expect(!accuses_server, "our client cannot understand our server: " + why.message() + ": " + failed.describe());
    const bool wants_directory = failed.kind == errand_kind::enter;
    const bool is_unfit =
        std::ranges::any_of(failed.described, [&](const auto& info) { return info.is_directory() != wants_directory; });
    const bool is_unknown = code == protocol_errc::not_supported && !setup.asks_for_features;
    expect(excuses_ > failed.excuses || is_unfit || is_unknown ||
               (why.session == session_state::closed && excuses_ != 0),
           "it fails for no reason: " + failed.describe() + ": " + why.message());
    if (code == protocol_errc::timed_out)
        suffered(); // what was to come next has waited too, and so has the server
}

void client_host::changed(const tree_change& change)
{
    const auto fits = [&](const errand& each) {
        return !each.is_changed && (each.is(change) || (has_vanished_ && each.is_begun_by(change)));
    };
    // What a client has given up may still be done, but what it waits for comes first.
    auto found = std::ranges::find_if(errands_, [&](const auto& each) { return !each.is_over && fits(each); });
    if (found == errands_.end())
        found = std::ranges::find_if(errands_, fits);
    if (found != errands_.end()) {
        found->may_be_anothers = std::ranges::count_if(errands_, fits) > 1;
        found->is_changed = true;
        return;
    }
    expect(false, fmt::format("the tree changes in a way that was not asked for: {} {}", change.path.string(),
                              readable(change.content)));
}

void client_host::described(const store_path& path, const file_info& info)
{
    for (auto& each : errands_) {
        if (!each.is_over && each.asks_about(path))
            each.described.push_back(info);
    }
}

void client_host::read(const store_path& path, const tree_model::bytes& content)
{
    for (auto& each : errands_) {
        if (!each.is_over && each.reads(path))
            each.read.push_back(content);
    }
}

void client_host::listed(const store_path& directory)
{
    for (auto& each : errands_) {
        if (!each.is_over && each.kind == errand_kind::list && each.path == directory)
            each.listed.push_back({setup.tree.generation(), setup.tree.names_in(directory)});
    }
}

void client_host::check_end()
{
    expect(is_closed() && (has_vanished_ || session_.finished()), "the session does not end");
    for (const auto& each : errands_) {
        expect(each.is_over || has_vanished_, "an operation never ends: " + each.describe());
        expect(!each.file || each.file->is_gone || has_vanished_, "a sink is kept: " + each.describe());
    }
}

} // namespace libftp::simulation
