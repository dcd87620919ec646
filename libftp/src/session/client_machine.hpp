// The machine of a client session: one operation at a time, and a few more whose commands have gone ahead.
#pragma once

#include "client_control.hpp"
#include "running_operation.hpp"

#include <libftp/protocol/reply_parser.hpp>
#include <libftp/session/client_session.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>

namespace libftp {

class client_session::machine {
public:
    machine(const client_options& options, const endpoint& peer, const endpoint& local, clock::time_point now)
        : control_(options, peer, local, now), replies_(options.replies), idle_since_(now)
    {
    }

    op_id start(client_operation what, std::optional<clock::time_point> until);
    void cancel(op_id id);
    void receive(std::string_view bytes);
    void end(const operation_error& why);
    void pass_deadline();
    [[nodiscard]] std::optional<clock::time_point> deadline() const noexcept;
    [[nodiscard]] std::optional<client_action> next_action();

    [[nodiscard]] bool is_open() const noexcept { return phase_ == phase::open; }
    [[nodiscard]] bool is_finished() const noexcept { return phase_ == phase::closed; }
    [[nodiscard]] client_control& control() noexcept { return control_; }

    /// Lets something happen at `now`, and then whatever has become possible.
    template <class Happening>
    void at(clock::time_point now, Happening happening)
    {
        control_.set_now(now);
        happening();
        advance();
    }

    /// Passes on what the host answers.
    template <class... Parameters, class... Arguments>
    void tell_active(clock::time_point now, void (running_operation::*hear)(Parameters...), const Arguments&... news)
    {
        at(now, [&] {
            if (active_)
                (active_.get()->*hear)(news...);
        });
    }

    /// The same about a transfer, which may move before its turn.
    template <class... Parameters, class... Arguments>
    void tell_transfers(clock::time_point now, void (running_operation::*hear)(Parameters...), const Arguments&... news)
    {
        at(now, [&] {
            if (active_)
                (active_.get()->*hear)(news...);
            for (const auto& each : waiting_)
                (each.get()->*hear)(news...);
        });
    }

private:
    enum class phase : std::uint8_t {
        open,
        ending, ///< All operations have failed, except a transfer that the server has confirmed.
        ended,  ///< action::close_control waits to be taken.
        closed,
    };

    void advance();
    void begin_next();
    [[nodiscard]] bool is_active_late() const noexcept;
    [[nodiscard]] bool passes_over(const reply& line);
    void stop_active();
    void take(const reply& answer);
    void take_early_replies();
    void retire_active();
    void send_ahead();
    void move_data_ahead();
    /// How many of those that wait have sent commands already; they are the first ones.
    [[nodiscard]] std::size_t count_operations_ahead() const noexcept;
    [[nodiscard]] bool takes_no_time(running_operation& next);
    [[nodiscard]] bool may_send_ahead(std::size_t operations_ahead);
    [[nodiscard]] std::optional<clock::time_point> keep_alive_time() const noexcept;
    void drop_waiting(clock::time_point until_passed);
    void report_failure(op_id id, operation_error why);

    client_control control_;
    reply_parser replies_;
    std::deque<std::unique_ptr<running_operation>> waiting_;
    std::unique_ptr<running_operation> active_;
    std::deque<reply> early_;         ///< Replies to commands sent ahead, until the operation before them is over.
    bool is_behind_transfer_ = false; ///< A transfer is over, and no reply has come since.
    phase phase_ = phase::open;
    std::size_t greetings_ = 0; ///< Since when nothing else has come.
    std::size_t lines_before_reply_ = 0;
    reply first_line_{};    ///< Of those.
    operation_error end_{}; ///< Why the session is over.
    clock::time_point idle_since_;
};

} // namespace libftp
