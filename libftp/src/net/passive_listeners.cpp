// Opening, sharing and closing the ports of passive data connections.
#include "passive_listeners.hpp"

#include <asio/post.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>

namespace libftp::net {

namespace {

/// Connections accepted at a time, so that a flood of them leaves others their turn.
constexpr int max_accepted = 64;
constexpr int random_ports_tried = 8;

/// The system's, several at a time: std::random_device may ask the processor for each, which takes longer than all else
/// that is done for a port.
class random_numbers {
public:
    using result_type = std::uint32_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

    result_type operator()()
    {
        if (left_ == 0) {
            if (!fill_randomly(numbers_))
                return std::random_device{}();
            left_ = numbers_.size();
        }
        return numbers_[--left_];
    }

private:
    std::array<result_type, 64> numbers_{}; // 256 bytes: getentropy(3) gives no more
    std::size_t left_ = 0;
};

unsigned random_below(unsigned limit)
{
    thread_local random_numbers random;
    return std::uniform_int_distribution<unsigned>{0, limit - 1}(random);
}

/// Every other one of the system's, beginning with the second: to connections that go out Linux gives those between
/// first, and clients on this machine keep many of these for a minute behind the end of a transfer (TIME_WAIT).
std::uint16_t random_port(port_range among)
{
    const auto count = (among.last - among.first + 1U) / 2;
    return static_cast<std::uint16_t>(count == 0 ? among.first : among.first + 2 * random_below(count) + 1);
}

/// The first connection that has come, if any. Error: the system has no resources for it.
result<std::optional<accepted_socket>> accept_at(int listening)
{
    for (int i = 0; i < max_accepted; ++i) {
        // Not Asio's accept(): in which context the socket must be shows only when it is there.
        const auto found = accept_now(listening);
        if (found)
            return std::optional{*found};
        if (is_exhaustion(found.error()))
            return found.error();
        if (found.error() == std::errc::resource_unavailable_try_again)
            break; // else that connection broke before it was accepted
    }
    return std::optional<accepted_socket>{};
}

passive_listeners::arrival make_arrival(const accepted_socket& who, const asio::any_io_executor& executor)
{
    return {late_socket{executor, who}, from_asio(who.peer)};
}

/// Whether another port may do better.
bool is_of_one_port(const std::error_code& error)
{
    return error == std::errc::address_in_use || error == std::errc::permission_denied;
}

} // namespace

passive_listeners::listener::~listener()
{
    if (!acceptor.is_open())
        close_socket(socket);
}

passive_listeners::place::place(std::weak_ptr<passive_listeners> of, const tcp::endpoint& where, asio::ip::address from)
    : of_(std::move(of)), where_(where), from_(std::move(from))
{
}

passive_listeners::place::~place()
{
    if (const auto of = of_.lock())
        of->leave(where_, from_);
}

std::optional<result<passive_listeners::arrival>> passive_listeners::place::take()
{
    const auto of = of_.lock();
    return of ? of->take(where_) : std::nullopt;
}

void passive_listeners::place::watch()
{
    if (const auto of = of_.lock())
        of->watch(where_);
}

result<std::unique_ptr<passive_listeners::place>> passive_listeners::wait(const ip_address& local,
                                                                          const ip_address& from,
                                                                          const asio::any_io_executor& executor,
                                                                          taker told)
{
    const auto address = to_asio({local, 0}).address();
    const auto peer = to_asio({from, 0}).address();
    const std::lock_guard lock{mutex_};
    const auto found = ports_ ? open_in_range(address, peer, executor) : open_anywhere(address, executor);
    if (!found)
        return found.error();
    const auto& [where, at] = **found;
    // A connection that came before cannot be for the newcomer, whose peer has not been told the port yet.
    if (!at->waiters.empty())
        accept_all(*at);
    at->waiters.emplace(peer, waiter{executor, std::move(told)});
    if (ports_) // some of those who wait there may need theirs at once
        watch(at);
    return std::make_unique<place>(weak_from_this(), where, peer);
}

result<passive_listeners::listener_map::iterator> passive_listeners::open(const tcp::endpoint& where,
                                                                          const asio::any_io_executor& executor)
{
    const auto listening = listen_at(where);
    if (!listening)
        return listening.error();
    auto opened = std::make_shared<listener>(executor, where.protocol(), *listening);
    const auto bound = where.port() != 0 ? result<tcp::endpoint>{where} : local_endpoint(*listening);
    if (!bound)
        return bound.error();
    return listeners_.insert_or_assign(*bound, std::move(opened)).first;
}

/// Ports of connections that are over wait a minute (TIME_WAIT), and the system's own search tries each of them: with
/// thousands of short transfers that takes longer than the transfers. Most ports that are chosen at random are free.
result<passive_listeners::listener_map::iterator>
passive_listeners::open_anywhere(const asio::ip::address& local, const asio::any_io_executor& executor)
{
    static const port_range ports = system_ports();
    for (int i = 0; i < random_ports_tried; ++i) {
        auto opened = open({local, random_port(ports)}, executor);
        if (opened || !is_of_one_port(opened.error()))
            return opened;
    }
    auto opened = open({local, 0}, executor);
    // Clients on this machine may have used up all ports that the system gives. It is a rare client that cares which.
    for (int i = 0; i < random_ports_tried * 8 && !opened && is_of_one_port(opened.error()); ++i)
        opened = open({local, static_cast<std::uint16_t>(1024 + random_below(65536 - 1024))}, executor);
    return opened;
}

result<passive_listeners::listener_map::iterator>
passive_listeners::open_in_range(const asio::ip::address& local, const asio::ip::address& from,
                                 const asio::any_io_executor& executor)
{
    // Beginning at a random port makes the next one hard to guess for a thief (RFC 2577 6).
    const unsigned count = ports_->last - ports_->first + 1U;
    const unsigned start = random_below(count);
    const auto nth = [&](unsigned i) {
        return tcp::endpoint{local, static_cast<std::uint16_t>(ports_->first + (start + i) % count)};
    };
    auto error = std::make_error_code(std::errc::address_in_use);
    for (unsigned i = 0; i < count && is_of_one_port(error); ++i) {
        if (listeners_.contains(nth(i)))
            continue;
        auto opened = open(nth(i), executor);
        if (opened)
            return opened;
        error = opened.error();
    }
    for (unsigned i = 0; i < count; ++i) {
        const auto shared = listeners_.find(nth(i));
        if (shared != listeners_.end() && !shared->second->waiters.contains(from))
            return shared;
    }
    return error;
}

std::optional<result<passive_listeners::arrival>> passive_listeners::take(const tcp::endpoint& where)
{
    const std::lock_guard lock{mutex_};
    const auto& at = *listeners_.at(where);
    if (ports_ || at.is_watched)
        return std::nullopt;
    const auto found = accept_at(at.socket);
    if (!found)
        return found.error();
    if (!*found)
        return std::nullopt;
    return make_arrival(**found, at.waiters.begin()->second.executor);
}

void passive_listeners::watch(const tcp::endpoint& where)
{
    const std::lock_guard lock{mutex_};
    watch(listeners_.at(where));
}

void passive_listeners::watch(const std::shared_ptr<listener>& watched)
{
    if (watched->is_watched)
        return;
    std::error_code error;
    if (!watched->acceptor.is_open())
        assign(watched->acceptor, watched->protocol, watched->socket, error);
    if (error)
        return tell_all(*watched, from_asio(error));
    watched->is_watched = true;
    watched->acceptor.async_wait(
        tcp::acceptor::wait_read,
        [weak_self = weak_from_this(), weak_listener = std::weak_ptr{watched}](std::error_code canceled) {
            const auto self = weak_self.lock();
            if (!self || canceled)
                return;
            const std::lock_guard lock{self->mutex_};
            const auto at = weak_listener.lock();
            if (!at)
                return;
            at->is_watched = false;
            if (const auto failed = self->accept_all(*at))
                tell_all(*at, failed);
            else
                self->watch(at);
        });
}

/// Tells all who wait why there can be no connection.
void passive_listeners::tell_all(const listener& at, std::error_code error)
{
    for (const auto& [from, each] : at.waiters)
        asio::post(each.executor, [told = each.told, error] { told(error); });
}

/// Accepts what has come. Error: the system has no resources for it.
std::error_code passive_listeners::accept_all(const listener& at) const
{
    for (int i = 0; i < max_accepted; ++i) {
        const auto found = accept_at(at.socket);
        if (!found)
            return found.error();
        if (!*found)
            return {};
        deliver(at, **found);
    }
    return {};
}

void passive_listeners::deliver(const listener& at, const accepted_socket& who) const
{
    const auto found = ports_ ? at.waiters.find(who.peer.address()) : at.waiters.begin();
    if (found == at.waiters.end()) {
        close_socket(who.descriptor);
        return;
    }
    const auto& [executor, told] = found->second;
    asio::post(executor, [told = told, arrived = make_arrival(who, executor)]() mutable { told(std::move(arrived)); });
}

void passive_listeners::leave(const tcp::endpoint& where, const asio::ip::address& from)
{
    const std::lock_guard lock{mutex_};
    const auto at = listeners_.find(where);
    at->second->waiters.erase(from);
    if (at->second->waiters.empty())
        listeners_.erase(at);
}

} // namespace libftp::net
