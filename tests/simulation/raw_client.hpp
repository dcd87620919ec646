// A client that is none of ours: it says what it likes, in any order, and counts the replies.
#pragma once

#include "judged_store.hpp"
#include "raw_data.hpp"
#include "reply_count.hpp"

#include <libftp/protocol/reply_parser.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace libftp::simulation {

struct raw_client_setup {
    std::uint64_t id = 0;
    endpoint local{};
    endpoint server{};
    std::size_t lines = 20;
    enum class manner : std::uint8_t {
        plain, ///< Whole lines of text: each gets its reply.
        wild,  ///< Any bytes.
    };
    manner speaks = manner::plain;
    reply_count::refusals refusals = reply_count::refusals::of_the_verb;
};

class raw_client final : public store_witness {
public:
    raw_client(const surroundings& around, chance luck, const raw_client_setup& setup,
               std::unique_ptr<network_end> control);

    /// Something outside of the server went wrong.
    void suffered() { has_suffered_ = true; }
    /// To be called when nothing happens any more.
    void check_end();

    void changed(const tree_change& /*change*/) override {}
    void described(const store_path& /*path*/, const file_info& /*info*/) override {}
    void read(const store_path& /*path*/, const tree_model::bytes& /*content*/) override {}
    void listed(const store_path& /*directory*/) override {}
    void refused() override {}

private:
    void go_on();
    void hear();
    void take(const reply& answer);
    void speak();
    void say(std::string line);
    [[nodiscard]] std::string draw_line();
    void end_input();
    void leave();
    void expect(bool is_so, std::string_view what) { around_.log.expect(is_so, who_, what); }

    surroundings around_;
    chance chance_;
    raw_client_setup setup_;
    std::string who_;
    wake_up wake_;
    std::unique_ptr<network_end> control_;
    raw_data data_;
    reply_parser parser_{{.max_line_bytes = 1 << 16, .max_lines = 1 << 12, .max_bytes = 1 << 20}};
    reply_count count_;
    std::string to_send_;
    std::size_t said_ = 0;
    std::size_t ahead_; ///< Replies that may be outstanding when it speaks again.
    bool reads_ = true;
    bool has_suffered_ = false;
    bool has_quit_ = false;
    bool has_left_ = false;
};

} // namespace libftp::simulation
