// Where a data connection comes from: PASV, EPSV, PORT, EPRT (RFC 959 3.3, 4.1.2; RFC 2428; RFC 2577 3).
#include <libftp/session/server_session.hpp>

#include "../later.hpp"
#include "../protocol/ascii.hpp"
#include "server_session_request.hpp"

#include <libftp/protocol/address_codec.hpp>
#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace libftp {

namespace {

constexpr std::uint64_t longest_short_download = 64 * 1024; // bytes: what a socket takes at once
constexpr std::string_view only_extended = "EPSV ALL was said: EPSV only.";

/// The text of 522 names the protocol to use (RFC 2428 2).
std::string_view family_needed(address_family family) noexcept
{
    return family == address_family::ipv4 ? "Network protocol not supported, use (1)"
                                          : "Network protocol not supported, use (2)";
}

} // namespace

void server_session::handle_pasv()
{
    if (extended_only_)
        return reply(reply_code::bad_sequence, only_extended);
    if (local_.address.family() != address_family::ipv4)
        return reply(reply_code::argument_error, "PASV works over IPv4 only; use EPSV.");
    listen(verb::pasv);
}

void server_session::handle_epsv(const command& c)
{
    if (ascii::equal_ignoring_case(c.argument, "ALL")) {
        extended_only_ = true;
        return reply(reply_code::ok, "EPSV only from now on.");
    }
    const bool is_ipv4 = local_.address.family() == address_family::ipv4;
    if (c.argument.empty() || c.argument == (is_ipv4 ? "1" : "2"))
        return listen(verb::epsv);
    if (c.argument.find_first_not_of("0123456789") != std::string_view::npos)
        return reply(reply_code::argument_error, "EPSV takes a protocol number or ALL.");
    reply(reply_code::network_protocol_not_supported, family_needed(local_.address.family()));
}

void server_session::listen(verb asked)
{
    drop_data_connection();
    listening_for_ = asked;
    data_ = data_state::binding;
    data_id_ = request(action::listen_data{op_id::none, facts_.peer.address});
    enter(phase::binding);
}

void server_session::data_listening(op_id id, result<endpoint> where, clock::time_point now)
{
    facts_.now = now;
    if (id != data_id_ || data_ != data_state::binding)
        return;
    enter(phase::ready);
    if (!where) {
        data_ = data_state::none;
        reply(reply_code::cannot_open_data_connection, "No port is free for a data connection.");
    } else {
        data_ = data_state::listening;
        data_deadline_ = later(facts_.now, options_.data_connect_limit);
        if (listening_for_ == verb::epsv) {
            reply(reply_code::extended_passive_mode,
                  fmt::format("Entering Extended Passive Mode {}", format_extended_passive(where->port)));
        } else {
            reply(reply_code::passive_mode,
                  fmt::format("Entering Passive Mode ({}).", format_host_port(announced_for(*where))));
        }
    }
    advance();
}

/// Where the client is told to connect: not where this server listens if addresses are translated in between.
endpoint server_session::announced_for(endpoint listening) const
{
    const auto other = options_.passive_address ? options_.passive_address(facts_.peer, local_) : std::nullopt;
    if (other && other->family() == address_family::ipv4)
        listening.address = *other;
    return listening;
}

void server_session::handle_port(const command& c)
{
    if (extended_only_)
        return reply(reply_code::bad_sequence, only_extended);
    use_address(parse_host_port(c.argument));
}

void server_session::handle_eprt(const command& c)
{
    if (extended_only_)
        return reply(reply_code::bad_sequence, only_extended);
    use_address(parse_extended_port(c.argument));
}

/// The peer may only name itself, and no port of a well-known service: else it could aim this server at others
/// (RFC 2577 3).
void server_session::use_address(const result<endpoint>& address)
{
    const auto family = facts_.peer.address.family();
    const bool is_other_family =
        address ? address->address.family() != family : address.error() == std::errc::address_family_not_supported;
    if (is_other_family)
        return reply(reply_code::network_protocol_not_supported, family_needed(family));
    if (!address)
        return reply(reply_code::argument_error, "This is not an address with a port.");
    // Some clients leave their own address out (lftp over IPv6 sends ::), and it is known anyway.
    const bool is_peer =
        address->address.is_unspecified() || std::ranges::equal(address->address.bytes(), facts_.peer.address.bytes());
    if (!is_peer || address->port < 1024)
        return reply(reply_code::parameter_not_implemented,
                     "Data connections go to the client's own address and to ports from 1024 on.");
    drop_data_connection();
    data_ = data_state::addressed;
    data_address_ = {facts_.peer.address, address->port};
    reply(reply_code::ok, "The address will be used.");
}

void server_session::drop_data_connection()
{
    if (data_ != data_state::none && data_ != data_state::addressed)
        actions_.emplace_back(action::close_data{data_id_});
    data_ = data_state::none;
    data_id_ = op_id::none;
}

/// Drops one that a transfer has left open, because it would not do for the next.
void server_session::drop_kept_connection()
{
    if (data_ == data_state::kept)
        drop_data_connection();
}

bool server_session::awaits_data_connection() const noexcept
{
    return data_ == data_state::listening && (phase_ == phase::opening || phase_ == phase::connecting);
}

/// A long download has a reader, who is to begin when the first bytes come.
bool server_session::is_output_awaited() const noexcept
{
    return phase_ != phase::connecting || job_->kind != transfer_kind::download || protects_data_ ||
           job_->source->remaining().value_or(longest_short_download) >= longest_short_download;
}

void server_session::data_connected(op_id id, result<endpoint> peer, clock::time_point now)
{
    facts_.now = now;
    const bool listening = data_ == data_state::listening;
    if (id != data_id_ || (!listening && data_ != data_state::connecting))
        return;
    if (listening && peer && peer->address != facts_.peer.address) {
        actions_.emplace_back(action::reject_data{id});
        return;
    }
    if (!peer) {
        drop_data_connection();
        if (phase_ == phase::connecting)
            end_transfer(transfer_end::no_connection, reply_code::cannot_open_data_connection,
                         "The data connection could not be opened.", peer.error());
    } else {
        data_ = data_state::connected;
        if (phase_ == phase::connecting)
            use_data_connection();
    }
    advance();
}

} // namespace libftp
