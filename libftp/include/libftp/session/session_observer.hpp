// What a session reports to whoever logs or counts.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/store/store_path.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace libftp {

struct session_facts {
    std::uint64_t id = 0; ///< Counts the sessions of a server.
    endpoint peer{};
    std::string user{}; ///< Empty until a login succeeded. Bytes from the peer: escape before printing.
};

enum class transfer_kind : std::uint8_t { download, upload, append, listing };

struct transfer_report {
    transfer_kind kind = transfer_kind::download;
    store_path path{};
    std::uint64_t bytes = 0; ///< Over the data connection.
    clock::duration time{};  ///< From the 150 reply, or the command where there was none, to the end.
    int reply_code = 0;      ///< What the client was told: 226 is success, 0 that it was gone.
    std::error_code error{}; ///< The cause of a failure, where there is one.
};

enum class close_reason : std::uint8_t {
    quit,             ///< The client said QUIT.
    peer_gone,        ///< The client closed the connection, or it broke.
    idle,             ///< No command within the limit.
    not_logged_in,    ///< No login within the limit, or too many failed ones.
    foreign_protocol, ///< The client does not speak FTP.
    shut_down,        ///< The server ends.
    unread,           ///< The client did not take the last reply.
};

/// Every function does nothing unless overridden. Calls for one session come one after another; different sessions may
/// call from different threads. The references live as long as the call. An observer must not block and must not throw.
class session_observer {
public:
    virtual ~session_observer() = default;

    /// A connection was turned away with 421 because of a limit on sessions; it never became one.
    virtual void turned_away(const endpoint& /*peer*/) {}
    virtual void opened(const session_facts& /*session*/) {}
    /// One command as it came; the argument of PASS is replaced by `***`.
    virtual void command_received(const session_facts& /*session*/, std::string_view /*name*/,
                                  std::string_view /*argument*/)
    {
    }
    virtual void replied(const session_facts& /*session*/, int /*code*/, std::string_view /*text*/) {}
    virtual void logged_in(const session_facts& /*session*/) {}
    virtual void login_refused(const session_facts& /*session*/, std::string_view /*user*/) {}
    virtual void transfer_ended(const session_facts& /*session*/, const transfer_report& /*report*/) {}
    virtual void closed(const session_facts& /*session*/, close_reason /*reason*/) {}
};

} // namespace libftp
