// A server that is none of ours: it mostly answers as servers do, and otherwise with anything.
#pragma once

#include "raw_data.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace libftp::simulation {

struct odd_server_setup {
    std::uint64_t id = 0;
    endpoint local{};
    std::uint64_t one_oddity_in = 8; ///< Of the replies.
};

class odd_server {
public:
    odd_server(const surroundings& around, chance luck, const odd_server_setup& setup,
               std::unique_ptr<network_end> control);
    odd_server(const odd_server&) = delete;
    odd_server& operator=(const odd_server&) = delete;

private:
    void go_on();
    void answer(std::string_view line);
    void say(std::string_view text);
    void say_later(std::string text);
    [[nodiscard]] std::string usual_answer(std::string_view verb, std::string_view argument);
    [[nodiscard]] std::string odd_answer(const std::string& usual);
    void connect(const result<endpoint>& to);
    void leave();

    surroundings around_;
    chance chance_;
    odd_server_setup setup_;
    std::string who_;
    wake_up wake_;
    std::unique_ptr<network_end> control_;
    raw_data data_;
    std::string heard_; ///< A line without its end.
    std::string to_send_;
    bool has_left_ = false;
};

} // namespace libftp::simulation
