// Downloads, uploads and listings as a client runs them (RFC 959 4.1.3, 5.4; RFC 3659 5, 7).
#pragma once

#include "client_data_connection.hpp"
#include "transfer_meter.hpp"

#include <libftp/clock.hpp>
#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace libftp {

/// What a transfer does. One of sink and source is set.
struct transfer_plan {
    std::string verb{};
    std::string argument{};
    representation_type type = representation_type::image;
    std::uint64_t offset = 0;
    std::optional<std::uint64_t> length{};
    std::unique_ptr<file_writer> sink{};
    std::unique_ptr<file_reader> source{};
    transfer_limits limits{};
    std::optional<std::uint64_t> size{}; ///< Of a download, as far as it is known.
    bool is_one_of_many = false;
};

class lent_sink;
class lent_source;

/// The control connection and the data connection end a transfer in either order; it is over when both have. It fails
/// with the first thing that goes wrong, once the other connection has come to its end too.
class transfer : public data_operation {
public:
    transfer(client_control& control, op_id id, transfer_plan plan);
    ~transfer() override;

protected:
    void begin() override;
    [[nodiscard]] std::vector<command_line> commands_ahead() override;
    [[nodiscard]] std::vector<command_line> commands_at_once() override;
    [[nodiscard]] bool shares_data() override { return control().shared().is_kept_behind_sent() && is_to_share(); }
    /// Replaces the command; to be called before it is sent.
    void set_command(std::string verb, std::string argument);

    /// Whether it takes less time than a data connection of its own.
    [[nodiscard]] virtual bool is_small() const;
    /// The server has refused the command. True if the derived class has found another way, and begun it.
    [[nodiscard]] virtual bool finds_another_way(const reply& /*refusal*/) { return false; }
    /// Begins again, perhaps with another command; nothing has moved yet.
    void begin_anew();
    /// A part that was cut off is followed by PWD.
    [[nodiscard]] bool may_send_more() const noexcept override { return plan_.length.has_value(); }
    [[nodiscard]] bool has_begun() const noexcept { return begun_; }
    /// The server has confirmed, and all bytes are committed.
    virtual void transferred(transfer_result result) { succeed(std::move(result)); }
    /// It has ended without that.
    virtual void failed(operation_error why) { fail(std::move(why)); }
    void session_ended(const operation_error& why) override;

private:
    enum class data_phase : std::uint8_t { waiting, moving, ended };

    [[nodiscard]] bool lets_next_ahead() const noexcept override;
    void move_ahead() override;
    [[nodiscard]] bool lets_data_follow() const noexcept override { return is_all_sent() && !failure_; }
    /// Whether others may use the connection already, behind this upload.
    [[nodiscard]] bool is_all_sent() const noexcept { return is_shared() && !sink_ && data_ == data_phase::ended; }
    void data_agreed() override;
    void data_opened() override;
    void data_not_secured(std::error_code why) override;
    void give_up(operation_error why) override;
    void stop(std::error_code why) override;
    void timed_out() override;
    void transfer_progressed(op_id id, std::uint64_t bytes) override;
    void transfer_held(op_id id) override;
    void transfer_finished(op_id id, const transfer_outcome& outcome) override;
    void committed(op_id id, const result<void>& outcome) override;

    [[nodiscard]] bool is_range_asked() const noexcept
    {
        return plan_.length && control().server().features.range_stream;
    }
    [[nodiscard]] bool is_to_share();
    [[nodiscard]] representation_type type_to_set();
    [[nodiscard]] std::optional<command_line> restart_command() const;
    void restart_answered(const reply& answer);
    void send_command();
    void command_answered(const reply& answer);
    void confirmed(const reply& answer);
    void unkept_answered(const reply& answer);
    void open_another();
    void take_beginning(const reply& answer);
    [[nodiscard]] bool answers_out_of_order(const reply& answer) const noexcept;
    void call_off();
    void cut_answered(const reply& answer);
    void cut_followed(const reply& answer);
    void abort_answered(const reply& answer);

    void move_data();
    void begin_to_move();
    [[nodiscard]] std::unique_ptr<file_reader> lend_source();
    void moved_ahead(const transfer_outcome& outcome);
    void rewind();
    [[nodiscard]] bool may_move() const noexcept;
    void tell_progress();
    [[nodiscard]] bool exceeds_announced() const noexcept;
    [[nodiscard]] bool has_all_announced() const noexcept;
    void settle();
    void complete();
    [[nodiscard]] bool parts_from_data();
    [[nodiscard]] bool ends_shared(const reply& answer) const noexcept;
    void be_confused(const reply& answer);
    void end_with(operation_error why);
    void explain_failure(const reply& answer);
    [[nodiscard]] bool is_broken_off() const noexcept;
    [[nodiscard]] bool is_broken_off_by_server() const noexcept;
    [[nodiscard]] bool is_reset_in_clear() const noexcept;
    [[nodiscard]] operation_error at(operation_step place, operation_error why) const;
    [[nodiscard]] bool waits_to_begin() const noexcept { return awaits_reply() && !begun_; }

    transfer_plan plan_;
    std::optional<bool> is_to_share_;          ///< Its data connection; decided when its first command is.
    std::shared_ptr<lent_sink> sink_;          ///< Shared with the host while data is moving.
    std::shared_ptr<lent_source> lent_source_; ///< The same for an upload, if it may have to go once more.
    bool is_distrusted_ = false;               ///< What came over a shared connection was not the file.
    bool follows_ = false;           ///< Its command has gone out for the data connection of the transfer before.
    bool is_ahead_ = false;          ///< Its bytes move before its turn.
    bool is_to_begin_again_ = false; ///< Over another connection, as soon as the host has stopped.
    data_phase data_ = data_phase::waiting;
    bool begun_ = false;        ///< The server has said that it begins.
    bool is_left_open_ = false; ///< The server says so of the data connection.
    bool is_cut_ = false;       ///< The data connection was closed as soon as all that was wanted had come.
    op_id transfer_id_ = op_id::none;
    op_id commit_id_ = op_id::none;
    clock::time_point sent_at_{};
    transfer_meter meter_;
    std::uint64_t told_ = 0; ///< Bytes, by the last event::progress.
    transfer_result result_;
    reply confirmation_; ///< Of a transfer whose data connection has not ended yet.
    std::optional<operation_error> failure_;
    unsigned abort_replies_ = 0;
    unsigned max_abort_replies_ = 0;
    unsigned syncs_to_come_ = 0;   ///< Replies 257, the last of which answers PWD.
    bool abort_is_synced_ = false; ///< PWD was sent behind ABOR.
    bool is_session_over_ = false; ///< What was confirmed before may still come.
};

} // namespace libftp
