// The client session as its host sees it; what it does is the machine's.
#include <libftp/session/client_session.hpp>

#include "client_machine.hpp"

#include <libftp/error.hpp>

#include <utility>

namespace libftp {

client_session::client_session(const client_options& options, const endpoint& peer, const endpoint& local,
                               clock::time_point now)
    : machine_(std::make_unique<machine>(options, peer, local, now))
{
}

client_session::~client_session() = default;
client_session::client_session(client_session&&) noexcept = default;
client_session& client_session::operator=(client_session&&) noexcept = default;

void client_session::learn_from(const client_session& other)
{
    machine_->control().set_elder(other.machine_->control().server());
}

op_id client_session::start(client_operation what, clock::time_point now, std::optional<clock::time_point> until)
{
    auto id = op_id::none;
    machine_->at(now, [&] { id = machine_->start(std::move(what), until); });
    return id;
}

void client_session::cancel(op_id operation, clock::time_point now)
{
    machine_->at(now, [&] { machine_->cancel(operation); });
}

void client_session::received(std::string_view bytes, clock::time_point now)
{
    machine_->at(now, [&] { machine_->receive(bytes); });
}

void client_session::received_eof(clock::time_point now)
{
    machine_->at(now, [&] { machine_->end({protocol_errc::connection_closed}); });
}

bool client_session::wants_input() const noexcept
{
    return machine_->is_open();
}

std::string_view client_session::output() const noexcept
{
    return machine_->control().output().view();
}

void client_session::output_sent(std::size_t bytes, clock::time_point now)
{
    machine_->at(now, [&] { machine_->control().output().sent(bytes); });
}

std::optional<client_action> client_session::next_action()
{
    return machine_->next_action();
}

std::optional<client_event> client_session::next_event()
{
    return machine_->control().next_event();
}

std::optional<clock::time_point> client_session::deadline() const noexcept
{
    return machine_->deadline();
}

void client_session::deadline_passed(clock::time_point now)
{
    machine_->at(now, [&] { machine_->pass_deadline(); });
}

bool client_session::finished() const noexcept
{
    return machine_->is_finished();
}

void client_session::tls_held(op_id id, clock::duration for_how_long, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::tls_held, id, for_how_long);
}

void client_session::tls_started(op_id id, const result<tls_facts>& outcome, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::tls_started, id, outcome);
}

void client_session::tls_ended(op_id id, result<void> outcome, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::tls_ended, id, outcome);
}

void client_session::data_listening(op_id id, result<endpoint> where, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::data_listening, id, where);
}

void client_session::data_connected(op_id id, result<endpoint> peer, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::data_connected, id, peer);
}

void client_session::data_secured(op_id id, const result<tls_facts>& outcome, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::data_secured, id, outcome);
}

void client_session::transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now)
{
    machine_->tell_transfers(now, &running_operation::transfer_progressed, id, bytes);
}

void client_session::transfer_held(op_id id, clock::time_point now)
{
    machine_->tell_transfers(now, &running_operation::transfer_held, id);
}

void client_session::transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now)
{
    machine_->tell_transfers(now, &running_operation::transfer_finished, id, outcome);
}

void client_session::committed(op_id id, result<void> outcome, clock::time_point now)
{
    machine_->tell_active(now, &running_operation::committed, id, outcome);
}

const server_features& client_session::features() const noexcept
{
    return machine_->control().server().features;
}

const server_manners& client_session::manners() const noexcept
{
    return machine_->control().server().manners;
}

bool client_session::confuses_order() const noexcept
{
    return machine_->control().server().confuses_order;
}

const endpoint& client_session::peer() const noexcept
{
    return machine_->control().peer();
}

std::shared_ptr<const tls_facts> client_session::tls() const noexcept
{
    return machine_->control().protection().facts;
}

bool client_session::protects_data() const noexcept
{
    const auto& protection = machine_->control().protection();
    return protection.data || protection.awaits_login;
}

} // namespace libftp
