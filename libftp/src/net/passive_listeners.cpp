// Opening, sharing and closing the ports of passive data connections.
#include "passive_listeners.hpp"

#include <asio/error.hpp>
#include <asio/post.hpp>

#include <cerrno>
#include <fstream>
#include <random>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace libftp::net {

namespace {

/// Connections accepted at a time, so that a flood of them leaves others their turn.
constexpr int max_accepted = 64;
constexpr int random_ports_tried = 8;

std::error_code listen_at(tcp::acceptor& acceptor, const tcp::endpoint& where)
{
    std::error_code error;
    acceptor.open(where.protocol(), error);
    close_on_exec(acceptor.native_handle());
    // The port of a connection that this side closed first would be blocked for a minute otherwise.
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error)
        acceptor.non_blocking(true, error);
    if (!error)
        acceptor.bind(where, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    return from_asio(error);
}

/// The ports that the system gives to those who do not choose.
port_range system_ports()
{
    std::ifstream file{"/proc/sys/net/ipv4/ip_local_port_range"};
    port_range found;
    if (file >> found.first >> found.last && found.first != 0 && found.first <= found.last)
        return found;
    return {49152, 65535}; // RFC 6335 6
}

unsigned random_below(unsigned limit)
{
    thread_local std::random_device random;
    return std::uniform_int_distribution<unsigned>{0, limit - 1}(random);
}

/// Whether another port may do better.
bool is_of_one_port(const std::error_code& error)
{
    return error == std::errc::address_in_use || error == std::errc::permission_denied;
}

} // namespace

passive_listeners::place::place(std::weak_ptr<passive_listeners> of, const tcp::endpoint& where, asio::ip::address from)
    : of_(std::move(of)), where_(where), from_(std::move(from))
{
}

passive_listeners::place::~place()
{
    if (const auto of = of_.lock())
        of->leave(where_, from_);
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
    // A connection that came before is none of the newcomer's: nobody has been told the port for it yet.
    if (!at->waiters.empty())
        accept_all(*at);
    at->waiters.emplace(peer, waiter{executor, std::move(told)});
    if (!at->is_watched)
        watch(at);
    return std::make_unique<place>(weak_from_this(), where, peer);
}

result<passive_listeners::listener_map::iterator> passive_listeners::open(const tcp::endpoint& where,
                                                                          const asio::any_io_executor& executor)
{
    auto opened = std::make_shared<listener>(executor);
    if (const auto error = listen_at(opened->acceptor, where))
        return error;
    std::error_code error;
    const auto bound = opened->acceptor.local_endpoint(error);
    if (error)
        return from_asio(error);
    return listeners_.insert_or_assign(bound, std::move(opened)).first;
}

/// Ports of connections that are over wait a minute (TIME_WAIT), and the system's own search passes by each of them:
/// with thousands of short transfers that takes longer than the transfers. Most ports that are chosen by chance are
/// free.
result<passive_listeners::listener_map::iterator>
passive_listeners::open_anywhere(const asio::ip::address& local, const asio::any_io_executor& executor)
{
    static const port_range ports = system_ports();
    for (int i = 0; i < random_ports_tried; ++i) {
        const auto port = ports.first + random_below(ports.last - ports.first + 1U);
        auto opened = open({local, static_cast<std::uint16_t>(port)}, executor);
        if (opened || !is_of_one_port(opened.error()))
            return opened;
    }
    return open({local, 0}, executor);
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

void passive_listeners::watch(const std::shared_ptr<listener>& watched)
{
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
            const auto error = self->accept_all(*at);
            if (!error)
                return self->watch(at);
            for (const auto& [from, each] : at->waiters)
                asio::post(each.executor, [told = each.told, error] { told(error); });
        });
}

/// Accepts what has come. Error: the system has no resources for it.
std::error_code passive_listeners::accept_all(listener& at) const
{
    for (int i = 0; i < max_accepted; ++i) {
        tcp::endpoint peer;
        auto size = static_cast<socklen_t>(peer.capacity());
        // Not Asio's accept(): in which context the socket must be shows only when it is there.
        const int accepted = ::accept4(at.acceptor.native_handle(), peer.data(), &size, SOCK_CLOEXEC);
        if (accepted >= 0) {
            peer.resize(size);
            deliver(at, accepted, peer);
        } else if (errno == EAGAIN) {
            return {};
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            return {errno, std::system_category()};
        } // else this connection broke before it was accepted
    }
    return {};
}

void passive_listeners::deliver(const listener& at, tcp::socket::native_handle_type accepted,
                                const tcp::endpoint& peer) const
{
    const auto found = ports_ ? at.waiters.find(peer.address()) : at.waiters.begin();
    std::error_code error = asio::error::not_found;
    if (found != at.waiters.end()) {
        tcp::socket socket{found->second.executor};
        socket.assign(peer.protocol(), accepted, error);
        if (!error)
            asio::post(found->second.executor,
                       [told = found->second.told, arrived = arrival{std::move(socket), from_asio(peer)}]() mutable {
                           told(std::move(arrived));
                       });
    }
    if (error)
        ::close(accepted);
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
