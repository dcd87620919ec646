// The host of a session, a server's or a client's, that does what a script says: bytes of the peer as they are, and
// anything else that may happen as a backtick and a letter.
#pragma once

#include "fuzzing.hpp"

#include <libftp/session/actions.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace libftp::fuzz {

inline const endpoint server_end{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 1}}, 21};
inline const endpoint client_end{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 7}}, 40000};
inline const endpoint stranger{ip_address{std::array<std::uint8_t, 4>{203, 0, 113, 9}}, 50000};

/// Whether a host does what it was asked for.
enum class luck : unsigned char { good, bad };

/// What arrives at once of the peer's bytes.
enum class pieces : unsigned char { all, lines, bytes };

/// `Derived` hears what the session says (said), carries out what only its session asks for (answer), and knows further
/// letters (step). The letters of all:
///
///     h  hold back answers from now on, or give them     a f  answer what is held longest, well or with a failure
///     c s  the peer, or a stranger, connects for data    d    as much data moves, up to the end of the line
///     e x  the data connection ends in order, or breaks  t w  the time of the deadline comes, or a second passes
///     z b  the peer ends its direction, or all breaks    o    it takes no output from now on, or does again
///     p  it takes one byte of output                     l    answers come for what is long over
///     `  a backtick
template <class Derived, class Session, class Action>
class session_host {
public:
    session_host(const session_host&) = delete;
    session_host& operator=(const session_host&) = delete;

    void play(std::string_view script, pieces cut)
    {
        cut_ = cut;
        settle();
        while (!script.empty() && !closed_) {
            if (script.front() != '`') {
                const auto bytes = script.substr(0, script.find('`'));
                script.remove_prefix(bytes.size());
                if (!has_ended_)
                    arrived_ += bytes;
            } else {
                const char letter = script.size() > 1 ? script[1] : '`';
                script.remove_prefix(std::min<std::size_t>(2, script.size()));
                take(letter, script);
            }
            settle();
        }
    }

    /// All is answered, the peer leaves, and time passes: the session has to end.
    void finish()
    {
        is_holding_ = false;
        takes_output_ = true;
        settle();
        for (int round = 0; !closed_; ++round) {
            require(round < 100, "a session ends");
            while (!held_.empty())
                answer_next(luck::good);
            if (transfer_)
                end_transfer(transfer_fault::connection);
            has_ended_ = true;
            if (round != 0)
                pass_time();
            settle();
        }
        require(session_.finished(), "a session that closes its connection has finished");
    }

protected:
    template <class... Arguments>
    explicit session_host(const endpoint& peer, Arguments&&... for_session)
        : session_(std::forward<Arguments>(for_session)...), peer_(peer)
    {
    }
    ~session_host() = default;

