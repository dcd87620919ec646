// Runs a session, a server's or a client's, over a simulated control connection: what net's session_pump is.
#pragma once

#include "data_port.hpp"

#include <libftp/session/actions.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace libftp::simulation {

/// `Derived` carries out the actions that only its session has, and hears of each round by pumped().
template <class Derived, class Session>
class session_host : public data_owner {
public:
    session_host(const session_host&) = delete;
    session_host& operator=(const session_host&) = delete;

    [[nodiscard]] bool is_closed() const noexcept { return closed_; }
    [[nodiscard]] const std::string& who() const noexcept { return who_; }

    /// As if the process ended: the system closes its connections, and the session hears nothing any more.
    void vanish()
    {
        closed_ = true;
        control_->close();
        if (data_)
            std::exchange(data_, nullptr)->close();
    }

    void data_listening(op_id id, result<endpoint> where) override
    {
        if (!closed_)
            session_.data_listening(id, std::move(where), now());
        wake_.soon();
    }
    void data_connected(op_id id, result<endpoint> peer) override
    {
        if (!closed_)
            session_.data_connected(id, std::move(peer), now());
        wake_.soon();
    }
    void transfer_progressed(op_id id, std::uint64_t bytes) override
    {
        if (!closed_)
            session_.transfer_progressed(id, bytes, now());
        wake_.soon();
    }
    void transfer_marked(op_id id, const restart_mark& mark) override
    {
        if constexpr (requires { session_.transfer_marked(id, mark, now()); })
            session_.transfer_marked(id, mark, now());
        wake_.soon();
    }
    /// Also told to a session that is over: it must not mind.
    void transfer_finished(op_id id, const transfer_outcome& outcome) override
    {
        if (data_ && data_->transfer() == op_id::none && !data_->is_left_open())
            data_.reset();
        session_.transfer_finished(id, outcome, now());
        wake_.soon();
    }

protected:
    template <class... Arguments>
    session_host(const surroundings& around, chance luck, std::string who, std::unique_ptr<network_end> control,
                 const endpoint& local, Arguments&&... for_session)
        : around_(around), chance_(luck), who_(std::move(who)), session_(std::forward<Arguments>(for_session)...),
          local_(local), wake_(around.events, [this] { pump(); }), control_(std::move(control))
    {
        control_->when_changed([this] { wake_.soon(); });
        wake_.soon();
    }

    [[nodiscard]] clock::time_point now() const noexcept { return around_.events.now(); }
    void expect(bool is_so, std::string_view what) { around_.log.expect(is_so, who_, what); }
    void note(std::string_view what) { around_.log.note(who_, what); }
    void wake() { wake_.soon(); }

    void carry_out(action::listen_data asked)
    {
        new_port(asked.id);
        data_->listen();
    }
    void carry_out(action::connect_data asked)
    {
        new_port(asked.id);
        data_->connect(asked.to);
    }
    void carry_out(action::reject_data asked)
    {
        if (data_ && data_->id() == asked.id)
            data_->reject();
    }
    void carry_out(action::close_data asked)
    {
        if (data_ && data_->id() == asked.id)
            std::exchange(data_, nullptr)->close();
    }
    void carry_out(action::send_data asked)
    {
        const bool is_there = data_ && data_->is_connected();
        expect(is_there, "bytes are to be sent over no data connection");
        if (is_there)
            data_->send(std::move(asked));
    }
    void carry_out(action::receive_data asked)
    {
        const bool is_there = data_ && data_->is_connected();
        expect(is_there, "bytes are to be received over no data connection");
        if (is_there)
            data_->receive(std::move(asked));
    }
    void carry_out(action::close_control /*asked*/)
    {
        expect(session_.output().empty() || control_->is_broken(), "the connection is closed before all was said");
        closed_ = true;
        if (data_)
            std::exchange(data_, nullptr)->close();
        control_->finish();
        around_.events.after(std::chrono::seconds{2}, [this] { control_->close(); });
    }
    void carry_out(action::start_tls /*asked*/) { expect(false, "TLS is begun though nobody wants it"); }
    void carry_out(action::stop_tls /*asked*/) { expect(false, "TLS is ended though there is none"); }
    void carry_out(action::secure_data /*asked*/) { expect(false, "TLS is begun though nobody wants it"); }

    surroundings around_;
    chance chance_;
    std::string who_;
    Session session_;

private:
    static constexpr std::size_t max_actions_at_once = 8;

    Derived& derived() noexcept { return static_cast<Derived&>(*this); }

    void new_port(op_id id)
    {
        if (data_)
            data_->close();
        data_ = std::make_shared<data_port>(around_, chance_.fork(), *this, local_, id);
    }

    void pump()
    {
        for (bool busy = true; busy && !closed_;) {
            busy = write_output();
            std::size_t asked = 0;
            while (auto next = session_.next_action()) {
                busy = true;
                expect(++asked <= max_actions_at_once, "the session asks for ever more");
                std::visit([this](auto&& what) { derived().carry_out(std::forward<decltype(what)>(what)); },
                           *std::move(next));
            }
        }
        derived().pumped();
        if (closed_)
            return control_->take(control_->arrived().size());
        read_input();
        keep_timer();
    }

    /// Whether anything was done.
    bool write_output()
    {
        bool wrote = false;
        while (!session_.output().empty()) {
            if (control_->is_broken()) {
                tell_of_break();
                return true;
            }
            const auto sent = control_->send(session_.output());
            if (sent == 0)
                break;
            if (around_.log.is_traced())
                note("says   " + readable(session_.output().substr(0, sent)));
            session_.output_sent(sent, now());
            wrote = true;
        }
        expect(session_.output().size() <= derived().max_output_bytes(), "what waits to be sent grows over its bound");
        return wrote;
    }

    void read_input()
    {
        if (!session_.wants_input())
            return;
        const auto arrived = control_->arrived();
        if (!arrived.empty()) {
            const auto count = chance_.one_in(4) ? chance_.size_between(1, arrived.size()) : arrived.size();
            const std::string taken{arrived.substr(0, count)}; // of its own, so that a sanitizer sees who keeps it
            control_->take(count);
            session_.received(taken, now());
            wake_.soon();
        } else if (control_->is_broken()) {
            tell_of_break();
        } else if (control_->has_ended() && !std::exchange(knows_end_, true)) {
            session_.received_eof(now());
            wake_.soon();
        }
    }

    void tell_of_break()
    {
        if (std::exchange(knows_break_, true))
            return;
        session_.connection_lost(now());
        wake_.soon();
    }

    void keep_timer()
    {
        if (chance_.one_in(32))
            session_.deadline_passed(now()); // harmless if early
        const auto deadline = session_.deadline();
        if (!deadline || (armed_ && *armed_ <= *deadline))
            return;
        expect(*deadline >= now() || armed_ != deadline, "a deadline that has passed stays");
        armed_ = deadline;
        around_.events.at(*deadline, [this, deadline] {
            if (armed_ != deadline)
                return; // an earlier one was set since
            armed_.reset();
            if (closed_)
                return;
            session_.deadline_passed(now());
            pump();
        });
    }

    endpoint local_;
    wake_up wake_;
    std::unique_ptr<network_end> control_;
    std::shared_ptr<data_port> data_;
    std::optional<clock::time_point> armed_;
    bool closed_ = false;
    bool knows_end_ = false;
    bool knows_break_ = false;

protected:
    [[nodiscard]] network_end& control() const noexcept { return *control_; }
};

} // namespace libftp::simulation
