// The other side of client scripts: a host that keeps what a client_session asks for until the script answers it, and
// files that remember what became of them.
#pragma once

#include <doctest/doctest.h>

#include <libftp/error.hpp>
#include <libftp/session/client_session.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace libftp::testing {

inline const endpoint script_server{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 1}}, 21};
inline const endpoint script_client{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 7}}, 40000};
inline constexpr std::uint16_t script_passive_port = 50004; // 195,84

inline const tls_facts script_control_tls{.version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384"};
inline const tls_facts script_data_tls{.version = "TLSv1.3", .is_resumed = true, .continues_control = true};

/// What became of a download's sink.
struct written_file {
    std::string bytes;
    bool committed = false;
    bool gone = false;
};

class recorded_writer final : public file_writer {
public:
    explicit recorded_writer(std::shared_ptr<written_file> file) : file_(std::move(file)) {}
    recorded_writer(const recorded_writer&) = delete;
    recorded_writer& operator=(const recorded_writer&) = delete;
    ~recorded_writer() override { file_->gone = true; }

    result<void> write(std::string_view bytes) override
    {
        file_->bytes += bytes;
        return {};
    }
    result<void> commit() override
    {
        file_->committed = true;
        return {};
    }

private:
    std::shared_ptr<written_file> file_;
};

class text_reader final : public file_reader {
public:
    explicit text_reader(std::string text) : text_(std::move(text)) {}

    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto taken = text_.copy(buffer.data(), buffer.size());
        text_.erase(0, taken);
        return taken;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return text_.size(); }

private:
    std::string text_;
};

struct client_script_setup {
    client_options options{};
    endpoint server = script_server;
    endpoint client = script_client;
    const client_session* elder = nullptr; ///< What the session learns from. It must outlive the script.
};

class client_script_host {
public:
    struct started_operation {
        op_id id = op_id::none;
        std::shared_ptr<written_file> file{};
        std::vector<event::operation_done> done{};
    };

    explicit client_script_host(const client_script_setup& setup)
        : options_(setup.options), server_(setup.server), session_(options_, setup.server, setup.client, now_)
    {
        if (setup.elder != nullptr)
            session_.learn_from(*setup.elder);
    }
    client_script_host(const client_script_host&) = delete;
    client_script_host& operator=(const client_script_host&) = delete;

    void start(client_operation what, std::shared_ptr<written_file> file,
               std::optional<clock::duration> limit = std::nullopt)
    {
        const auto until = limit ? std::optional{now_ + *limit} : std::nullopt;
        started_.push_back({session_.start(std::move(what), now_, until), std::move(file), {}});
        listen();
    }
    void cancel(std::size_t index)
    {
        session_.cancel(started_.at(index).id, now_);
        listen();
    }

    void receive(std::string_view bytes)
    {
        session_.received(bytes, now_);
        listen();
    }
    void end_input()
    {
        session_.received_eof(now_);
        listen();
    }
    std::string send_output()
    {
        std::string sent{session_.output()};
        session_.output_sent(sent.size(), now_);
        listen();
        return sent;
    }
    void pass(clock::duration time)
    {
        now_ += time;
        session_.deadline_passed(now_);
        listen();
    }

    template <class Action>
    Action take_action()
    {
        REQUIRE_MESSAGE(!actions_.empty(), "the session asked for nothing");
        auto* wanted = std::get_if<Action>(&actions_.front());
        REQUIRE_MESSAGE(wanted != nullptr, "another action came: ", actions_.front().index());
        auto taken = std::move(*wanted);
        actions_.pop_front();
        return taken;
    }
    template <class Action>
    Action take_data_request()
    {
        auto taken = take_action<Action>();
        data_ = taken.id;
        return taken;
    }
    [[nodiscard]] const endpoint& server() const noexcept { return server_; }
    void answer_listening(result<endpoint> where)
    {
        session_.data_listening(data_, std::move(where), now_);
        listen();
    }
    void answer_connection(result<endpoint> peer)
    {
        session_.data_connected(data_, std::move(peer), now_);
        listen();
    }

    void take_tls_start()
    {
        tls_ = take_action<action::start_tls>().id;
        is_starting_tls_ = true;
    }
    void answer_tls_start(result<tls_facts> outcome)
    {
        has_tls_ = true;
        is_starting_tls_ = false;
        session_.tls_started(tls_, std::move(outcome), now_);
        listen();
    }
    [[nodiscard]] bool is_starting_tls() const { return is_starting_tls_; }
    void stop_tls(result<void> outcome)
    {
        session_.tls_ended(take_action<action::stop_tls>().id, std::move(outcome), now_);
        listen();
    }
    void take_securing() { CHECK(take_action<action::secure_data>().id == data_); }
    void answer_securing(result<tls_facts> outcome)
    {
        session_.data_secured(data_, std::move(outcome), now_);
        listen();
    }
    /// Whether what the server sends now can only be TLS.
    [[nodiscard]] bool awaits_tls() const
    {
        const bool is_asked = std::ranges::any_of(
            actions_, [](const auto& asked) { return std::holds_alternative<action::start_tls>(asked); });
        return is_asked || is_starting_tls() || (!has_tls_ && options_.tls == tls_use::implicit);
    }

