// Listens, connects, and moves a file's bytes between a store and the network.
#include "data_port.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace libftp::simulation {

using namespace std::chrono_literals;

void data_port::listen()
{
    const bool fails = chance_.one_in(50) && around_.outside == weather::stormy;
    around_.events.after(chance_.one_in(3) ? 1ms : 0ms, [self = shared_from_this(), fails] {
        if (self->canceled_)
            return;
        if (fails) {
            self->owner_.suffered();
            return self->owner_.data_listening(self->id_, std::make_error_code(std::errc::address_in_use));
        }
        auto arrived = [weak = self->weak_from_this()](std::unique_ptr<network_end> end, const endpoint& peer) {
            if (const auto there = weak.lock())
                there->take(std::move(end), peer);
        };
        self->port_ = self->around_.net.listen(self->local_.address, std::move(arrived));
        self->owner_.data_listening(self->id_, endpoint{self->local_.address, *self->port_});
    });
}

void data_port::take(std::unique_ptr<network_end> end, const endpoint& peer)
{
    if (canceled_ || end_)
        return end->reset(); // as the system does with what nobody accepts any more
    end_ = std::move(end);
    end_->when_changed([weak = weak_from_this()] {
        if (const auto self = weak.lock())
            self->step_later();
    });
    owner_.data_connected(id_, peer);
}

void data_port::connect(const endpoint& to)
{
    const endpoint from{local_.address, static_cast<std::uint16_t>(chance_.between(32768, 60999))};
    // Also where this port is done with it: what the other side then does not hear, its owner waits for.
    auto suffered = [&owner = owner_] { owner.suffered(); };
    around_.net.connect(from, to, std::move(suffered), [self = shared_from_this(), to](auto outcome) {
        if (self->canceled_)
            return;
        if (!outcome)
            return self->owner_.data_connected(self->id_, outcome.error());
        self->take(*std::move(outcome), to);
    });
}

void data_port::reject()
{
    end_.reset();
}

void data_port::close_listener()
{
    if (port_)
        around_.net.close_port(*std::exchange(port_, std::nullopt));
}

template <class Asked>
void data_port::begin(const Asked& asked)
{
    close_listener();
    transfer_ = asked.id;
    leaves_open_ = asked.leaves_open;
    is_left_open_ = false;
    bytes_ = 0;
    all_read_ = false;
}

void data_port::send(action::send_data asked)
{
    begin(asked);
    source_ = std::move(asked.source);
    left_ = source_->remaining();
    step_later();
}

void data_port::receive(action::receive_data asked)
{
    begin(asked);
    sink_ = std::move(asked.sink);
    step_later();
}

void data_port::close()
{
    canceled_ = true;
    close_listener();
    if (transfer_ == op_id::none) {
        if (end_ && owner_.resets_unfinished() && !is_left_open_)
            end_->reset(); // it may be for an upload, and no bytes must not look like all of them
        return end_.reset();
    }
    if (!source_ || !owner_.resets_unfinished())
        end_->finish();
    step_later(chance_.one_in(3) ? clock::duration{100us * chance_.below(100)} : clock::duration{});
}

void data_port::step_later(clock::duration delay)
{
    if (std::exchange(is_due_, true))
        return;
    around_.events.after(delay, [self = shared_from_this()] {
        self->is_due_ = false;
        self->step();
    });
}

void data_port::step()
{
    if (transfer_ == op_id::none || works_)
        return;
    if (canceled_)
        return finish(transfer_fault::canceled, {});
    if (end_->is_broken())
        return finish(transfer_fault::connection, std::make_error_code(std::errc::connection_reset));
    source_ ? send_some() : receive_some();
}

void data_port::send_some()
{
    if (!leaves_open_) // then it is the beginning of the next transfer
        end_->take(end_->arrived().size());
    const auto sent = end_->send(piece_);
    piece_.erase(0, sent);
    bytes_ += sent;
    owner_.transfer_progressed(transfer_, bytes_ - std::min<std::uint64_t>(bytes_, end_->on_the_way()));
    if (!piece_.empty())
        return;
    if (all_read_ && leaves_open_)
        return finish(transfer_fault::none, {});
    if (all_read_) {
        end_->finish();
        if (end_->on_the_way() == 0)
            finish(transfer_fault::none, {});
        return;
    }
    work([this] {
        std::array<char, 4096> buffer;
        const auto count = source_->read(buffer);
        if (!count)
            return finish(transfer_fault::store, count.error());
        piece_.assign(buffer.data(), *count);
        all_read_ = *count == 0;
        if (left_)
            *left_ -= std::min<std::uint64_t>(*left_, *count);
        if (all_read_ && left_.value_or(0) != 0)
            return finish(transfer_fault::store, std::make_error_code(std::errc::io_error));
        step_later();
    });
}

void data_port::receive_some()
{
    if (end_->arrived().empty()) {
        if (!end_->has_ended())
            return;
        if (owner_.has_peer_left())
            return finish(transfer_fault::canceled, {});
        return commit();
    }
    work([this] {
        const std::string taken{end_->arrived()};
        auto written = sink_->write(taken);
        const auto count = taken.size() - sink_->bytes_behind_end();
        end_->take(count);
        bytes_ += count;
        if (!written)
            return finish(transfer_fault::store, written.error());
        while (const auto mark = sink_->next_mark())
            owner_.transfer_marked(transfer_, *mark);
        if (canceled_)
            return finish(transfer_fault::canceled, {});
        if (sink_->is_complete())
            return commit();
        owner_.transfer_progressed(transfer_, bytes_);
        step_later();
    });
}

void data_port::commit()
{
    work([this] {
        const auto done = std::exchange(sink_, nullptr)->commit();
        finish(done ? transfer_fault::none : transfer_fault::store, done ? std::error_code{} : done.error());
    });
}

void data_port::work(const std::function<void()>& job)
{
    if (!chance_.one_in(4))
        return job();
    works_ = true;
    around_.events.after(10us * chance_.below(chance_.one_in(8) ? 20'000 : 300), [self = shared_from_this(), job] {
        self->works_ = false;
        job();
        if (self->canceled_)
            self->step();
    });
}

void data_port::finish(transfer_fault fault, std::error_code error)
{
    if (canceled_ && fault == transfer_fault::connection)
        fault = transfer_fault::canceled;
    if (fault != transfer_fault::none && source_ && owner_.resets_unfinished())
        end_->reset();
    is_left_open_ = leaves_open_ && fault == transfer_fault::none && !canceled_;
    if (!is_left_open_)
        end_.reset();
    source_.reset();
    if (const auto sink = std::exchange(sink_, nullptr))
        sink->discard(fault == transfer_fault::canceled ? std::make_error_code(std::errc::operation_canceled) : error);
    owner_.transfer_finished(std::exchange(transfer_, op_id::none), {bytes_, fault, error});
}

} // namespace libftp::simulation
