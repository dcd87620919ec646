// Data connections of an odd session, and what else the server_session in it asks for.
#include "odd_machine.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace libftp::testing {

namespace {

class bytes_reader final : public file_reader {
public:
    explicit bytes_reader(std::string bytes) : bytes_(std::move(bytes)) {}

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto count = bytes_.copy(buffer.data(), buffer.size(), taken_);
        taken_ += count;
        return count;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return bytes_.size() - taken_; }

private:
    std::string bytes_;
    std::size_t taken_ = 0;
};

/// The next bytes of a reader that goes on behind them.
class part_reader final : public file_reader {
public:
    part_reader(std::shared_ptr<file_reader> all, std::optional<std::uint64_t> bytes)
        : all_(std::move(all)), left_(bytes)
    {
    }

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto most =
            left_ ? static_cast<std::size_t>(std::min<std::uint64_t>(*left_, buffer.size())) : buffer.size();
        auto count = most != 0 ? all_->read(buffer.first(most)) : result<std::size_t>{0};
        if (left_ && count)
            *left_ -= *count;
        return count;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return std::nullopt; }

private:
    std::shared_ptr<file_reader> all_;
    std::optional<std::uint64_t> left_;
};

/// The next bytes of a writer that goes on behind them, and is committed by nobody but its owner.
class part_writer final : public file_writer {
public:
    part_writer(std::shared_ptr<file_writer> all, std::optional<std::uint64_t> bytes)
        : all_(std::move(all)), left_(bytes)
    {
    }

    result<void> write(std::string_view bytes) override
    {
        if (left_)
            *left_ -= std::min<std::uint64_t>(*left_, bytes.size());
        return all_->write(bytes);
    }
    result<void> commit() override { return {}; }
    std::optional<restart_mark> next_mark() override { return all_->next_mark(); }
    [[nodiscard]] bool is_complete() const override { return left_ == 0U || all_->is_complete(); }

private:
    std::shared_ptr<file_writer> all_;
    std::optional<std::uint64_t> left_;
};

bool is_usual(const odd_data& wanted)
{
    return !wanted.bytes && !wanted.hold_at && !wanted.cut_at && wanted.end == connection_end::close;
}

} // namespace

bool odd_session::machine::carry_out_requests()
{
    bool any = false;
    while (auto asked = server_.next_action()) {
        any = true;
        std::visit([this](auto&& what) { carry_out(std::forward<decltype(what)>(what)); }, *std::move(asked));
    }
    return any;
}

void odd_session::machine::carry_out(const action::authenticate& asked)
{
    server_.authenticated(asked.id, script_->authenticate(asked.who, is_trusted_), now_);
}

void odd_session::machine::carry_out(const action::call_store& asked)
{
    const auto* wanted = wanted_data();
    const bool is_for_bytes = std::holds_alternative<store_call::open_read>(asked.request) ||
                              std::holds_alternative<store_call::open_listing>(asked.request);
    if (wanted != nullptr && wanted->bytes && is_for_bytes)
        server_.store_answered(asked.id, store_answer{std::make_unique<bytes_reader>(*wanted->bytes)}, now_);
    else
        server_.store_answered(asked.id, libftp::perform(asked.store, asked.request), now_);
}

void odd_session::machine::carry_out(const action::run_command& asked)
{
    server_.command_answered(asked.id, asked.job(), now_);
}

// There is no TLS here, and none is offered unless the script's options do.

void odd_session::machine::carry_out(action::start_tls asked)
{
    server_.tls_started(asked.id, tls_errc::not_available, now_);
}

void odd_session::machine::carry_out(action::stop_tls asked)
{
    server_.tls_ended(asked.id, make_error_code(tls_errc::not_available), now_);
}

void odd_session::machine::carry_out(action::secure_data asked)
{
    server_.data_secured(asked.id, tls_errc::not_available, now_);
}

void odd_session::machine::carry_out(action::listen_data asked)
{
    listener_ = connection_ = asked.id;
    manner_ = running_.empty() ? listener_manner::usual : running_.front().conduct.listener;
    actions_.emplace_back(asked);
}

void odd_session::machine::carry_out(action::connect_data asked)
{
    connection_ = asked.id;
    actions_.emplace_back(asked);
}

void odd_session::machine::carry_out(action::reject_data asked)
{
    actions_.emplace_back(asked);
}

void odd_session::machine::carry_out(action::close_data asked)
{
    actions_.emplace_back(asked);
    if (transfer_ && transfer_->is_held) // the host has no part of it that could end
        end_odd_transfer(transfer_fault::canceled, {}, connection_end::none);
}

