// What a server tells of each session while it runs.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/session/session_observer.hpp>
#include <libftp/store/store_path.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace libftp::net {

/// A transfer from its 150 reply to its end.
struct transfer_status {
    transfer_kind kind = transfer_kind::download;
    store_path path{};
    clock::time_point began{};
    std::uint64_t bytes = 0;            ///< Over the data connection; of a download those that the client has.
    std::uint64_t bytes_per_second = 0; ///< Lately: over the last second or a little more.
};

/// Texts are bytes from the peer: escape before printing.
struct session_status {
    session_facts facts{};     ///< `facts.now`: when something happened last.
    clock::time_point began{}; ///< When it was opened.
    std::string command{};     ///< The last one, as an observer hears it, cut after some 250 bytes.
    std::optional<transfer_status> transfer{};
};

} // namespace libftp::net
