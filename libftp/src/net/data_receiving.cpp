// Receiving a file over a data connection, and committing it.
#include "data_channel.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace libftp::net {

namespace {

constexpr std::size_t tls_record_bytes = 16 * 1024; // at most (RFC 8446 5.1)

constexpr std::size_t piece_bytes = 2 * 1024 * 1024;

/// Where bytes stay only from the socket to the sink: one place serves all transfers of a thread, and may be large. The
/// more is taken at a time, the less often the peer is told and woken.
std::span<char> piece_of_thread()
{
    thread_local const auto piece = std::make_unique_for_overwrite<char[]>(piece_bytes);
    return {piece.get(), piece_bytes};
}

} // namespace

void data_channel::receive(action::receive_data asked)
{
    begin(asked);
    sink_.reset(asked.sink.release());
    // Others have their turn first. Behind that the bytes of a small file have mostly come, and need not be waited for.
    waits_ = stream_.is_clear() ? tls_wait::nothing : tls_wait::readable;
    receive_some();
}

void data_channel::receive_some()
{
    if (stream_.has_input() || !behind_.empty())
        waits_ = tls_wait::nothing; // the socket may be empty
    else if (!stream_.is_clear())
        acknowledge_at_once();
    when_ready([](data_channel& self) { self.receive_more(); });
}

void data_channel::receive_more()
{
    // What has come is reserved, not more: a small file costs the others little. The end counts like a byte. What TLS
    // has taken from the socket already it does not tell.
    std::error_code ignored;
    const auto least = std::max(stream_.has_input() ? tls_record_bytes : 1, behind_.size() - behind_at_);
    const auto waiting = allowed_ != 0 ? 0 : std::max(socket_.asio().available(ignored), least);
    when_allowed(waiting, [](data_channel& self) {
        self.work(
            self.spared_bytes(), [](data_channel& there) { return there.receive_round(); },
            [](data_channel& here) { here.has_all_ ? here.commit() : here.receive_some(); });
    });
}

/// From the socket, but first what has come behind the end of the last file.
tls_step data_channel::read_some(std::span<char> room)
{
    if (behind_.empty())
        return stream_.read(descriptor(), room);
    const auto count = behind_.copy(room.data(), room.size(), behind_at_);
    behind_at_ += count;
    if (behind_at_ == behind_.size()) {
        std::string{}.swap(behind_); // an idle connection costs no room
        behind_at_ = 0;
    }
    return {.bytes = count};
}

/// These were read last, and are of the next file.
void data_channel::put_back(std::string_view bytes)
{
    behind_.replace(0, std::exchange(behind_at_, 0), bytes);
}

data_channel::round data_channel::receive_round()
{
    round done;
    const auto piece = piece_of_thread().first(leaves_open_ ? shared_piece_bytes : piece_bytes);
    const auto most = std::min(allowed_, most_of_round_);
    while (!done.has_all && done.waits == tls_wait::nothing && done.bytes < most) {
        const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), most - done.bytes));
        const auto step = read_some(piece.first(room));
        done.bytes += step.bytes;
        if (step.bytes != 0) {
            if (auto taken = sink_->write({piece.data(), step.bytes}); !taken) {
                done.fault = transfer_fault::store;
                done.error = taken.error();
                return done;
            }
            while (auto mark = sink_->next_mark())
                done.marks.push_back(std::move(*mark));
        }
        peer_ended_ = step.has_ended;
        done.has_all = peer_ended_ || (step.bytes != 0 && sink_->is_complete());
        if (const auto others = done.has_all ? sink_->bytes_behind_end() : 0; others != 0) {
            put_back({&piece[step.bytes - others], others});
            done.bytes -= others;
        }
        done.waits = step.waits;
        if (step.error && !done.has_all) {
            done.fault = transfer_fault::connection;
            done.error = step.error;
            return done;
        }
        // Less than there was room for was all there was. But of a short file the end has mostly come, too.
        const bool is_emptied = stream_.is_clear() && step.bytes != 0 && step.bytes < room;
        if (is_emptied && bytes_ + done.bytes >= brief_bytes)
            done.waits = tls_wait::readable;
    }
    return done;
}

/// A peer that dies closes both connections: the end of the data is then not the end of the file. Through TLS it would
/// not have said that this is the end.
void data_channel::commit()
{
    const auto owner = owner_.lock();
    if (!owner || (stream_.is_clear() && owner->has_peer_left()))
        return finish(transfer_fault::canceled, {});
    work(
        is_brief() && may_spare_worker() ? brief_bytes : 0,
        [](data_channel& self) -> round {
            const std::unique_ptr<file_writer> sink{self.sink_.release()}; // hears no discard() any more
            if (auto done = sink->commit(); !done)
                return {.fault = transfer_fault::store, .error = done.error()};
            return {.ended = true};
        },
        [](data_channel&) {});
}

} // namespace libftp::net
