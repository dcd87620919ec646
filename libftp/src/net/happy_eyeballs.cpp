// The race between the addresses of a host.
#include "happy_eyeballs.hpp"

#include <asio/error.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <utility>

namespace libftp::net {

std::vector<endpoint> interleave_families(const std::vector<endpoint>& addresses)
{
    std::vector<endpoint> v6;
    std::vector<endpoint> v4;
    for (const auto& each : addresses)
        (each.address.family() == address_family::ipv6 ? v6 : v4).push_back(each);
    std::vector<endpoint> order;
    for (std::size_t i = 0; i < std::max(v6.size(), v4.size()); ++i) {
        if (i < v6.size())
            order.push_back(v6[i]);
        if (i < v4.size())
            order.push_back(v4[i]);
    }
    return order;
}

happy_eyeballs::happy_eyeballs(const asio::any_io_executor& executor, std::vector<endpoint> addresses, handler done)
    : executor_(executor), addresses_(std::move(addresses)), done_(std::move(done)), delay_(executor)
{
    attempts_.reserve(addresses_.size()); // a socket that connects must not move
}

void happy_eyeballs::begin()
{
    if (!addresses_.empty())
        return try_next();
    asio::post(executor_, [self = shared_from_this()] { self->failed(asio::error::host_not_found); });
}

void happy_eyeballs::stop()
{
    done_ = nullptr;
    delay_.cancel();
    for (auto& attempt : attempts_) {
        std::error_code ignored;
        attempt.close(ignored);
    }
}

void happy_eyeballs::try_next()
{
    const auto number = attempts_.size();
    attempts_.emplace_back(executor_).async_connect(to_asio(addresses_[number]),
                                                    [self = shared_from_this(), number](std::error_code error) {
                                                        error ? self->failed(error) : self->connected(number);
                                                    });
    if (attempts_.size() == addresses_.size())
        return;
    delay_.expires_after(attempt_delay);
    delay_.async_wait([self = shared_from_this(), next = number + 1](std::error_code canceled) {
        if (!canceled && self->done_ && self->attempts_.size() == next)
            self->try_next();
    });
}

void happy_eyeballs::connected(std::size_t attempt)
{
    if (!done_)
        return;
    const auto done = std::move(done_);
    auto winner = std::move(attempts_[attempt]);
    stop();
    done({}, std::move(winner));
}

void happy_eyeballs::failed(std::error_code error)
{
    if (!done_)
        return;
    ++failures_;
    if (attempts_.size() < addresses_.size())
        return try_next();
    if (failures_ < attempts_.size())
        return; // others are on their way
    const auto done = std::move(done_);
    stop();
    done(from_asio(error), tcp::socket{executor_});
}

} // namespace libftp::net
