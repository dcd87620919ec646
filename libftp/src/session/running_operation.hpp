// What every operation of a client session is while it waits and runs: a chain of steps, each begun by a reply.
#pragma once

#include "client_control.hpp"

#include <libftp/error.hpp>
#include <libftp/result.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/client_operation.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace libftp {

/// Whether 1yz replies may come before the one that ends a command: it is one at most (RFC 959 5.4), but some servers
/// say 125 or another 150 after their 150, or 120 while they start.
enum class preliminary : std::uint8_t { refused, allowed };

/// The session feeds the active operation with what happens, one call at a time. In each call the operation sends at
/// most the commands of its next step, or ends by succeed() or fail(), or asks for the end of the session.
class running_operation {
public:
    running_operation(client_control& control, op_id id) noexcept : control_(control), id_(id) {}
    running_operation(const running_operation&) = delete;
    running_operation& operator=(const running_operation&) = delete;
    virtual ~running_operation() = default;

    [[nodiscard]] op_id id() const noexcept { return id_; }
    /// When it must have ended, if the caller has set a limit, and what it ends with then.
    [[nodiscard]] std::optional<clock::time_point> until() const noexcept { return until_; }
    [[nodiscard]] std::error_code why_late() const noexcept { return why_late_; }
    void set_until(std::optional<clock::time_point> until, std::error_code why_late = protocol_errc::timed_out) noexcept
    {
        until_ = until;
        why_late_ = why_late;
    }

    /// Another transfer was to come before it when it was started.
    void set_behind_transfer() noexcept { is_behind_transfer_ = true; }

    virtual void begin() = 0;
    /// The commands that it will send if all goes well; none if they are not known before it has begun.
    [[nodiscard]] virtual std::vector<command_line> commands_ahead() { return {}; }
    /// The same for one that begins now, before it is known how it will go on: nothing goes out behind them but what it
    /// sends itself.
    [[nodiscard]] virtual std::vector<command_line> commands_at_once() { return commands_ahead(); }
    /// Whether it moves data: some servers must not be sent anything until that is over.
    [[nodiscard]] virtual bool transfers_data() const noexcept { return false; }
    /// Whether it takes the data connection of the transfer before it, if it begins now.
    [[nodiscard]] virtual bool shares_data() { return false; }
    /// Its bytes begin to move before its turn, if they may: over the connection of the upload before, and behind that
    /// one's. Only for one whose commands are on their way.
    virtual void move_ahead() {}
    /// Whether the bytes of the next upload may move behind those of this operation.
    [[nodiscard]] virtual bool lets_data_follow() const noexcept { return true; }
    /// Whether the commands of the next operation may go out now, as far as this one is concerned.
    [[nodiscard]] virtual bool lets_next_ahead() const noexcept { return false; }
    /// Whether it may have to send more than commands_ahead(), which must not come behind commands of other operations.
    [[nodiscard]] virtual bool may_send_more() const noexcept { return false; }
    /// Whether it may run although TLS is demanded and not there.
    [[nodiscard]] virtual bool may_lack_tls() const noexcept { return false; }
    /// Whether it sends names or passwords, which never go in clear if TLS is demanded.
    [[nodiscard]] virtual bool logs_in() const noexcept { return false; }

    /// Whether 226 may answer its first command: it is the end of a transfer, and of what is about one (ABOR).
    [[nodiscard]] virtual bool may_begin_with_226() const noexcept { return false; }

    /// Whether the server has still to say its first reply.
    [[nodiscard]] virtual bool awaits_greeting() const noexcept { return false; }

    [[nodiscard]] bool awaits_reply() const noexcept { return step_ != nullptr; }
    /// Whether the reply that it awaits comes when all data has moved, however long that takes.
    [[nodiscard]] bool awaits_end_of_data() const noexcept
    {
        return where_ == operation_step::transfer || where_ == operation_step::confirmation;
    }
    [[nodiscard]] bool awaits(const reply& answer) const noexcept;
    /// Precondition: awaits(answer).
    void answered(const reply& answer);

    /// The caller gives the operation up. It ends with this error, and what is under way is called off.
    virtual void stop(std::error_code why);
    /// What the operation waits for has not come in time.
    virtual void timed_out();
    /// No reply will come any more.
    virtual void session_ended(const operation_error& why) { fail(why); }

    // The host's answers. Those to requests that were given up come as well.
    virtual void tls_held(op_id /*id*/, clock::duration /*for_how_long*/) {}
    virtual void tls_started(op_id /*id*/, const result<tls_facts>& /*outcome*/) {}
    virtual void tls_ended(op_id /*id*/, const result<void>& /*outcome*/) {}
    virtual void data_listening(op_id /*id*/, const result<endpoint>& /*where*/) {}
    virtual void data_connected(op_id /*id*/, const result<endpoint>& /*peer*/) {}
    virtual void data_secured(op_id /*id*/, const result<tls_facts>& /*outcome*/) {}
    virtual void transfer_progressed(op_id /*id*/, std::uint64_t /*bytes*/) {}
    virtual void transfer_held(op_id /*id*/) {}
    virtual void transfer_finished(op_id /*id*/, const transfer_outcome& /*outcome*/) {}
    virtual void committed(op_id /*id*/, const result<void>& /*outcome*/) {}

