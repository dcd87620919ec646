// The functions of an odd session, handed to its machine.
#include <libftp/testing/odd_session.hpp>

#include "odd_machine.hpp"

#include <utility>

namespace libftp::testing {

odd_session::odd_session(const odd_script& script, const endpoint& peer, const endpoint& local, clock::time_point now)
    : machine_(std::make_unique<machine>(script.state_, peer, local, now))
{
}

odd_session::~odd_session() = default;

void odd_session::script_changed(clock::time_point now)
{
    machine_->now_ = now;
    machine_->script_changed();
}

void odd_session::received(std::string_view bytes, clock::time_point now)
{
    machine_->now_ = now;
    machine_->received(bytes);
}

void odd_session::received_eof(clock::time_point now)
{
    machine_->now_ = now;
    machine_->received_eof();
}

void odd_session::connection_lost(clock::time_point now)
{
    machine_->now_ = now;
    machine_->connection_lost();
}

bool odd_session::wants_input() const noexcept
{
    return machine_->wants_input();
}

std::string_view odd_session::output() const noexcept
{
    return machine_->output_;
}

void odd_session::output_sent(std::size_t bytes, clock::time_point now)
{
    machine_->now_ = now;
    machine_->output_sent(bytes);
}

std::optional<odd_action> odd_session::next_action()
{
    return machine_->next_action();
}

std::optional<clock::time_point> odd_session::deadline() const noexcept
{
    return machine_->deadline();
}

void odd_session::deadline_passed(clock::time_point now)
{
    machine_->now_ = now;
    machine_->deadline_passed();
}

bool odd_session::finished() const noexcept
{
    return machine_->finished_;
}

void odd_session::data_listening(op_id id, result<endpoint> where, clock::time_point now)
{
    machine_->now_ = now;
    machine_->data_listening(id, std::move(where));
}

void odd_session::data_connected(op_id id, result<endpoint> peer, clock::time_point now)
{
    machine_->now_ = now;
    machine_->data_connected(id, std::move(peer));
}

void odd_session::transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now)
{
    machine_->now_ = now;
    machine_->transfer_progressed(id, bytes);
}

void odd_session::transfer_marked(op_id id, const restart_mark& mark, clock::time_point now)
{
    machine_->now_ = now;
    machine_->transfer_marked(id, mark);
}

void odd_session::transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now)
{
    machine_->now_ = now;
    machine_->transfer_finished(id, outcome);
}

} // namespace libftp::testing