void odd_session::machine::carry_out(action::send_data asked)
{
    const auto* wanted = wanted_data();
    if (wanted == nullptr || is_usual(*wanted)) {
        actions_.emplace_back(std::move(asked));
        return;
    }
    // What a rule sends travels as it is, whatever TYPE and MODE are.
    auto source = wanted->bytes ? std::make_shared<bytes_reader>(*wanted->bytes)
                                : std::shared_ptr<file_reader>{std::move(asked.source)};
    start_odd_transfer({.id = asked.id, .source = std::move(source), .wanted = *wanted});
}

void odd_session::machine::carry_out(action::receive_data asked)
{
    const auto* wanted = wanted_data();
    if (wanted == nullptr || is_usual(*wanted))
        actions_.emplace_back(std::move(asked));
    else
        start_odd_transfer({.id = asked.id, .sink = std::move(asked.sink), .wanted = *wanted});
}

void odd_session::machine::carry_out(action::close_control /*asked*/)
{
    if (end_ == connection_end::none)
        end_ = connection_end::close;
}

/// What the rule of the running transfer wants.
const odd_data* odd_session::machine::wanted_data() const noexcept
{
    return running_.empty() ? nullptr : &running_.front().conduct.data;
}

void odd_session::machine::start_odd_transfer(odd_transfer transfer)
{
    transfer.connection = connection_;
    transfer_ = std::move(transfer);
    next_part();
}

/// Up to the next place where something is to happen.
void odd_session::machine::next_part()
{
    const auto& wanted = transfer_->wanted;
    auto until = wanted.hold_at ? wanted.hold_at : wanted.cut_at;
    if (until && wanted.cut_at)
        until = std::min(*until, *wanted.cut_at);
    transfer_->part = until ? std::optional{*until - std::min(*until, transfer_->moved)} : std::nullopt;
    if (transfer_->part == 0U)
        return part_ended({});
    if (transfer_->source)
        actions_.emplace_back(
            send_part{transfer_->id, std::make_unique<part_reader>(transfer_->source, transfer_->part)});
    else
        actions_.emplace_back(
            receive_part{transfer_->id, std::make_unique<part_writer>(transfer_->sink, transfer_->part)});
}

void odd_session::machine::part_ended(const transfer_outcome& outcome)
{
    auto& wanted = transfer_->wanted;
    transfer_->moved += outcome.bytes;
    if (outcome.fault != transfer_fault::none)
        return end_odd_transfer(outcome.fault, outcome.error, connection_end::none);
    const auto cut = std::make_error_code(std::errc::connection_reset);
    if (!transfer_->part || outcome.bytes < *transfer_->part) { // all has moved
        if (wanted.end == connection_end::reset)
            return end_odd_transfer(transfer_fault::connection, cut, wanted.end);
        const auto committed = transfer_->sink ? transfer_->sink->commit() : result<void>{};
        if (!committed)
            return end_odd_transfer(transfer_fault::store, committed.error(), wanted.end);
        return end_odd_transfer(transfer_fault::none, {}, wanted.end);
    }
    if (wanted.hold_at && transfer_->moved >= *wanted.hold_at) {
        wanted.hold_at.reset();
        transfer_->is_held = true;
        return script_->count_hold();
    }
    end_odd_transfer(transfer_fault::connection, cut,
                     wanted.cut_resets ? connection_end::reset : connection_end::close);
}

void odd_session::machine::end_odd_transfer(transfer_fault fault, std::error_code error, connection_end how)
{
    const auto ended = *std::exchange(transfer_, std::nullopt);
    if (how == connection_end::reset)
        actions_.emplace_back(reset_data{ended.connection});
    else if (how == connection_end::close)
        actions_.emplace_back(action::close_data{ended.connection});
    server_.transfer_finished(ended.id, {ended.moved, fault, error}, now_);
}

void odd_session::machine::data_listening(op_id id, result<endpoint> where)
{
    if (where && id == listener_) {
        port_ = where->port;
        if (manner_ == listener_manner::refuses)
            actions_.emplace_back(action::close_data{id});
    }
    server_.data_listening(id, std::move(where), now_);
    advance();
}

void odd_session::machine::data_connected(op_id id, result<endpoint> peer)
{
    if (id == listener_ && manner_ == listener_manner::ignores && peer)
        return;
    server_.data_connected(id, std::move(peer), now_);
    advance();
}

void odd_session::machine::transfer_progressed(op_id id, std::uint64_t bytes)
{
    const bool is_odd = transfer_ && transfer_->id == id;
    server_.transfer_progressed(id, bytes + (is_odd ? transfer_->moved : 0), now_);
    advance();
}

void odd_session::machine::transfer_marked(op_id id, const restart_mark& mark)
{
    server_.transfer_marked(id, mark, now_);
    advance();
}

void odd_session::machine::transfer_finished(op_id id, const transfer_outcome& outcome)
{
    if (transfer_ && transfer_->id == id)
        part_ended(outcome);
    else
        server_.transfer_finished(id, outcome, now_);
    advance();
}

} // namespace libftp::testing
