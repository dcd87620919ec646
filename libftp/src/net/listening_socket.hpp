// Sockets that control connections come by: opened here, or made by another.
#pragma once

#include "asio_types.hpp"

#include <libftp/result.hpp>
#include <libftp/session/session_options.hpp>

#include <asio/io_context.hpp>

#include <memory>

namespace libftp::net {

struct listening_socket {
    /// An accepted connection that belongs to nobody yet: in which context its socket must be is for others to choose.
    struct newcomer {
        int descriptor = -1; ///< Of the caller.
        tcp::endpoint peer{};
    };

    /// Who has come, without waiting: precondition is that somebody has waited at the acceptor before. What a control
    /// connection needs of its socket is set: it comes from the listening one. Errors: the system's.
    [[nodiscard]] result<newcomer> accept() const;

    tcp::acceptor acceptor; ///< Used on its own executor only.
    endpoint where;
    control_start start;
    int descriptor;
};

/// At `where`, port 0 for a free one. Errors: the system's.
result<std::shared_ptr<listening_socket>> open_listening_socket(asio::io_context& context, const endpoint& where,
                                                                control_start start);

/// Takes over a descriptor, unless there is an error. Errors: std::errc::invalid_argument for anything but a listening
/// TCP socket; the system's.
result<std::shared_ptr<listening_socket>> adopt_listening_socket(asio::io_context& context, int descriptor,
                                                                 control_start start);

} // namespace libftp::net
