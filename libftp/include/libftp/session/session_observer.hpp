// What a session reports to whoever logs or counts.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/session/transfer_coding.hpp>
#include <libftp/store/store_path.hpp>
#include <libftp/tls_facts.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace libftp {

/// Texts are bytes from the peer: escape before printing.
struct session_facts {
    std::uint64_t id = 0; ///< Counts the sessions of a server.
    endpoint peer{};
    std::string user{};        ///< Empty until a login succeeded.
    bool is_anonymous = false; ///< Nobody checked who the user is.
    std::string client{};      ///< What CLNT or CSID said.
    std::string host{};        ///< What HOST said.
    /// Of the control connection's handshake; nullptr: it is in clear.
    std::shared_ptr<const tls_facts> tls{};
    store_path directory{};  ///< Where it works; the root before the login.
    clock::time_point now{}; ///< Of the event that is reported.
};

/// What is transferred, as the client asked for it.
enum class transfer_kind : std::uint8_t { download, upload, append, listing };

/// Why a transfer ended.
enum class transfer_end : std::uint8_t {
    completed,         ///< An upload is committed.
    no_connection,     ///< The data connection did not come about.
    connection_broken, ///< By the peer or the network, in the middle.
    store_failed,      ///< Reading, writing or committing.
    malformed,         ///< Bytes that the transfer mode cannot have, or its end mark is missing.
    aborted,           ///< The client said ABOR.
    stalled,           ///< Nothing moved within the limit.
    session_ended,     ///< The control connection closed, or the server shuts down.
};

/// What is known of a transfer when it is over.
struct transfer_report {
    transfer_kind kind = transfer_kind::download;
    transfer_end end = transfer_end::completed;
    store_path path{};
    transfer_coding coding{};
    std::uint64_t offset = 0;  ///< Where in the file it began.
    std::uint64_t bytes = 0;   ///< Over the data connection.
    clock::duration time{};    ///< From the 150 reply, or the command where there was none, to the end.
    int reply_code = 0;        ///< What the client was told: 226 or 250 is success, 0 that it was gone.
    std::error_code error{};   ///< The cause of a failure, where there is one.
    bool is_protected = false; ///< The data connection was one of TLS (PROT P).
    bool has_begun = false;    ///< transfer_began() was told of it.
};

/// A command that changed something other than by a transfer.
enum class change_kind : std::uint8_t {
    file_removed,
    directory_removed,
    directory_made,
    renamed,
    attributes_set,
    link_made,
    copied,
    combined,
};

/// What was changed, and where.
struct change_report {
    change_kind kind = change_kind::renamed;
    store_path path{};
    store_path to{}; ///< The new place of renamed, link_made and copied.
};

/// Why a session ended.
enum class close_reason : std::uint8_t {
    quit,              ///< The client said QUIT.
    peer_gone,         ///< The client closed the connection, or it broke.
    idle,              ///< No command within the limit.
    not_logged_in,     ///< No login within the limit, or too many failed ones.
    too_many_sessions, ///< The user has as many as allowed.
    foreign_protocol,  ///< The client does not speak FTP.
    tls_failed,        ///< The handshake on the control connection failed.
    shut_down,         ///< The server ends.
    disconnected,      ///< By the server's owner.
    unread,            ///< The client did not take the last reply.
};

/// Every function does nothing unless overridden. Calls for one session come one after another; different sessions may
/// call from different threads. The references live as long as the call. An observer must not block and must not throw.
class session_observer {
public:
    virtual ~session_observer() = default;

    /// A connection was turned away with 421 because of a limit on sessions; it never became one.
    virtual void turned_away(const endpoint& /*peer*/, clock::time_point /*now*/) {}
    /// A connection from a listed proxy was dropped: no PROXY header came, or one that cannot be read.
    virtual void proxy_failed(const endpoint& /*proxy*/, std::error_code /*error*/, clock::time_point /*now*/) {}
    /// The first call for a session.
    virtual void opened(const session_facts& /*session*/) {}
    /// One command as it came; the arguments of PASS and ACCT are replaced by `***`.
    virtual void command_received(const session_facts& /*session*/, std::string_view /*name*/,
                                  std::string_view /*argument*/)
    {
    }
    /// `text` is that of the first line.
    virtual void replied(const session_facts& /*session*/, int /*code*/, std::string_view /*text*/) {}
    /// session_facts::user is who.
    virtual void logged_in(const session_facts& /*session*/) {}
    /// The client said who it is (CLNT, CSID) or whom it wants (HOST), or logged out without leaving (REIN, USER), or
    /// TLS began or ended on the control connection.
    virtual void facts_changed(const session_facts& /*session*/) {}
    /// `user` is what the client said, be there one of that name or not.
    virtual void login_refused(const session_facts& /*session*/, std::string_view /*user*/) {}
    /// The 150 reply was said.
    virtual void transfer_began(const session_facts& /*session*/, transfer_kind /*kind*/, const store_path& /*path*/) {}
    /// `bytes` more have moved; in all, the calls for a transfer tell of as many as its report. For each piece that the
    /// network takes, so it should be cheap.
    virtual void transfer_progressed(const session_facts& /*session*/, transfer_kind /*kind*/, std::uint64_t /*bytes*/)
    {
    }
    /// Also of one that ended before it began. An upload that is complete has transfer_end::completed, and the path
    /// that its file has. Copies on the server are told by changed().
    virtual void transfer_ended(const session_facts& /*session*/, const transfer_report& /*report*/) {}
    /// A command has changed something other than by a transfer.
    virtual void changed(const session_facts& /*session*/, const change_report& /*report*/) {}
    /// A handshake failed, on the control connection or on a data connection, or was not accepted.
    virtual void tls_failed(const session_facts& /*session*/, std::error_code /*error*/) {}
    /// The last call for a session; none comes for sessions that are destroyed while they run.
    virtual void closed(const session_facts& /*session*/, close_reason /*reason*/) {}
};

} // namespace libftp
