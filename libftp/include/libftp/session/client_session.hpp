// The client's side of one control connection (RFC 959, 1123 4.1, 2389, 2428, 3659, 4217) as a state machine without
// I/O.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/client_operation.hpp>
#include <libftp/session/client_options.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// What FEAT listed, as far as this library uses it.
struct server_features {
    bool known = false; ///< FEAT was answered.
    bool mlst = false;
    bool size = false;
    bool mdtm = false;
    bool mfmt = false;
    bool rest_stream = false;
    bool range_stream = false; ///< RANG.
    bool utf8 = false;
    bool avbl = false;
    bool keeps_data = false; ///< `MODE B KEEP`: libftp's server leaves data connections open for small files.
    std::vector<std::string> changeable_facts{};  ///< Of MFF, in lower case.
    std::vector<digest_algorithm> hash{};         ///< Of HASH, the one that is set first.
    std::vector<digest_algorithm> digest_verbs{}; ///< XCRC, XMD5, XSHA1, XSHA256, XSHA512.
};

/// Operations go in by start(); they run one after the other. Bytes come out of output(), requests for the host out of
/// next_action(), news for the caller out of next_event(). Nothing is called back. One thread at a time. The host's
/// loop is the one of server_session; every function that carries `now` means the same there.
///
/// With pipelining, the commands of a transfer that waits go out while the one before it still runs; it is begun when
/// that is over, and takes the replies that have come by then.
///
/// A session ends when the connection ends, or by an error after which replies could no longer be told apart. All
/// operations then fail, except for a transfer that the server has confirmed: action::close_control comes behind it. An
/// operation that is started later fails with protocol_errc::not_connected and the reply that ended the session, if one
/// did.
class client_session {
public:
    /// `options` must outlive the session. `peer` and `local` are the ends of the control connection.
    client_session(const client_options& options, const endpoint& peer, const endpoint& local, clock::time_point now);
    ~client_session();
    client_session(client_session&&) noexcept;
    client_session& operator=(client_session&&) noexcept;

    /// What `other` has found out of its server so far holds here too, if this one greets in the same words: then
    /// operation::features sends no FEAT at first, and operation::login may send USER and PASS together. For sessions
    /// of one user with one server over one version of IP, before the first operation is started.
    void learn_from(const client_session& other);

    /// Queues an operation. Its end is reported by an event::operation_done with this id, also when its arguments are
    /// refused (protocol_errc::argument_invalid: CR, LF or NUL in one of them) or the session is over (not_connected).
    /// At `until` it ends with protocol_errc::timed_out, as cancel() ends it otherwise.
    op_id start(client_operation what, clock::time_point now, std::optional<clock::time_point> until = std::nullopt);
    /// Ends an operation with protocol_errc::canceled. A running transfer is aborted (ABOR), and the session stays
    /// usable; so it does after a command, whose reply is passed over when it comes, and is waited for by what follows.
    /// Only the greeting, a login and QUIT take the session with them.
    void cancel(op_id operation, clock::time_point now);

    /// Bytes from the control connection. The session holds no pointer to them.
    void received(std::string_view bytes, clock::time_point now);
    /// The server closed the control connection.
    void received_eof(clock::time_point now);
    /// The control connection broke: nothing can be sent any more.
    void connection_lost(clock::time_point now) { received_eof(now); }
    /// Whether the session still is to hear of the connection.
    [[nodiscard]] bool wants_input() const noexcept;
    /// Bytes for the control connection; valid until the next call of a non-const member.
    [[nodiscard]] std::string_view output() const noexcept;
    /// The first `bytes` of output() have been written.
    void output_sent(std::size_t bytes, clock::time_point now);
    /// What the host is to do, in this order; nothing: no more for now.
    [[nodiscard]] std::optional<client_action> next_action();
    /// What has happened, for the caller, in this order; nothing: no more for now.
    [[nodiscard]] std::optional<client_event> next_event();
    /// When to call deadline_passed(); may change with every call.
    [[nodiscard]] std::optional<clock::time_point> deadline() const noexcept;
    /// Harmless if called early.
    void deadline_passed(clock::time_point now);
    /// Whether action::close_control was taken.
    [[nodiscard]] bool finished() const noexcept;

    /// The handshake was held up on this side for that long, as by asking a person whom to trust: the server's time to
    /// answer does not run meanwhile. To be told before any deadline_passed().
    void tls_held(op_id id, clock::duration for_how_long, clock::time_point now);
    /// Answers action::start_tls; once more, with an error, where TLS breaks later: the server's word may come late.
    void tls_started(op_id id, const result<tls_facts>& outcome, clock::time_point now);
    /// Answers action::stop_tls.
    void tls_ended(op_id id, result<void> outcome, clock::time_point now);
    /// Answers action::listen_data.
    void data_listening(op_id id, result<endpoint> where, clock::time_point now);
    /// Answers action::connect_data, and tells of each connection to a listener. `peer` is its far end.
    void data_connected(op_id id, result<endpoint> peer, clock::time_point now);
    /// Answers action::secure_data.
    void data_secured(op_id id, const result<tls_facts>& outcome, clock::time_point now);
    /// `bytes` in all since the start of the transfer.
    void transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now);
    /// It waits for its rate limits, not for its peer.
    void transfer_held(op_id id, clock::time_point now);
    /// Answers action::send_data and action::receive_data, exactly once.
    void transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now);
    /// Answers action::commit.
    void committed(op_id id, result<void> outcome, clock::time_point now);

    /// What FEAT has told. Valid as long as the session.
    [[nodiscard]] const server_features& features() const noexcept;
    /// What the greeting, SYST and FEAT have told of the server by the table of quirks.
    [[nodiscard]] const server_manners& manners() const noexcept;
    /// Whether commands sent ahead were answered in a way that they would not have been later. None are sent ahead any
    /// more in this session; whoever opens another one to the same server had better switch pipelining off.
    [[nodiscard]] bool confuses_order() const noexcept;
    /// The server's end of the control connection.
    [[nodiscard]] const endpoint& peer() const noexcept;
    /// Of the control connection's handshake; nullptr: it is in clear, perhaps again (operation::clear_control).
    [[nodiscard]] std::shared_ptr<const tls_facts> tls() const noexcept;
    /// Whether no data connection may be in clear: PROT P is in force, or PBSZ and PROT are still due because the
    /// server wants a login first. No transfer from server to server can come about then: both would wait for the other
    /// to begin TLS.
    [[nodiscard]] bool protects_data() const noexcept;

private:
    class machine;
    std::unique_ptr<machine> machine_;
};

} // namespace libftp
