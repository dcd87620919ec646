// The ways in which a connection fails under a client script.
#pragma once

#include "client_script_host.hpp"

#include <functional>
#include <string>
#include <system_error>
#include <vector>

namespace libftp::testing {

/// One way in which a connection fails, and the error that operations end with.
struct connection_failure {
    std::string name;
    std::error_code error;
    /// False where it cannot happen.
    std::function<bool(client_script_host&)> happen;
    bool sends_bytes = true; ///< In clear, where TLS has not begun.
};

inline std::vector<connection_failure> connection_failures()
{
    const auto receiving = [](const std::string& bytes) {
        return [bytes](client_script_host& host) {
            host.receive(bytes);
            return true;
        };
    };
    const auto ending = [](const std::string& bytes) {
        return [bytes](client_script_host& host) {
            host.receive(bytes);
            host.end_input();
            return true;
        };
    };
    // The server stays silent for as long as the session has patience.
    const auto silence = [](client_script_host& host) {
        if (!host.session_.deadline())
            return false;
        while (const auto limit = host.session_.deadline()) {
            host.pass(*limit - host.now_);
            host.finish();
        }
        // Only a session that waits for a reply cannot go on; the end of this one makes the checks the same.
        host.end_input();
        return true;
    };
    const auto no_handshake = [](client_script_host& host) {
        if (!host.is_starting_tls())
            return false;
        host.answer_tls_start(tls_errc::handshake_failed);
        return true;
    };
    return {
        {"EOF", protocol_errc::connection_closed, ending(""), false},
        {"EOF in a line", protocol_errc::connection_closed, ending("22")},
        {"EOF in a reply", protocol_errc::connection_closed, ending("226-Transfer\r\n")},
        {"421", protocol_errc::service_closing, receiving("421 Going away.\r\n")},
        {"garbage", protocol_errc::reply_malformed, receiving("1#!\r\n")},
        {"an endless line", protocol_errc::reply_too_long, receiving(std::string(10'000, '2') + "\r\n")},
        {"silence", protocol_errc::timed_out, silence, false},
        {"no handshake", tls_errc::handshake_failed, no_handshake, false},
    };
}

} // namespace libftp::testing
