// What lies between the two ends of one simulated connection.
#pragma once

#include "network.hpp"

namespace libftp::simulation {

class connection : public std::enable_shared_from_this<connection> {
public:
    connection(event_queue& events, chance luck, const connection_manner& manner, std::function<void()> suffered)
        : events_(events), chance_(luck), manner_(manner), suffered_(std::move(suffered))
    {
    }

    struct end {
        std::string wire;    ///< Sent, and on its way to the other end.
        std::string arrived; ///< Come from the other end, and not taken.
        bool moves = false;  ///< An event will carry on what is on the wire.
        bool sends_no_more = false;
        bool is_closed = false;
        bool peer_ended = false; ///< The other end's last byte has come.
        bool is_broken = false;
        std::function<void()> changed;
    };

    std::size_t send(std::size_t side, std::string_view bytes);
    void take(std::size_t side, std::size_t bytes);
    void finish(std::size_t side);
    void close(std::size_t side);
    void reset(std::size_t side);

    std::array<end, 2> ends;

private:
    [[nodiscard]] clock::duration delay();
    void move_later(std::size_t from);
    void move(std::size_t from);
    void suffer();
    void tell(std::size_t side);
    void break_off(std::size_t side);

    event_queue& events_;
    chance chance_;
    connection_manner manner_;
    std::function<void()> suffered_;
    std::uint64_t moved_ = 0;
    bool is_silent_ = false;
};

} // namespace libftp::simulation