    void begin_to_receive()
    {
        auto asked = take_action<action::receive_data>();
        transfer_ = asked.id;
        sink_ = std::move(asked.sink);
        moved_ = 0;
    }
    void hold()
    {
        session_.transfer_held(transfer_, now_);
        listen();
    }
    void begin_to_send()
    {
        auto asked = take_action<action::send_data>();
        transfer_ = asked.id;
        source_ = std::move(asked.source);
        moved_ = 0;
    }
    void write(std::string_view bytes)
    {
        REQUIRE(sink_->write(bytes).has_value());
        progress(bytes.size());
    }
    std::string read_all()
    {
        std::string all;
        std::array<char, 7> buffer{};
        while (const auto count = source_->read(buffer).value())
            all.append(buffer.data(), count);
        progress(all.size());
        return all;
    }
    void progress(std::size_t bytes)
    {
        moved_ += bytes;
        session_.transfer_progressed(transfer_, moved_, now_);
        listen();
    }
    /// What nobody is told of before the end.
    void move(std::size_t bytes) { moved_ += bytes; }
    void end_data(transfer_fault fault, std::error_code error)
    {
        if (sink_ && fault == transfer_fault::none)
            CHECK(sink_->commit().has_value());
        sink_.reset();
        source_.reset();
        session_.transfer_finished(std::exchange(transfer_, op_id::none), {moved_, fault, error}, now_);
        listen();
    }
    void commit(const result<void>& outcome)
    {
        const auto asked = take_action<action::commit>();
        if (outcome)
            CHECK(asked.sink->commit().has_value());
        session_.committed(asked.id, outcome, now_);
        listen();
    }

    /// What the host owes the session when nothing more comes from outside: what was closed has ended, what was to be
    /// committed is.
    void finish()
    {
        while (!actions_.empty() || ends_confirmed_data()) {
            if (actions_.empty())
                continue;
            if (std::holds_alternative<action::receive_data>(actions_.front())) {
                begin_to_receive();
            } else if (std::holds_alternative<action::send_data>(actions_.front())) {
                begin_to_send();
            } else if (std::holds_alternative<action::commit>(actions_.front())) {
                commit({});
            } else {
                const bool is_closing = std::holds_alternative<action::close_data>(actions_.front());
                actions_.pop_front();
                if (is_closing && transfer_ != op_id::none)
                    end_data(transfer_fault::canceled, {});
            }
        }
    }

    const event::operation_done& next_outcome()
    {
        REQUIRE(claimed_ < started_.size());
        const auto& done = started_[claimed_++].done;
        REQUIRE_MESSAGE(done.size() == 1, "the operation has not ended once but so many times: ", done.size());
        return done.front();
    }
    /// What the operation that was started as number `index` says of its transfer.
    [[nodiscard]] const transfer_result& transferred(std::size_t index)
    {
        const auto& outcome = started_.at(index).done.at(0).outcome;
        REQUIRE_MESSAGE(outcome.has_value(), outcome.error().message());
        return std::get<transfer_result>(*outcome);
    }
    [[nodiscard]] bool has_no_outcome() const { return claimed_ == started_.size() || started_[claimed_].done.empty(); }
    /// For each operation whether it went well, if it has ended.
    [[nodiscard]] std::vector<std::optional<bool>> outcomes() const
    {
        std::vector<std::optional<bool>> all;
        for (const auto& operation : started_)
            all.push_back(operation.done.empty() ? std::nullopt
                                                 : std::optional{operation.done.front().outcome.has_value()});
        return all;
    }
    /// Whether the session is over but for a transfer that the server has confirmed.
    [[nodiscard]] bool waits_for_confirmed_data() const
    {
        return !session_.finished() && !session_.wants_input() && std::ranges::none_of(actions_, [](const auto& asked) {
            return std::holds_alternative<action::close_data>(asked) ||
                   std::holds_alternative<action::close_control>(asked) ||
                   std::holds_alternative<action::commit>(asked);
        });
    }
    [[nodiscard]] bool commit_was_asked() const
    {
        return std::ranges::any_of(actions_,
                                   [](const auto& asked) { return std::holds_alternative<action::commit>(asked); });
    }

    /// The events of one kind, in their order.
    template <class Event>
    [[nodiscard]] std::vector<Event> heard() const
    {
        std::vector<Event> all;
        for (const auto& news : events_)
            if (const auto* wanted = std::get_if<Event>(&news))
                all.push_back(*wanted);
        return all;
    }

    client_options options_;
    endpoint server_;
    clock::time_point now_{std::chrono::hours{1000}};
    client_session session_;
    std::vector<started_operation> started_;
    std::deque<client_action> actions_;
    std::vector<client_event> events_;
    op_id data_ = op_id::none;

private:
    bool ends_confirmed_data()
    {
        if (transfer_ == op_id::none || !waits_for_confirmed_data())
            return false;
        end_data(transfer_fault::none, {});
        return true;
    }

    void listen()
    {
        while (auto asked = session_.next_action())
            actions_.push_back(std::move(*asked));
        while (auto news = session_.next_event()) {
            if (const auto* done = std::get_if<event::operation_done>(&*news))
                find(done->operation).done.push_back(*done);
            events_.push_back(std::move(*news));
        }
    }

    started_operation& find(op_id id)
    {
        const auto found = std::ranges::find(started_, id, &started_operation::id);
        return found == started_.end() ? kept_alive_ : *found;
    }

    started_operation kept_alive_; ///< What the session does by itself.
    std::size_t claimed_ = 0;
    op_id tls_ = op_id::none;
    bool is_starting_tls_ = false;
    bool has_tls_ = false;
    op_id transfer_ = op_id::none;
    std::unique_ptr<file_writer> sink_;
    std::unique_ptr<file_reader> source_;
    std::uint64_t moved_ = 0;
};

} // namespace libftp::testing
