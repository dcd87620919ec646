// How a client and a server agree on a data connection (RFC 959 3.2, RFC 1123 4.1.2, RFC 2428, RFC 4217 7).
#pragma once

#include "running_operation.hpp"

namespace libftp {

/// An operation with a data connection. It sets the representation type and opens the connection; what travels over it
/// is up to the derived class.
class data_operation : public running_operation {
public:
    using running_operation::running_operation;

    [[nodiscard]] bool transfers_data() const noexcept final { return true; }

protected:
    /// -> data_agreed(), or give_up(). Shared, the connection may be the one of the last transfer, and the next one may
    /// get it: then bytes travel in MODE B.
    void open_data(representation_type type, bool is_shared = false);
    /// To be called when the transfer command is out: servers begin TLS on the data connection before or after their
    /// 150, so the client begins as soon as the connection is there.
    void command_is_out();
    /// Stops whatever is under way or open. Harmless if nothing is.
    void close_data();
    /// The data connection has ended by itself.
    void forget_data() noexcept { data_id_ = op_id::none; }
    /// The server has left it open for the next transfer.
    void keep_data();
    /// The next upload's bytes may go over it.
    void let_data_follow();
    /// Uses the connection of the upload before, ahead of open_data(), which will take it over.
    void follow(const kept_data& connection);
    /// It has ended: nobody else may use it.
    void break_data();
    /// The operation begins again, some time: as if its command had not been sent.
    void forget_command() noexcept { is_command_out_ = false; }

    /// The transfer command is next: the server knows where to connect, or is connected, or has the command already.
    virtual void data_agreed() = 0;
    /// The connection can be used; this may happen at any time after data_agreed().
    virtual void data_opened() = 0;
    /// The connection is there, but the TLS that it needs is not.
    virtual void data_not_secured(std::error_code why) = 0;
    virtual void give_up(operation_error why) = 0;

    /// The session has ended. Where EPSV or EPRT was not answered, the next one had better send neither.
    void note_end();

    /// Whether there is another way to open it; if so, that is begun.
    [[nodiscard]] bool retries_opening();

    [[nodiscard]] bool has_data() const noexcept { return stage_ == connection_stage::usable; }
    /// Whether bytes travel in MODE B.
    [[nodiscard]] bool is_shared() const noexcept { return is_shared_; }
    /// Whether another transfer has used the connection before.
    [[nodiscard]] bool is_taken_over() const noexcept { return is_taken_over_; }
    /// Whether the server has still to accept the connection.
    [[nodiscard]] bool is_connecting() const noexcept
    {
        return !is_active() && stage_ == connection_stage::absent && data_id_ != op_id::none;
    }
    [[nodiscard]] bool is_securing_data() const noexcept { return stage_ == connection_stage::securing; }
    [[nodiscard]] bool is_command_out() const noexcept { return is_command_out_; }
    /// nullptr if it is in clear.
    [[nodiscard]] std::shared_ptr<const tls_facts> data_tls() const noexcept { return tls_; }
    [[nodiscard]] const endpoint& data_peer() const noexcept { return data_peer_; }
    [[nodiscard]] data_command command_used() const noexcept;
    [[nodiscard]] data_command_reason command_reason() const noexcept;

    /// Whether a data connection has been opened before in the way in which the next one would be.
    [[nodiscard]] bool is_way_known() const noexcept;
    /// The commands of open_data(), in passive mode.
    [[nodiscard]] std::vector<command_line> opening_ahead(representation_type type, bool is_shared = false) const;

    void data_listening(op_id id, const result<endpoint>& where) final;
    void data_connected(op_id id, const result<endpoint>& peer) final;
    void data_secured(op_id id, const result<tls_facts>& outcome) final;

private:
    enum class connection_stage : std::uint8_t {
        absent,
        connected, ///< TLS is to begin when the transfer command is out.
        securing,
        usable,
    };

    void type_answered(const reply& answer);
    void ask_to_keep_data();
    void keeping_answered(const reply& answer);
    void ask_for_mode();
    void mode_answered(const reply& answer);
    void ask_for_connection();
    void take_over(const kept_data& connection);
    [[nodiscard]] kept_data connection() const { return {data_id_, data_peer_, tls_, uses_plain_}; }
    void agree();

    void ask_address();
    void extended_address_answered(const reply& answer);
    void plain_address_answered(const reply& answer);
    void connect(endpoint to);

    void send_address();
    void address_answered(const reply& answer);

    void accepted(const endpoint& peer);
    void secure_data();
    [[nodiscard]] bool is_active() const noexcept { return control().options().data_mode == data_mode::active; }
    [[nodiscard]] bool falls_back(data_command_reason why);
    [[nodiscard]] bool is_plain() const noexcept;

    [[nodiscard]] transfer_mode mode() const noexcept
    {
        return is_shared_ ? transfer_mode::block : transfer_mode::stream;
    }

    representation_type type_ = representation_type::ascii;
    bool is_shared_ = false;
    bool is_taken_over_ = false;
    endpoint listener_; ///< Where this client listens, in active mode.
    op_id data_id_ = op_id::none;
    connection_stage stage_ = connection_stage::absent;
    bool is_agreed_ = false;
    bool is_command_out_ = false;
    bool uses_plain_ = false; ///< PASV or PORT.
    endpoint data_peer_;
    std::shared_ptr<const tls_facts> tls_;
};

} // namespace libftp
