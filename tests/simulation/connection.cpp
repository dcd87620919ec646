// Carries bytes from one end of a connection to the other, or does not.
#include "connection.hpp"

#include <algorithm>
#include <utility>

namespace libftp::simulation {

std::size_t connection::send(std::size_t side, std::string_view bytes)
{
    auto& from = ends[side];
    if (from.is_broken || from.sends_no_more)
        return 0;
    const auto used = std::min(from.wire.size(), manner_.window_bytes);
    const auto taken = bytes.substr(0, manner_.window_bytes - used);
    from.wire += taken;
    move_later(side);
    return taken.size();
}

void connection::take(std::size_t side, std::size_t bytes)
{
    ends[side].arrived.erase(0, bytes);
    move_later(1 - side);
}

void connection::finish(std::size_t side)
{
    if (std::exchange(ends[side].sends_no_more, true))
        return;
    move_later(side);
}

void connection::close(std::size_t side)
{
    auto& mine = ends[side];
    if (mine.is_closed)
        return;
    const bool leaves_something = !mine.arrived.empty();
    mine.changed = nullptr;
    if (leaves_something)
        return reset(side);
    mine.is_closed = true;
    finish(side);
}

void connection::reset(std::size_t side)
{
    auto& mine = ends[side];
    mine.is_closed = mine.sends_no_more = mine.is_broken = true;
    mine.changed = nullptr;
    mine.wire.clear();
    if (!is_silent_)
        events_.after(delay(), [self = shared_from_this(), side] { self->break_off(1 - side); });
}

clock::duration connection::delay()
{
    const auto spread = static_cast<std::uint64_t>((manner_.longest_delay - manner_.shortest_delay).count());
    return manner_.shortest_delay + clock::duration{static_cast<clock::rep>(chance_.below(spread + 1))};
}

void connection::move_later(std::size_t from)
{
    auto& mine = ends[from];
    const auto& other = ends[1 - from];
    const bool has_end = mine.sends_no_more && mine.wire.empty() && !other.peer_ended;
    const bool has_bytes = !mine.wire.empty() && other.arrived.size() < manner_.window_bytes;
    if ((!has_bytes && !has_end) || is_silent_ || mine.is_broken || mine.moves)
        return;
    mine.moves = true;
    events_.after(delay(), [self = shared_from_this(), from] { self->move(from); });
}

void connection::move(std::size_t from)
{
    auto& mine = ends[from];
    auto& other = ends[1 - from];
    mine.moves = false;
    if (is_silent_ || mine.is_broken || other.is_broken)
        return;
    if (mine.wire.empty()) {
        other.peer_ended = other.peer_ended || mine.sends_no_more;
        return tell(1 - from);
    }
    const auto room = manner_.window_bytes - std::min(other.arrived.size(), manner_.window_bytes);
    const auto most = std::min({mine.wire.size(), room, manner_.longest_piece});
    if (most == 0)
        return;
    const auto count = chance_.one_in(2) ? most : chance_.size_between(1, most);
    moved_ += count;
    if (manner_.suffers != connection_manner::fault::none && moved_ >= manner_.after_bytes)
        return suffer();
    if (other.is_closed) { // what comes to a closed socket is answered by a reset
        mine.wire.clear();
        return break_off(from);
    }
    other.arrived.append(mine.wire, 0, count);
    mine.wire.erase(0, count);
    move_later(from);
    tell(1 - from);
    tell(from);
}

void connection::suffer()
{
    if (suffered_)
        suffered_();
    if (manner_.suffers == connection_manner::fault::silence) {
        is_silent_ = true;
        return;
    }
    break_off(0);
    break_off(1);
}

/// This end learns that the connection is no more. What has come already may be lost with it, or not.
void connection::break_off(std::size_t side)
{
    auto& mine = ends[side];
    mine.wire.clear();
    if (mine.is_broken)
        return;
    mine.is_broken = true;
    if (chance_.one_in(2))
        mine.arrived.clear();
    tell(side);
}

void connection::tell(std::size_t side)
{
    if (const auto changed = ends[side].changed)
        changed();
}

network_end::~network_end()
{
    close();
}

void network_end::when_changed(std::function<void()> changed)
{
    whole_->ends[side_].changed = std::move(changed);
}

std::size_t network_end::send(std::string_view bytes)
{
    return whole_->send(side_, bytes);
}

std::size_t network_end::on_the_way() const
{
    return whole_->ends[side_].wire.size();
}

std::string_view network_end::arrived() const
{
    return whole_->ends[side_].arrived;
}

void network_end::take(std::size_t bytes)
{
    whole_->take(side_, bytes);
}

bool network_end::has_ended() const
{
    const auto& mine = whole_->ends[side_];
    return mine.peer_ended && mine.arrived.empty();
}

bool network_end::is_broken() const
{
    const auto& mine = whole_->ends[side_];
    return mine.is_broken && mine.arrived.empty();
}

bool network_end::is_over() const
{
    return whole_->ends[side_].peer_ended || whole_->ends[side_].is_broken;
}

void network_end::finish()
{
    whole_->finish(side_);
}

void network_end::close()
{
    whole_->close(side_);
}

void network_end::reset()
{
    whole_->reset(side_);
}

} // namespace libftp::simulation
