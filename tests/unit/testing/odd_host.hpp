// The host of an odd session in unit tests: it has the client's words and the client's end of the data connection.
#pragma once

#include <doctest/doctest.h>

#include <libftp/testing/odd_session.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace libftp::testing {

class odd_host {
public:
    /// The client's bytes come in pieces of at most so many.
    explicit odd_host(const odd_script& script, std::size_t piece = std::numeric_limits<std::size_t>::max())
        : session_(script, client_end(), server_end(), now_), piece_(piece)
    {
        drain();
    }

    /// The client sends this; returns what the server says, and what came before it and was not asked for.
    std::string says(std::string_view bytes)
    {
        while (!bytes.empty()) {
            session_.received(bytes.substr(0, piece_), now_);
            bytes.remove_prefix(std::min(piece_, bytes.size()));
            drain();
        }
        return heard();
    }
    std::string heard() { return std::exchange(said_, {}); }
    void log_in() { says("USER ann\r\nPASS secret\r\n"); }
    void logs_in_passive()
    {
        says("USER ann\r\nPASS secret\r\nTYPE I\r\nEPSV\r\n");
        connects();
    }
    /// To the port that was told last.
    void connects()
    {
        session_.data_connected(data_, client_end(), now_);
        drain();
    }
    void script_changed()
    {
        session_.script_changed(now_);
        drain();
    }
    void ends_input()
    {
        session_.received_eof(now_);
        drain();
    }

    /// What the client sends when the server is ready to receive.
    std::string upload{};
    /// What has come over the data connection, with `|` where it was closed, `!` where it was reset.
    std::string data{};
    /// How the control connection was ended: empty, `|` or `!`.
    std::string end{};

    odd_session& session() noexcept { return session_; }

private:
    static endpoint client_end() { return {ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 7}}, 40000}; }
    static endpoint server_end() { return {ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 1}}, 21}; }

    void drain()
    {
        for (bool busy = true; busy;) {
            busy = !session_.output().empty();
            said_ += session_.output();
            session_.output_sent(session_.output().size(), now_);
            while (auto asked = session_.next_action()) {
                busy = true;
                std::visit([this](auto&& what) { carry_out(std::forward<decltype(what)>(what)); }, *std::move(asked));
            }
        }
    }

    void carry_out(action::listen_data asked)
    {
        data_ = asked.id;
        session_.data_listening(data_, endpoint{server_end().address, 50004}, now_);
    }
    void carry_out(action::connect_data asked)
    {
        data_ = asked.id;
        session_.data_connected(data_, asked.to, now_);
    }
    void carry_out(action::reject_data /*asked*/) { FAIL_CHECK("the client was rejected"); }
    void carry_out(action::close_data asked) { ends_data(asked.id, '|'); }
    void carry_out(reset_data asked) { ends_data(asked.id, '!'); }
    void carry_out(action::send_data asked)
    {
        send(asked.id, *asked.source);
        data += '|';
        data_ = op_id::none;
    }
    void carry_out(send_part asked) { send(asked.id, *asked.source); }
    void carry_out(action::receive_data asked)
    {
        receive(asked.id, *asked.sink);
        data_ = op_id::none;
    }
    void carry_out(receive_part asked) { receive(asked.id, *asked.sink); }
    void carry_out(action::close_control /*asked*/) { end += '|'; }
    void carry_out(reset_control /*asked*/) { end += '!'; }

    void send(op_id id, file_reader& source)
    {
        std::array<char, 7> buffer{};
        transfer_outcome outcome;
        for (auto count = source.read(buffer); count && *count != 0; count = source.read(buffer)) {
            data.append(buffer.data(), *count);
            outcome.bytes += *count;
        }
        session_.transfer_finished(id, outcome, now_);
    }
    void receive(op_id id, file_writer& sink)
    {
        transfer_outcome outcome;
        while (!upload.empty() && !sink.is_complete()) {
            const auto taken = std::exchange(upload, upload.substr(1)).substr(0, 1);
            CHECK(sink.write(taken).has_value());
            ++outcome.bytes;
        }
        CHECK(sink.commit().has_value());
        session_.transfer_finished(id, outcome, now_);
    }
    void ends_data(op_id id, char how)
    {
        if (id == data_) {
            data += how;
            data_ = op_id::none;
        }
    }

    clock::time_point now_{std::chrono::hours{1000}};
    odd_session session_;
    std::size_t piece_;
    std::string said_{};
    op_id data_ = op_id::none;
};

/// Calls `check` with a script that `set_up` has made and a host that cuts the client's words in one way or another.
inline void in_all_pieces(const std::function<void(odd_script&)>& set_up, const std::function<void(odd_host&)>& check)
{
    for (const std::size_t piece :
         {std::numeric_limits<std::size_t>::max(), std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
        CAPTURE(piece);
        odd_script script;
        set_up(script);
        odd_host host{script, piece};
        check(host);
    }
}

} // namespace libftp::testing