    [[nodiscard]] bool is_closed() const noexcept { return closed_; }
    [[nodiscard]] clock::time_point now() const noexcept { return now_; }
    static clock::time_point beginning() noexcept { return clock::time_point{std::chrono::hours{1'000}}; }

    void answer(action::start_tls asked, luck how)
    {
        session_.tls_started(asked.id, how == luck::good ? result<tls_facts>{facts_} : failure(), now_);
    }
    void answer(action::stop_tls asked, luck how)
    {
        session_.tls_ended(asked.id, how == luck::good ? result<void>{} : failure(), now_);
    }
    void answer(action::secure_data asked, luck how)
    {
        require(has_data(asked.id) && data_->is_connected, "what is secured is connected");
        session_.data_secured(asked.id, how == luck::good ? result<tls_facts>{facts_} : failure(), now_);
    }
    void answer(action::listen_data asked, luck how)
    {
        require(!data_, "there is one data connection at a time");
        if (how == luck::good)
            data_ = data{asked.id};
        session_.data_listening(
            asked.id, how == luck::good ? result<endpoint>{endpoint{server_end.address, 50004}} : failure(), now_);
    }
    void answer(action::connect_data asked, luck how)
    {
        require(!data_, "there is one data connection at a time");
        derived().check_address(asked.to);
        if (how == luck::good)
            data_ = data{asked.id, true};
        session_.data_connected(asked.id, how == luck::good ? result<endpoint>{asked.to} : failure(), now_);
    }
    void answer(action::reject_data asked, luck /*how*/)
    {
        require(has_data(asked.id), "what is rejected has come");
        data_->is_connected = false;
    }
    void answer(action::close_data asked, luck /*how*/)
    {
        if (transfer_)
            end_transfer(transfer_fault::canceled);
        if (has_data(asked.id))
            data_.reset();
    }
    void answer(action::send_data asked, luck /*how*/)
    {
        begin({.id = asked.id, .leaves_open = asked.leaves_open, .source = std::move(asked.source)});
    }
    void answer(action::receive_data asked, luck /*how*/)
    {
        begin({.id = asked.id, .leaves_open = asked.leaves_open, .sink = std::move(asked.sink)});
    }
    void answer(action::close_control /*asked*/, luck /*how*/)
    {
        require(session_.output().empty() || is_broken_, "a connection is closed when all was said");
        closed_ = true;
        if (transfer_)
            end_transfer(transfer_fault::canceled);
    }

    static std::error_code failure() { return std::make_error_code(std::errc::io_error); }

    Session session_;

private:
    struct data {
        op_id id = op_id::none;
        bool is_connected = false;
    };
    struct transfer {
        op_id id = op_id::none;
        bool leaves_open = false;
        std::unique_ptr<file_reader> source{};
        std::unique_ptr<file_writer> sink{};
        std::uint64_t bytes = 0;
    };

    Derived& derived() noexcept { return static_cast<Derived&>(*this); }
    [[nodiscard]] bool has_data(op_id id) const noexcept { return data_ && data_->id == id; }

    void take(char letter, std::string_view& script)
    {
        switch (letter) {
        case 'h': is_holding_ = !is_holding_; break;
        case 'a': answer_next(luck::good); break;
        case 'f': answer_next(luck::bad); break;
        case 'c': connect(peer_); break;
        case 's': connect(stranger); break;
        case 'd': {
            choices line{script};
            const auto bytes = line.text();
            script = line.rest();
            move_data(bytes);
            break;
        }
        case 'e':
            while (transfer_ && transfer_->source && transfer_->bytes < 10'000)
                move_data({});
            end_transfer(transfer_fault::none);
            break;
        case 'x': end_transfer(transfer_fault::connection); break;
        case 't': pass_time(); break;
        case 'w': now_ += std::chrono::seconds{1}; break;
        case 'z': has_ended_ = true; break;
        case 'b': hear_break(); break;
        case 'o': takes_output_ = !takes_output_; break;
        case 'p': take_output(1); break;
        case 'l': answer_late(); break;
        case '`': arrived_ += '`'; break;
        default: derived().step(letter);
        }
    }

    /// Everything goes on as far as it can by itself.
    void settle()
    {
        for (bool is_busy = true; is_busy && !closed_;) {
            is_busy = takes_output_ && take_output(session_.output().size());
            for (int asked = 0; auto next = session_.next_action(); ++asked) {
                require(asked < 100, "a session does not ask for ever more");
                require(!is_closing_, "closing the connection is the last action");
                is_closing_ = std::holds_alternative<action::close_control>(*next);
                held_.push_back(std::move(*next));
                is_busy = true;
            }
            while ((!is_holding_ || is_closing_) && !held_.empty())
                answer_next(luck::good);
            derived().listen();
            is_busy = is_busy || read_input();
        }
        require(session_.output().size() <= Derived::max_output_bytes, "what waits to be sent is bounded");
    }

    bool take_output(std::size_t size)
    {
        size = std::min(size, session_.output().size());
        if (size == 0 || is_broken_)
            return false;
        derived().said(std::string{session_.output().substr(0, size)});
        session_.output_sent(size, now_);
        return true;
    }

    bool read_input()
    {
        if (closed_ || is_broken_ || !session_.wants_input())
            return false;
        if (arrived_.empty()) {
            if (!has_ended_ || std::exchange(knows_end_, true))
                return false;
            session_.received_eof(now_);
            return true;
        }
        auto size = cut_ == pieces::bytes ? 1 : arrived_.size();
        if (cut_ == pieces::lines)
            size = std::min(size - 1, arrived_.find('\n')) + 1;
        const std::vector<char> piece(arrived_.begin(), arrived_.begin() + static_cast<std::ptrdiff_t>(size));
        arrived_.erase(0, size);
        session_.received({piece.data(), piece.size()}, now_);
        derived().heard({piece.data(), piece.size()});
        return true;
    }

    void answer_next(luck how)
    {
        if (held_.empty())
            return;
        auto next = std::move(held_.front());
        held_.pop_front();
        std::visit([&](auto&& asked) { derived().answer(std::forward<decltype(asked)>(asked), how); }, std::move(next));
    }

    void connect(const endpoint& from)
    {
        if (!data_ || data_->is_connected)
            return;
        data_->is_connected = true;
        session_.data_connected(data_->id, from, now_);
    }

    void begin(transfer asked)
    {
        require(!transfer_ && data_ && data_->is_connected, "data moves over an open connection, once");
        transfer_ = std::move(asked);
    }

    void move_data(std::string_view bytes)
    {
        if (!transfer_)
            return;
        if (transfer_->source) {
            std::array<char, 64> buffer{};
            const auto count = transfer_->source->read(buffer);
            if (!count)
                return end_transfer(transfer_fault::store);
            if (*count == 0)
                return end_transfer(transfer_fault::none);
            transfer_->bytes += *count;
        } else {
            if (!transfer_->sink->write(bytes))
                return end_transfer(transfer_fault::store);
            transfer_->bytes += bytes.size();
            while (const auto mark = transfer_->sink->next_mark()) {
                if constexpr (requires { session_.transfer_marked(transfer_->id, *mark, now_); })
                    session_.transfer_marked(transfer_->id, *mark, now_);
            }
            if (transfer_->sink->is_complete())
                return end_transfer(transfer_fault::none);
        }
        session_.transfer_progressed(transfer_->id, transfer_->bytes, now_);
    }

    void end_transfer(transfer_fault fault)
    {
        if (!transfer_)
            return;
        auto ended = *std::exchange(transfer_, std::nullopt);
        transfer_outcome outcome{.bytes = ended.bytes, .fault = fault};
        if (fault == transfer_fault::none && ended.sink) {
            if (const auto done = ended.sink->commit(); !done)
                outcome.fault = transfer_fault::store;
        } else if (ended.sink) {
            ended.sink->discard(failure());
        }
        if (outcome.fault != transfer_fault::none && outcome.fault != transfer_fault::canceled)
            outcome.error = failure();
        if (!ended.leaves_open || outcome.fault != transfer_fault::none)
            data_.reset();
        last_ = ended.id;
        session_.transfer_finished(ended.id, outcome, now_);
    }

    void pass_time()
    {
        if (const auto deadline = session_.deadline()) {
            now_ = std::max(now_, *deadline);
            session_.deadline_passed(now_);
            settle();
            const auto next = session_.deadline();
            require(closed_ || !next || *next > now_, "a deadline that has passed is over");
        }
    }

    void hear_break()
    {
        if (!std::exchange(is_broken_, true) && !closed_)
            session_.connection_lost(now_);
    }

    void answer_late()
    {
        if (last_ == op_id::none)
            return;
        session_.data_listening(last_, server_end, now_);
        session_.data_connected(last_, peer_, now_);
        session_.data_secured(last_, facts_, now_);
        session_.tls_started(last_, facts_, now_);
        session_.tls_ended(last_, {}, now_);
        session_.transfer_progressed(last_, 1, now_);
        session_.transfer_finished(last_, {.bytes = 1}, now_);
    }

    endpoint peer_;
    tls_facts facts_{.version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384", .continues_control = true};
    clock::time_point now_ = beginning();
    pieces cut_ = pieces::all;
    std::string arrived_{};
    std::deque<Action> held_{};
    std::optional<data> data_{};
    std::optional<transfer> transfer_{};
    op_id last_ = op_id::none; ///< Of a transfer that is over.
    bool is_holding_ = false;
    bool takes_output_ = true;
    bool has_ended_ = false;
    bool knows_end_ = false;
    bool is_broken_ = false;
    bool is_closing_ = false;
    bool closed_ = false;
};

} // namespace libftp::fuzz
