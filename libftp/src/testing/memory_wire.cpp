// The control and the data connection of a memory_link: what is asked for, and how bytes move.
#include "memory_wire.hpp"

#include "../store/read_within.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <utility>

namespace libftp::testing {

namespace {

constexpr std::size_t max_inbox_bytes = 64 * 1024; // a socket's buffer

void begin(memory_end& by, op_id id, std::unique_ptr<file_reader> source, std::unique_ptr<file_writer> sink,
           bool stays_open)
{
    by.data.transfer = id;
    by.data.source = std::move(source);
    by.data.sink = std::move(sink);
    by.data.stays_open = stays_open;
    by.data.moved = 0;
}

} // namespace

bool memory_wire::move_something()
{
    if (carry_out_next(client_) || carry_out_next(server_))
        return true;
    const auto move_data = [this] { return transfer(client_) || transfer(server_); };
    const auto move_control = [this] { return deliver(client_) || deliver(server_); };
    return order_ == link_order::data_first ? move_data() || move_control() : move_control() || move_data();
}

/// Takes the next piece of what `from` says to the other side.
bool memory_wire::deliver(memory_end& from)
{
    auto& to = other(from);
    const auto output = from.output();
    if (from.control == control_end::open && !output.empty()) {
        if (to.control != control_end::open) {
            from.output_sent(output.size(), now_);
            if (!std::exchange(from.knows_end, true))
                from.connection_lost(now_);
            return true;
        }
        if (!to.wants_input())
            return false;
        const std::string taken{output.substr(0, piece_)};
        to.received(taken, now_);
        from.output_sent(taken.size(), now_);
        return true;
    }
    if (from.control == control_end::open || to.control != control_end::open || std::exchange(to.knows_end, true))
        return false;
    if (from.control == control_end::reset)
        to.connection_lost(now_);
    else
        to.received_eof(now_);
    return true;
}

bool memory_wire::carry_out_next(memory_end& by)
{
    auto asked = by.next_action(now_);
    if (!asked)
        return false;
    std::visit([&](auto&& what) { carry_out(by, std::forward<decltype(what)>(what)); }, *std::move(asked));
    return true;
}

void memory_wire::carry_out(memory_end& by, action::listen_data asked)
{
    close_data(by);
    by.data.id = asked.id;
    by.data.is = memory_data::state::listening;
    by.data.port = new_port();
    by.data_listening(asked.id, endpoint{address(by).address, by.data.port}, now_);
}
void memory_wire::carry_out(memory_end& by, action::connect_data asked)
{
    close_data(by);
    auto& to = other(by);
    const bool is_there =
        to.data.is == memory_data::state::listening && asked.to == endpoint{address(to).address, to.data.port};
    if (!is_there)
        return by.data_connected(asked.id, std::make_error_code(std::errc::connection_refused), now_);
    by.data.id = asked.id;
    by.data.is = to.data.is = memory_data::state::connected;
    by.data_connected(asked.id, asked.to, now_);
    to.data_connected(to.data.id, endpoint{address(by).address, new_port()}, now_);
}
void memory_wire::carry_out(memory_end& by, action::reject_data asked)
{
    const auto port = by.data.port;
    if (by.data.id != asked.id)
        return;
    close_data(by);
    by.data.id = asked.id;
    by.data.is = memory_data::state::listening;
    by.data.port = port;
}
void memory_wire::carry_out(memory_end& by, action::close_data asked)
{
    if (by.data.id == asked.id)
        close_data(by);
}
void memory_wire::carry_out(memory_end& by, reset_data asked)
{
    if (by.data.id != asked.id)
        return;
    other(by).data.was_reset = by.data.is == memory_data::state::connected && !by.data.peer_is_gone;
    close_data(by);
}
void memory_wire::carry_out(memory_end& by, action::send_data asked)
{
    begin(by, asked.id, std::move(asked.source), {}, false);
}
void memory_wire::carry_out(memory_end& by, send_part asked)
{
    begin(by, asked.id, std::move(asked.source), {}, true);
}
void memory_wire::carry_out(memory_end& by, action::receive_data asked)
{
    begin(by, asked.id, {}, std::move(asked.sink), false);
}
void memory_wire::carry_out(memory_end& by, receive_part asked)
{
    begin(by, asked.id, {}, std::move(asked.sink), true);
}
void memory_wire::carry_out(memory_end& by, action::close_control /*asked*/)
{
    close_data(by);
    by.control = control_end::closed;
}
void memory_wire::carry_out(memory_end& by, reset_control /*asked*/)
{
    close_data(by);
    by.control = control_end::reset;
}
void memory_wire::carry_out(memory_end& /*by*/, std::monostate /*done*/) {}

/// Closes this side, whatever goes on there; the other side finds out by what it does.
void memory_wire::close_data(memory_end& by)
{
    auto closed = std::exchange(by.data, {});
    if (closed.is == memory_data::state::connected && !closed.peer_is_gone) {
        other(by).data.peer_sends_no_more = true;
        other(by).data.peer_is_gone = true;
    }
    if (closed.transfer != op_id::none) {
        if (closed.sink)
            closed.sink->discard(std::make_error_code(std::errc::operation_canceled));
        by.transfer_finished(closed.transfer, {closed.moved, transfer_fault::canceled, {}}, now_);
    }
}

bool memory_wire::transfer(memory_end& by)
{
    if (by.data.transfer == op_id::none)
        return false;
    if (by.data.is != memory_data::state::connected)
        return end_transfer(by, transfer_fault::connection, std::make_error_code(std::errc::not_connected));
    return by.data.source ? send(by) : receive(by);
}

bool memory_wire::send(memory_end& by)
{
    auto& inbox = other(by).data.inbox;
    if (by.data.was_reset || by.data.peer_is_gone)
        return end_transfer(by, transfer_fault::connection, std::make_error_code(std::errc::connection_reset));
    if (inbox.size() >= max_inbox_bytes)
        return false;
    std::array<char, 4096> buffer;
    const auto count = read_within(*by.data.source, std::span{buffer}.first(std::min(piece_, buffer.size())));
    if (!count)
        return end_transfer(by, transfer_fault::store, count.error());
    if (*count == 0)
        return end_transfer(by, transfer_fault::none, {});
    inbox.append(buffer.data(), *count);
    count_moved(by, *count);
    return true;
}

bool memory_wire::receive(memory_end& by)
{
    auto& data = by.data;
    if (!data.inbox.empty()) {
        const auto taken = data.inbox.substr(0, piece_);
        data.inbox.erase(0, taken.size());
        if (const auto written = data.sink->write(taken); !written)
            return end_transfer(by, transfer_fault::store, written.error());
        while (const auto mark = data.sink->next_mark())
            by.transfer_marked(data.transfer, *mark, now_);
        count_moved(by, taken.size());
        return data.sink == nullptr || !data.sink->is_complete() || commit(by);
    }
    if (data.was_reset)
        return end_transfer(by, transfer_fault::connection, std::make_error_code(std::errc::connection_reset));
    return data.peer_sends_no_more && commit(by);
}

bool memory_wire::commit(memory_end& by)
{
    const auto committed = std::exchange(by.data.sink, nullptr)->commit();
    return committed ? end_transfer(by, transfer_fault::none, {})
                     : end_transfer(by, transfer_fault::store, committed.error());
}

void memory_wire::count_moved(memory_end& by, std::size_t bytes)
{
    by.data.moved += bytes;
    by.transfer_progressed(by.data.transfer, by.data.moved, now_);
}

bool memory_wire::end_transfer(memory_end& by, transfer_fault fault, std::error_code error)
{
    auto& data = by.data;
    if (const auto sink = std::exchange(data.sink, nullptr))
        sink->discard(error);
    data.source.reset();
    const auto ended = std::exchange(data.transfer, op_id::none);
    const auto moved = data.moved;
    if (fault != transfer_fault::none || !data.stays_open)
        close_data(by);
    by.transfer_finished(ended, {moved, fault, error}, now_);
    return true;
}

void memory_wire::break_connection()
{
    for (auto* each : std::initializer_list<memory_end*>{&client_, &server_}) {
        other(*each).data.was_reset = each->data.is == memory_data::state::connected;
        each->knows_end = true;
        each->connection_lost(now_);
    }
}

std::uint16_t memory_wire::new_port()
{
    if (last_port_ == std::numeric_limits<std::uint16_t>::max())
        last_port_ = 49999;
    return ++last_port_;
}

} // namespace libftp::testing
