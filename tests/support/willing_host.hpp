// A script_host that answers nothing until it is told to, and then everything that the session asks for.
#pragma once

#include "session_script.hpp"

#include <libftp/store/store_call.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace libftp::testing {

class willing_host : public script_host {
public:
    explicit willing_host(const script_setup& setup) : script_host(setup) {}

    void log_in()
    {
        receive("USER ann\r\nPASS secret\r\n");
        go_on();
    }
    /// The client sends this, and logins, store calls and own commands are not answered from now on.
    void hold(std::string_view line)
    {
        holds_calls_ = true;
        receive(line);
    }
    /// Answers only the store call that is held.
    void answer_call()
    {
        const auto call = expect_action<action::call_store>();
        session_->store_answered(call.id, perform(call.store, call.request), now_);
        drain();
    }
    /// The session's listener opens.
    void listener_opens() { (void)answer_action(); }
    /// The client connects to it.
    bool client_connects()
    {
        if (!data_connection_ || data_connection_->is_connected)
            return false;
        data_connection_->is_connected = true;
        session_->data_connected(data_connection_->id, client_end, now_);
        drain();
        return true;
    }
    void passive_connection()
    {
        receive("EPSV\r\n");
        listener_opens();
        client_connects();
    }

    /// All is answered and all bytes are moved; delays pass, limits do not.
    void go_on()
    {
        holds_calls_ = false;
        holds_tls_ = false;
        reads_output_ = true;
        drain();
        for (int quiet = 0; quiet < 2;) {
            if (answer_action() || transfer_ends() || client_connects()) {
                quiet = 0;
                continue;
            }
            now_ += std::chrono::seconds{1};
            if (const auto at = session_->deadline(); at && *at <= now_)
                session_->deadline_passed(now_);
            drain();
            ++quiet;
        }
    }

    /// Whether all that the session opened is closed again, and nothing more is asked for.
    [[nodiscard]] bool is_over() const
    {
        return is_closed_ && session_->finished() && actions_.empty() && !data_connection_ && !transfer_;
    }

private:
    bool answer_action()
    {
        if (actions_.empty())
            return false;
        auto next = std::move(actions_.front());
        actions_.pop_front();
        CHECK_MESSAGE(!is_closed_, "close_control was not the last action");
        std::visit([this](auto& asked) { answer(std::move(asked)); }, next);
        drain();
        return true;
    }

    void answer(action::start_tls&& asked) { take(asked); }
    void answer(action::stop_tls&& asked) { take(asked); }
    void answer(action::secure_data&& asked)
    {
        const bool is_open = data_connection_ && data_connection_->id == asked.id && data_connection_->is_connected;
        CHECK_MESSAGE(is_open, "secure_data names what is not connected");
        take(asked);
    }
    void answer(action::listen_data&& asked)
    {
        CHECK_MESSAGE(!data_connection_, "two data connections at once");
        data_connection_ = data_connection{asked.id, false};
        session_->data_listening(asked.id, endpoint{server_end.address, data_port}, now_);
    }
    void answer(action::connect_data&& asked)
    {
        CHECK_MESSAGE(!data_connection_, "two data connections at once");
        data_connection_ = data_connection{asked.id, true};
        session_->data_connected(asked.id, asked.to, now_);
    }
    void answer(action::reject_data&& /*asked*/) { FAIL_CHECK("the client's own connection was rejected"); }
    void answer(action::close_data&& asked)
    {
        const bool is_open = data_connection_ && data_connection_->id == asked.id;
        CHECK_MESSAGE(is_open, "close_data names what is not open");
        data_connection_.reset();
        if (transfer_)
            end_transfer({0, transfer_fault::canceled, {}});
    }
    void answer(action::send_data&& asked) { transfer_ = std::move(asked); }
    void answer(action::receive_data&& asked) { transfer_ = std::move(asked); }
    void answer(action::authenticate&& asked) { take(std::move(asked)); }
    void answer(action::call_store&& asked) { take(std::move(asked)); }
    void answer(action::run_command&& asked) { take(std::move(asked)); }
    void answer(action::close_control&& /*asked*/) { is_closed_ = true; }

    /// The bytes move and the data connection closes in order.
    bool transfer_ends()
    {
        if (!transfer_)
            return false;
        transfer_outcome outcome;
        if (auto* const sending = std::get_if<action::send_data>(&*transfer_)) {
            std::array<char, 64> buffer{};
            auto bytes = sending->source->read(buffer);
            for (; bytes && *bytes != 0; bytes = sending->source->read(buffer))
                outcome.bytes += *bytes;
            if (!bytes)
                outcome = {outcome.bytes, transfer_fault::store, bytes.error()};
        } else {
            constexpr std::string_view content = "some bytes\r\n";
            auto& sink = *std::get<action::receive_data>(*transfer_).sink;
            auto done = sink.write(content);
            if (done)
                done = sink.commit();
            outcome.bytes = content.size();
            if (!done)
                outcome = {content.size(), transfer_fault::store, done.error()};
        }
        data_connection_.reset();
        end_transfer(outcome);
        return true;
    }

    void end_transfer(const transfer_outcome& outcome)
    {
        const auto ended = std::exchange(transfer_, std::nullopt);
        const auto id = std::visit([](const auto& asked) { return asked.id; }, *ended);
        session_->transfer_finished(id, outcome, now_);
        drain();
    }

    struct data_connection {
        op_id id;
        bool is_connected;
    };
    std::optional<data_connection> data_connection_;
    std::optional<std::variant<action::send_data, action::receive_data>> transfer_;
    bool is_closed_ = false;
};

} // namespace libftp::testing
