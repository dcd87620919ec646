// What the events of a session are called in logs and metrics for programs: the enumerators' own names.
#pragma once

#include <libftp/session/session_observer.hpp>

#include <cstddef>
#include <string_view>

namespace libftp {

constexpr std::string_view name_of(representation_type type) noexcept
{
    switch (type) {
    case representation_type::ascii: return "ascii";
    case representation_type::image: return "image";
    }
    return {};
}

constexpr std::string_view name_of(file_structure structure) noexcept
{
    switch (structure) {
    case file_structure::file: return "file";
    case file_structure::record: return "record";
    }
    return {};
}

constexpr std::string_view name_of(transfer_mode mode) noexcept
{
    switch (mode) {
    case transfer_mode::stream: return "stream";
    case transfer_mode::block: return "block";
    case transfer_mode::compressed: return "compressed";
    case transfer_mode::deflate: return "deflate";
    }
    return {};
}

constexpr std::string_view name_of(transfer_kind kind) noexcept
{
    switch (kind) {
    case transfer_kind::download: return "download";
    case transfer_kind::upload: return "upload";
    case transfer_kind::append: return "append";
    case transfer_kind::listing: return "listing";
    }
    return {};
}

constexpr std::string_view name_of(transfer_end end) noexcept
{
    switch (end) {
    case transfer_end::completed: return "completed";
    case transfer_end::no_connection: return "no_connection";
    case transfer_end::connection_broken: return "connection_broken";
    case transfer_end::store_failed: return "store_failed";
    case transfer_end::malformed: return "malformed";
    case transfer_end::aborted: return "aborted";
    case transfer_end::stalled: return "stalled";
    case transfer_end::session_ended: return "session_ended";
    }
    return {};
}

constexpr std::string_view name_of(change_kind kind) noexcept
{
    switch (kind) {
    case change_kind::file_removed: return "file_removed";
    case change_kind::directory_removed: return "directory_removed";
    case change_kind::directory_made: return "directory_made";
    case change_kind::renamed: return "renamed";
    case change_kind::attributes_set: return "attributes_set";
    case change_kind::link_made: return "link_made";
    case change_kind::copied: return "copied";
    case change_kind::combined: return "combined";
    }
    return {};
}

constexpr std::string_view name_of(close_reason reason) noexcept
{
    switch (reason) {
    case close_reason::quit: return "quit";
    case close_reason::peer_gone: return "peer_gone";
    case close_reason::idle: return "idle";
    case close_reason::not_logged_in: return "not_logged_in";
    case close_reason::too_many_sessions: return "too_many_sessions";
    case close_reason::foreign_protocol: return "foreign_protocol";
    case close_reason::tls_failed: return "tls_failed";
    case close_reason::shut_down: return "shut_down";
    case close_reason::disconnected: return "disconnected";
    case close_reason::unread: return "unread";
    }
    return {};
}

/// How many enumerators there are; they count from 0, and each has a name.
template <class Enumeration>
constexpr std::size_t count_of() noexcept
{
    std::size_t count = 0;
    while (!name_of(static_cast<Enumeration>(count)).empty())
        ++count;
    return count;
}

} // namespace libftp
