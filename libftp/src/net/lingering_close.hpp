// The end of a control connection.
#pragma once

#include "asio_types.hpp"

#include <memory>

namespace libftp::net {

/// Ends what this side sends, and closes `socket` when the peer has closed too, or after a while: closing while the
/// peer still sends would reset the connection and could take the last reply from it. What comes meanwhile is read and
/// dropped. `owner` keeps the socket and the timer alive; nothing else may wait on the timer.
void close_lingering(const std::shared_ptr<void>& owner, tcp::socket& socket, asio::steady_timer& timer,
                     bool peer_has_ended);

} // namespace libftp::net