    [[nodiscard]] bool is_done() const noexcept { return done_.has_value(); }
    /// Whether it is to begin again, behind the operations whose commands the server has already. Asked once.
    [[nodiscard]] bool takes_turn_again() noexcept { return std::exchange(takes_turn_again_, false); }
    /// Precondition: is_done().
    [[nodiscard]] event::operation_done take_outcome() { return std::move(*done_); }

protected:
    [[nodiscard]] client_control& control() noexcept { return control_; }
    [[nodiscard]] const client_control& control() const noexcept { return control_; }

    /// Waits for a reply, which `next` takes.
    template <class Operation>
    void expect(void (Operation::*next)(const reply&), preliminary allowed = preliminary::refused)
    {
        step_ = static_cast<step>(next);
        preliminary_left_ = allowed == preliminary::allowed ? most_preliminary_replies : 0;
        control_.wait(control_.options().reply_limit);
    }

    /// Sends a command; `next` takes the reply to it.
    template <class Operation>
    void ask(std::string_view verb, std::string_view argument, void (Operation::*next)(const reply&),
             preliminary allowed = preliminary::refused)
    {
        come_to(step_of(verb));
        control_.send(verb, argument);
        expect(next, allowed);
    }

    /// The reply that is awaited will be dropped.
    void disown_reply();

    [[nodiscard]] const reply& last_answer() const noexcept { return last_answer_; }

    /// What an error from now on is about.
    void come_to(operation_step where) noexcept { where_ = where; }
    [[nodiscard]] operation_step where() const noexcept { return where_; }

    [[nodiscard]] bool is_behind_transfer() const noexcept { return is_behind_transfer_; }
    /// Precondition: no reply is awaited, and it is as it was before begin().
    void take_turn_again() noexcept { takes_turn_again_ = true; }

    /// `value` is what the operation's value_type names.
    void succeed(operation_value value = {});
    void fail(operation_error why);

private:
    using step = void (running_operation::*)(const reply&);

    [[nodiscard]] static operation_step step_of(std::string_view verb) noexcept;

    client_control& control_;
    op_id id_;
    std::optional<clock::time_point> until_;
    std::error_code why_late_;
    step step_ = nullptr;              ///< Takes the next reply. One command is outstanding at most.
    std::size_t preliminary_left_ = 0; ///< How many may still come before the next reply of another kind.
    operation_step where_ = operation_step::arguments;
    reply last_answer_;
    bool is_behind_transfer_ = false;
    bool takes_turn_again_ = false;
    std::optional<event::operation_done> done_;
};

/// Given up half-way, it would leave the session in an unknown state: so the session ends with it.
class decisive_operation : public running_operation {
public:
    using running_operation::running_operation;

private:
    void stop(std::error_code why) override { control().end_session({why}); }
};

/// An operation that can begin, or protocol_errc::argument_invalid.
using prepared_operation = result<std::unique_ptr<running_operation>>;

prepared_operation prepare(client_control& control, op_id id, operation::greeting what);
prepared_operation prepare(client_control& control, op_id id, operation::login what);
prepared_operation prepare(client_control& control, op_id id, operation::features what);
prepared_operation prepare(client_control& control, op_id id, operation::command what);
prepared_operation prepare(client_control& control, op_id id, operation::password what);
prepared_operation prepare(client_control& control, op_id id, operation::working_directory what);
prepared_operation prepare(client_control& control, op_id id, operation::rename what);
prepared_operation prepare(client_control& control, op_id id, operation::size what);
prepared_operation prepare(client_control& control, op_id id, operation::modified what);
prepared_operation prepare(client_control& control, op_id id, operation::stat what);
prepared_operation prepare(client_control& control, op_id id, operation::set_modified what);
prepared_operation prepare(client_control& control, op_id id, operation::set_mode what);
prepared_operation prepare(client_control& control, op_id id, operation::hash what);
prepared_operation prepare(client_control& control, op_id id, operation::space what);
prepared_operation prepare(client_control& control, op_id id, operation::download what);
prepared_operation prepare(client_control& control, op_id id, operation::upload what);
prepared_operation prepare(client_control& control, op_id id, operation::listing what);
prepared_operation prepare(client_control& control, op_id id, operation::list what);
prepared_operation prepare(client_control& control, op_id id, operation::clear_control what);
prepared_operation prepare(client_control& control, op_id id, operation::quit what);

} // namespace libftp
