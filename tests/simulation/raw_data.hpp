// The data connections of a raw client: they send anything, or nothing, and end in any way.
#pragma once

#include "data_port.hpp"

#include <memory>
#include <string>
#include <vector>

namespace libftp::simulation {

class raw_data {
public:
    raw_data(const surroundings& around, chance luck, std::string who, const endpoint& local)
        : around_(around), chance_(luck), who_(std::move(who)), local_(local)
    {
    }
    raw_data(const raw_data&) = delete;
    raw_data& operator=(const raw_data&) = delete;

    /// Connects there: as who it is, or as somebody else, who must not get a byte.
    void connect(const endpoint& to);
    /// A port where the server may connect to.
    std::uint16_t listen();
    void close_all();

private:
    struct line {
        std::unique_ptr<network_end> end;
        std::string to_send;
        bool is_stranger = false;
        bool reads = true;
        enum class ending : std::uint8_t { in_order, reset, never };
        ending ends = ending::in_order;
    };

    void begin(std::unique_ptr<network_end> end, bool is_stranger);
    void go_on(line& which);

    surroundings around_;
    chance chance_;
    std::string who_;
    endpoint local_;
    std::vector<std::unique_ptr<line>> lines_;
};

} // namespace libftp::simulation
