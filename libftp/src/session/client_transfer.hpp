// Downloads, uploads and listings as a client runs them (RFC 959 4.1.3, 5.4; RFC 3659 5, 7).
#pragma once

#include "client_data_connection.hpp"

#include <libftp/clock.hpp>
#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace libftp {

/// What a transfer does. One of sink and source is set.
struct transfer_plan {
    std::string verb{};
    std::string argument{};
    representation_type type = representation_type::image;
    std::uint64_t offset = 0;
    std::unique_ptr<file_writer> sink{};
    std::unique_ptr<file_reader> source{};
};

/// The control connection and the data connection end a transfer in either order; it is over when both have. The first
/// thing that goes wrong is what it ends with, after the other side has come to its end too.
class transfer : public data_operation {
public:
    transfer(client_control& control, op_id id, transfer_plan plan);

protected:
    void begin() override { open_data(plan_.type); }
    /// Replaces the command; to be called before begin().
    void set_verb(std::string verb) { plan_.verb = std::move(verb); }

private:
    enum class data_phase : std::uint8_t { waiting, moving, ended };

    void data_agreed() override;
    void data_opened() override { move_data(); }
    void give_up(operation_error why) override;
    void cancel() override;
    void timed_out() override;
    void session_ended(const operation_error& why) override;
    void transfer_progressed(op_id id, std::uint64_t bytes) override;
    void transfer_finished(op_id id, const transfer_outcome& outcome) override;
    void committed(op_id id, const result<void>& outcome) override;

    void restart_answered(const reply& answer);
    void send_command();
    void command_answered(const reply& answer);
    void send_abort();
    void abort_answered(const reply& answer);

    void move_data();
    void settle();
    void complete();
    [[nodiscard]] bool waits_to_begin() const noexcept { return awaits_reply() && !begun_; }

    transfer_plan plan_;
    std::shared_ptr<std::unique_ptr<file_writer>> sink_; ///< Shared with the host while data is moving.
    data_phase data_ = data_phase::waiting;
    bool begun_ = false; ///< The server has said that it transfers.
    op_id transfer_id_ = op_id::none;
    op_id commit_id_ = op_id::none;
    clock::time_point sent_at_{};
    transfer_result result_;
    std::optional<operation_error> failure_;
    unsigned abort_replies_ = 0;
};

} // namespace libftp
