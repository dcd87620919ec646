// Connecting to one of several addresses, whichever answers first (RFC 8305).
#pragma once

#include "asio_types.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <system_error>
#include <vector>

namespace libftp::net {

/// The order in which to try (RFC 8305 4): the families take turns, IPv6 first; within a family as given.
std::vector<endpoint> interleave_families(const std::vector<endpoint>& addresses);

/// Tries the addresses one after the other, without waiting long for any of them: the next one joins in when an attempt
/// has failed or has taken its delay. The first connection wins, and the other attempts are closed.
class happy_eyeballs : public std::enable_shared_from_this<happy_eyeballs> {
public:
    /// Hears of the connection, or the last error. Called once, from the executor.
    using handler = std::function<void(std::error_code, tcp::socket)>;

    static constexpr std::chrono::milliseconds attempt_delay{250}; ///< RFC 8305 5.

    happy_eyeballs(const asio::any_io_executor& executor, std::vector<endpoint> addresses, handler done);

    void begin();
    /// Closes all attempts; the handler is not called any more.
    void stop();

private:
    void try_next();
    void connected(std::size_t attempt);
    void failed(std::error_code error);

    asio::any_io_executor executor_;
    std::vector<endpoint> addresses_;
    handler done_; ///< Empty: it is over.
    asio::steady_timer delay_;
    std::vector<tcp::socket> attempts_; ///< One for each address so far.
    std::size_t failures_ = 0;
};

} // namespace libftp::net
