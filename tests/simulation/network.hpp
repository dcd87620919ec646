// A network in memory: connections that split, delay, stall and break what is sent over them, as chance has it.
#pragma once

#include "chance.hpp"
#include "event_queue.hpp"

#include <libftp/endpoint.hpp>
#include <libftp/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::simulation {

/// What a connection may suffer at most.
enum class weather : std::uint8_t {
    calm,   ///< Pieces of any size come late, but everything comes.
    stormy, ///< Connections may also break, fall silent or never come about.
};

/// How one connection carries bytes.
struct connection_manner {
    std::size_t longest_piece = 1 << 16;
    std::size_t window_bytes = 1 << 16; ///< How much a receiver takes that does not read.
    clock::duration shortest_delay{};
    clock::duration longest_delay{};
    enum class fault : std::uint8_t { none, reset, silence };
    fault suffers = fault::none;
    std::uint64_t after_bytes = 0; ///< In both directions together.
};

class connection;

/// One end of a connection, used like a socket that never blocks. Whoever has it is told by a call of `changed` that it
/// may read, write or close, which comes from the event queue.
class network_end {
public:
    network_end(std::shared_ptr<connection> whole, std::size_t side) : whole_(std::move(whole)), side_(side) {}
    /// Closes it.
    ~network_end();
    network_end(const network_end&) = delete;
    network_end& operator=(const network_end&) = delete;

    void when_changed(std::function<void()> changed);

    /// How many of the bytes were taken.
    std::size_t send(std::string_view bytes);
    /// Of those taken, how many have not come to the other side.
    [[nodiscard]] std::size_t on_the_way() const;
    /// What has come and was not taken yet.
    [[nodiscard]] std::string_view arrived() const;
    void take(std::size_t bytes);
    /// The peer has sent its last byte, and it was taken.
    [[nodiscard]] bool has_ended() const;
    [[nodiscard]] bool is_broken() const;
    /// Nothing more will come, whatever of what has come was not taken.
    [[nodiscard]] bool is_over() const;

    /// Nothing more will be sent.
    void finish();
    /// As close(2): what was sent still arrives, unless something that has come was not taken, which makes it a reset.
    void close();
    void reset();

private:
    std::shared_ptr<connection> whole_;
    std::size_t side_;
};

class network {
public:
    using connected = std::function<void(result<std::unique_ptr<network_end>>)>;
    using accepted = std::function<void(std::unique_ptr<network_end>, const endpoint& peer)>;

    network(event_queue& events, chance luck, weather outside) : events_(events), chance_(luck), weather_(outside) {}

    /// Takes connections to a port that the network chooses, until close_port().
    std::uint16_t listen(const ip_address& address, accepted arrived);
    void close_port(std::uint16_t port);
    /// `suffered` hears of a fault that this connection has come to.
    void connect(const endpoint& from, const endpoint& to, std::function<void()> suffered, connected done);
    /// A connection that is there already.
    std::array<std::unique_ptr<network_end>, 2> make_connection(std::function<void()> suffered);

private:
    struct listener {
        ip_address address;
        std::shared_ptr<const accepted> arrived;
    };

    [[nodiscard]] connection_manner draw_manner();

    event_queue& events_;
    chance chance_;
    weather weather_;
    std::map<std::uint16_t, listener> listeners_;
    std::uint16_t last_port_ = 49999;
};

} // namespace libftp::simulation
