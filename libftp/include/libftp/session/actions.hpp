// What a session asks of its host, and what the host answers: the boundary between protocol and I/O.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/rate_limit.hpp>
#include <libftp/store/store_call.hpp>
#include <libftp/tls_facts.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <system_error>
#include <variant>

namespace libftp {

/// Names a request, so that its answer finds it. An answer to a request that the session has given up is ignored, and
/// what it owns is released.
enum class op_id : std::uint64_t { none = 0 };

/// What stopped a transfer.
enum class transfer_fault : std::uint8_t {
    none,       ///< Nothing: all was sent or, on the receiving side, committed.
    connection, ///< The data connection failed.
    store,      ///< Reading, writing or committing failed.
    canceled,   ///< The session closed the data connection by action::close_data.
};

/// How a transfer ended.
struct transfer_outcome {
    std::uint64_t bytes = 0; ///< Moved over the data connection.
    transfer_fault fault = transfer_fault::none;
    std::error_code error{}; ///< The reason for connection and store.
};

/// The limits that a transfer shares with others; nullptr for those that there are not.
using transfer_limits = std::array<std::shared_ptr<rate_limit>, 3>;

namespace action {

/// Listen for one data connection on the control connection's local address. Connections from elsewhere than `from` may
/// be dropped without a word; so a host can let sessions of different peers share a port.
/// -> data_listening(id, where), then data_connected(id, peer) for each connection that comes.
struct listen_data {
    op_id id = op_id::none;
    ip_address from{};
};

/// Begin TLS on the control connection (RFC 4217 4) when all of output() has been sent: a server accepts, a client
/// connects. What is read before that is not TLS: it is given to received().
/// -> tls_started(id, facts)
struct start_tls {
    op_id id = op_id::none;
};

/// End TLS on the control connection in order when all of output() has been sent (RFC 4217 5, CCC), and go on in
/// clear. -> tls_ended(id, outcome)
struct stop_tls {
    op_id id = op_id::none;
};

/// Begin TLS on the data connection that `id` named in listen_data or connect_data, as a server or client as on the
/// control connection, whichever side has connected (RFC 4217 7). To be sent over only when it has succeeded.
/// -> data_secured(id, facts)
struct secure_data {
    op_id id = op_id::none;
};

/// Connect to `to`, from `local_port` if that is not 0 and can be had. -> data_connected(id, peer)
struct connect_data {
    op_id id = op_id::none;
    endpoint to{};
    std::uint16_t local_port = 0;
};

/// Drop the connection just reported for this listener and listen on: it is not from whom it must be.
struct reject_data {
    op_id id = op_id::none;
};

/// Stop listening or connecting, or close the connection, that `id` named in listen_data or connect_data. A transfer on
/// it still ends with transfer_finished. A client's host closes in clear by a reset what is not the end of a transfer:
/// the server may be waiting for an upload already, and would take an end in order for that of the file. What a
/// transfer has left open is closed in order.
struct close_data {
    op_id id = op_id::none;
};

/// Send all that `source` gives over the data connection, then close that in order (TLS by close_notify). Or leave it
/// open, if all went well, for the next transfer or close_data: then the bytes themselves tell where they end.
/// -> transfer_progressed(id, bytes) as often as convenient, then transfer_finished(id, outcome), exactly once.
struct send_data {
    op_id id = op_id::none;
    std::unique_ptr<file_reader> source{};
    bool may_block = false;   ///< Reading may wait for a device.
    transfer_limits limits{}; ///< Bytes are reserved with each before they move.
    bool seldom_slow = false; ///< file_store::is_seldom_slow().
    bool leaves_open = false;
};

/// Write all that comes over the data connection to `sink` and commit it when the peer has closed in order: with TLS by
/// close_notify, else it is transfer_fault::connection with tls_errc::truncated. Or commit it when it is complete, and
/// leave the connection open, as send_data may: what came behind the end is for the next sink.
/// -> as for send_data; transfer_fault::none only after the commit. A sink that is not committed hears discard().
/// -> transfer_marked(id, mark) for each sink->next_mark(), asked for after each write().
struct receive_data {
    op_id id = op_id::none;
    std::unique_ptr<file_writer> sink{};
    bool may_block = false;   ///< Writing or committing may wait for a device.
    transfer_limits limits{}; ///< Bytes are reserved with each before they are read.
    bool seldom_slow = false; ///< file_store::is_seldom_slow().
    bool leaves_open = false;
};

/// Commit what receive_data wrote: a client does it only when the server has confirmed the transfer.
/// -> committed(id, outcome)
struct commit {
    op_id id = op_id::none;
    std::unique_ptr<file_writer> sink{};
};

/// May block. -> authenticated(id, account)
struct authenticate {
    op_id id = op_id::none;
    credentials who{};
};

/// May block if the store says so. -> store_answered(id, response)
struct call_store {
    op_id id = op_id::none;
    std::shared_ptr<file_store> store{};
    store_request request{};
};

/// Run a program's own command, which may block. -> command_answered(id, job())
struct run_command {
    op_id id = op_id::none;
    std::function<reply()> job{};
};

/// Close the control connection. Comes once, as the last action, when all output has been sent.
struct close_control {};

} // namespace action

using server_action =
    std::variant<action::start_tls, action::stop_tls, action::listen_data, action::connect_data, action::reject_data,
                 action::close_data, action::secure_data, action::send_data, action::receive_data, action::authenticate,
                 action::call_store, action::run_command, action::close_control>;

using client_action = std::variant<action::start_tls, action::stop_tls, action::listen_data, action::connect_data,
                                   action::reject_data, action::close_data, action::secure_data, action::send_data,
                                   action::receive_data, action::commit, action::close_control>;

} // namespace libftp
