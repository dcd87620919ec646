// Ports, and how connections come about.
#include "connection.hpp"

#include <chrono>
#include <system_error>
#include <utility>

namespace libftp::simulation {

using namespace std::chrono_literals;

connection_manner network::draw_manner()
{
    connection_manner drawn;
    if (chance_.one_in(4))
        drawn.longest_piece = chance_.size_between(1, 40);
    if (chance_.one_in(6))
        drawn.window_bytes = chance_.size_between(1, 64);
    if (!chance_.one_in(3)) {
        drawn.shortest_delay = 10us * chance_.below(100);
        drawn.longest_delay = drawn.shortest_delay + 10us * chance_.below(2000);
    }
    const auto suffers = chance_.below(12);
    drawn.after_bytes = chance_.between(1, chance_.one_in(2) ? 100 : 4000);
    if (weather_ == weather::stormy && suffers < 2)
        drawn.suffers = suffers == 0 ? connection_manner::fault::reset : connection_manner::fault::silence;
    return drawn;
}

std::array<std::unique_ptr<network_end>, 2> network::make_connection(std::function<void()> suffered)
{
    auto made = std::make_shared<connection>(events_, chance_.fork(), draw_manner(), std::move(suffered));
    return {std::make_unique<network_end>(made, 0), std::make_unique<network_end>(made, 1)};
}

std::uint16_t network::listen(const ip_address& address, accepted arrived)
{
    do
        last_port_ = last_port_ == 65535 ? 49999 : static_cast<std::uint16_t>(last_port_ + 1);
    while (listeners_.contains(last_port_));
    listeners_.emplace(last_port_, listener{address, std::make_shared<const accepted>(std::move(arrived))});
    return last_port_;
}

void network::close_port(std::uint16_t port)
{
    listeners_.erase(port);
}

void network::connect(const endpoint& from, const endpoint& to, std::function<void()> suffered, connected done)
{
    const auto delay = 10us * chance_.below(3000);
    const auto fails = chance_.below(40);
    if (weather_ == weather::stormy && fails == 0) {
        suffered();
        return; // nobody answers
    }
    events_.after(delay, [this, from, to, suffered = std::move(suffered), done = std::move(done)]() mutable {
        const auto found = listeners_.find(to.port);
        if (found == listeners_.end() || found->second.address != to.address)
            return done(std::make_error_code(std::errc::connection_refused));
        auto [near_end, far_end] = make_connection(std::move(suffered));
        // std::function copies what it holds, and an end has one owner.
        auto shared = std::make_shared<std::unique_ptr<network_end>>(std::move(far_end));
        std::weak_ptr<const accepted> weak = found->second.arrived;
        events_.after(10us * chance_.below(300), [weak, shared, from] {
            if (const auto arrived = weak.lock())
                (*arrived)(std::move(*shared), from);
            else
                (*shared)->reset(); // as the system does with what nobody accepts any more
        });
        done(std::move(near_end));
    });
}

} // namespace libftp::simulation
