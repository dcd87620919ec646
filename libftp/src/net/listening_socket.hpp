// Sockets that accept control connections: opened here, or handed over by another program.
#pragma once

#include "asio_types.hpp"

#include <libftp/result.hpp>
#include <libftp/session/session_options.hpp>

#include <asio/any_io_executor.hpp>

#include <memory>

namespace libftp::net {

struct listening_socket {
    tcp::acceptor acceptor; ///< Used on its own executor only.
    endpoint where;
    control_start start;
    int descriptor; ///< Sockets accepted from it have the options of a control connection.
};

/// At `where`, port 0 for a free one. Errors: the system's.
result<std::shared_ptr<listening_socket>> open_listening_socket(const asio::any_io_executor& executor,
                                                                const endpoint& where, control_start start);

/// Takes over a descriptor, unless there is an error. Errors: std::errc::invalid_argument for anything but a listening
/// TCP socket; the system's.
result<std::shared_ptr<listening_socket>> adopt_listening_socket(const asio::any_io_executor& executor, int descriptor,
                                                                 control_start start);

} // namespace libftp::net
