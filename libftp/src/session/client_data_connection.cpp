// TYPE, then EPSV or PASV and connecting, or listening and EPRT or PORT, then TLS (RFC 959 4.1.2, RFC 2428, RFC 4217 7;
// RFC 2577 on whom to trust).
#include "client_data_connection.hpp"

#include "client_replies.hpp"

#include <libftp/error.hpp>
#include <libftp/protocol/address_codec.hpp>

#include <utility>

namespace libftp {

namespace {

std::string_view to_argument(representation_type type) noexcept
{
    return type == representation_type::ascii ? "A" : "I";
}

std::string_view to_argument(transfer_mode mode) noexcept
{
    return mode == transfer_mode::block ? "B" : "S";
}

constexpr std::string_view option_to_keep_data = "MODE B KEEP";

} // namespace

void data_operation::open_data(representation_type type, bool is_shared)
{
    type_ = type;
    is_shared_ = is_shared;
    is_taken_over_ = false;
    is_agreed_ = false;
    is_command_out_ = false;
    if (control().protection().awaits_login) {
        come_to(operation_step::tls);
        return give_up({protocol_errc::tls_refused});
    }
    if (control().server().type == type)
        ask_to_keep_data();
    else
        ask("TYPE", to_argument(type), &data_operation::type_answered);
}

bool data_operation::is_way_known() const noexcept
{
    const auto& server = control().server();
    return !is_active() && (is_plain() ? server.serves_plain : server.serves_extended);
}

std::vector<command_line> data_operation::opening_ahead(representation_type type, bool is_shared) const
{
    const auto& server = control().server();
    const auto mode = is_shared ? transfer_mode::block : transfer_mode::stream;
    std::vector<command_line> lines;
    if (server.type != type)
        lines.push_back({"TYPE", std::string{to_argument(type)}});
    if (is_shared && !server.keeps_data && !server.refuses_to_keep_data)
        lines.push_back({"OPTS", std::string{option_to_keep_data}});
    if (server.mode != mode)
        lines.push_back({"MODE", std::string{to_argument(mode)}});
    if (!is_shared || !control().shared().is_kept_behind_sent())
        lines.push_back({is_plain() ? "PASV" : "EPSV", {}});
    return lines;
}

data_command data_operation::command_used() const noexcept
{
    if (is_active())
        return uses_plain_ ? data_command::port : data_command::eprt;
    return uses_plain_ ? data_command::pasv : data_command::epsv;
}

data_command_reason data_operation::command_reason() const noexcept
{
    if (!uses_plain_)
        return data_command_reason::preferred;
    return control().server().plain_addresses.value_or(data_command_reason::known_quirk);
}

/// Whether PASV and PORT are used at once.
bool data_operation::is_plain() const noexcept
{
    const auto& server = control().server();
    return server.plain_addresses || (has(server.manners.effects, server_effect::no_extended_passive) &&
                                      control().peer().address.family() == address_family::ipv4);
}

void data_operation::type_answered(const reply& answer)
{
    if (!answer.is_completion())
        return give_up(refusal(answer));
    control().server().type = type_;
    ask_to_keep_data();
}

void data_operation::ask_to_keep_data()
{
    const auto& server = control().server();
    if (is_shared_ && !server.keeps_data && !server.refuses_to_keep_data)
        ask("OPTS", option_to_keep_data, &data_operation::keeping_answered);
    else
        ask_for_mode();
}

/// What was sent ahead stands: a connection that is not kept is one for this transfer.
void data_operation::keeping_answered(const reply& answer)
{
    (answer.is_completion() ? control().server().keeps_data : control().server().refuses_to_keep_data) = true;
    ask_for_mode();
}

void data_operation::ask_for_mode()
{
    auto& server = control().server();
    if (server.mode == mode())
        return ask_for_connection();
    server.mode.reset(); // the operation may be given up before the reply comes
    ask("MODE", to_argument(mode()), &data_operation::mode_answered);
}

void data_operation::mode_answered(const reply& answer)
{
    auto& server = control().server();
    if (answer.is_completion()) {
        server.mode = mode();
    } else if (is_shared_) {
        server.refuses_to_keep_data = true;
        server.mode = transfer_mode::stream; // it was, and such a server may know no command for it
        is_shared_ = false;
    } else {
        return give_up(refusal(answer));
    }
    ask_for_connection();
}

void data_operation::ask_for_connection()
{
    stage_ = connection_stage::absent;
    tls_.reset();
    if (is_shared_ && control().has_kept_data())
        return take_over(control().shared().take());
    control().close_kept_data();
    if (!is_active())
        return ask_address();
    come_to(operation_step::data_address);
    data_id_ = control().next_id();
    control().request(action::listen_data{data_id_, control().peer().address});
    control().wait(control().options().data_connect_limit);
}

void data_operation::take_over(const kept_data& connection)
{
    follow(connection);
    agree();
}

void data_operation::follow(const kept_data& connection)
{
    data_id_ = connection.id;
    data_peer_ = connection.peer;
    tls_ = connection.tls;
    uses_plain_ = connection.is_by_plain_address;
    stage_ = connection_stage::usable;
    is_shared_ = true;
    is_taken_over_ = true;
}

void data_operation::agree()
{
    if (!std::exchange(is_agreed_, true))
        data_agreed();
}

void data_operation::ask_address()
{
    uses_plain_ = is_plain();
    if (uses_plain_)
        ask("PASV", {}, &data_operation::plain_address_answered);
    else
        ask("EPSV", {}, &data_operation::extended_address_answered);
}

void data_operation::extended_address_answered(const reply& answer)
{
    if (answer.is_permanent_failure() && control().has_ahead_of_others(id())) {
        // Another command for an address would be answered only after what others have sent ahead.
        control().server().confuses_order = true;
        return give_up({protocol_errc::order_confused, answer});
    }
    const auto port = parse_extended_passive_reply(whole_text(answer));
    // Some servers know EPSV by name only: they always refuse it transiently, or answer something else.
    const bool may_be_unknown = !control().server().serves_extended && (!answer.is_completion() || !port);
    if ((answer.is_permanent_failure() || says_unknown(answer) || may_be_unknown) &&
        falls_back(data_command_reason::extended_refused))
        return ask_address();
    if (!answer.is_completion())
        return give_up(refusal(answer));
    if (!port)
        return give_up({port.error(), answer});
    connect({control().peer().address, *port});
}

void data_operation::plain_address_answered(const reply& answer)
{
    auto& reason = control().server().plain_addresses;
    if (says_unknown(answer) && reason == data_command_reason::extended_unreachable) {
        // There is no other way, and the one by EPSV may be open again later.
        reason.reset();
        come_to(operation_step::data_connection);
        return give_up({protocol_errc::data_connection_refused});
    }
    if (!answer.is_completion())
        return give_up(refusal(answer));
    // Gateways between IPv4 and IPv6 send EPSV in place of PASV, and let its reply through.
    if (const auto port = parse_extended_passive_reply(whole_text(answer));
        port && answer.code == to_int(reply_code::extended_passive_mode))
        return connect({control().peer().address, *port});
    auto announced = parse_passive_reply(whole_text(answer));
    if (!announced || announced->port == 0)
        return give_up({protocol_errc::address_malformed, answer});
    // Else whoever can write this reply could aim the client at any host.
    if (control().options().passive_address == passive_address::control_peer)
        announced->address = control().peer().address;
    connect(*announced);
}

void data_operation::connect(endpoint to)
{
    come_to(operation_step::data_connection);
    data_id_ = control().next_id();
    control().request(action::connect_data{data_id_, to});
    control().wait(control().options().data_connect_limit);
    // The server may have refused the transfer already, so that nobody listens: its reply will tell.
    if (control().has_ahead(id()))
        agree();
}

void data_operation::data_listening(op_id id, const result<endpoint>& where)
{
    if (id != data_id_)
        return;
    if (!where) {
        forget_data();
        return give_up({protocol_errc::data_connection_refused});
    }
    listener_ = *where;
    const auto& announced = control().options().active.announced;
    const auto& local = control().local().address;
    if (announced && announced->family() == local.family())
        listener_.address = *announced;
    else if (listener_.address.is_unspecified())
        listener_.address = local;
    send_address();
}

void data_operation::send_address()
{
    uses_plain_ = is_plain();
    if (uses_plain_)
        ask("PORT", format_host_port(listener_), &data_operation::address_answered);
    else
        ask("EPRT", format_extended_port(listener_), &data_operation::address_answered);
}

void data_operation::address_answered(const reply& answer)
{
    if (answer.is_permanent_failure() && falls_back(data_command_reason::extended_refused))
        return send_address();
    if (!answer.is_completion())
        return give_up(refusal(answer));
    agree();
}

void data_operation::data_connected(op_id id, const result<endpoint>& peer)
{
    if (id != data_id_ || stage_ != connection_stage::absent)
        return;
    if (peer)
        return accepted(*peer);
    forget_data();
    if (!retries_opening())
        give_up({protocol_errc::data_connection_refused});
}

void data_operation::accepted(const endpoint& peer)
{
    // Anyone may reach an open port; only the server may use it.
    if (is_active() && peer.address != control().peer().address)
        return control().request(action::reject_data{data_id_});
    const bool is_protected = control().protection().data;
    stage_ = is_protected ? connection_stage::connected : connection_stage::usable;
    data_peer_ = peer;
    if (!is_active())
        (uses_plain_ ? control().server().serves_plain : control().server().serves_extended) = true;
    if (!is_active() && !is_agreed_)
        return agree();
    if (awaits_reply())
        control().wait(control().options().reply_limit);
    is_protected ? secure_data() : data_opened();
}

void data_operation::command_is_out()
{
    is_command_out_ = true;
    secure_data();
}

void data_operation::secure_data()
{
    if (stage_ != connection_stage::connected || !is_command_out_)
        return;
    stage_ = connection_stage::securing;
    control().request(action::secure_data{data_id_});
    control().wait(control().options().data_connect_limit);
}

void data_operation::data_secured(op_id id, const result<tls_facts>& outcome)
{
    if (id != data_id_ || stage_ != connection_stage::securing)
        return;
    if (!outcome)
        return data_not_secured(outcome.error());
    stage_ = connection_stage::usable;
    tls_ = std::make_shared<const tls_facts>(*outcome);
    control().wait(control().options().reply_limit);
    data_opened();
}

void data_operation::keep_data()
{
    control().shared().keep(connection());
    forget_data();
}

void data_operation::let_data_follow()
{
    control().shared().let_follow(connection());
}

void data_operation::break_data()
{
    control().break_data(data_id_);
    forget_data();
    stage_ = connection_stage::absent;
}

void data_operation::close_data()
{
    control().lose_data();
    control().break_data(data_id_);
    if (data_id_ != op_id::none)
        control().request(action::close_data{data_id_});
    forget_data();
    stage_ = connection_stage::absent;
}

void data_operation::note_end()
{
    const bool is_about_extended = awaits_reply() && where() == operation_step::data_address && !uses_plain_;
    auto& server = control().server();
    if (is_about_extended && !server.serves_extended)
        server.manners.effects = server.manners.effects | server_effect::no_extended_passive;
}

bool data_operation::retries_opening()
{
    // A gateway that reads 227 to let the connection through often knows nothing of 229.
    if (is_active() || stage_ != connection_stage::absent || uses_plain_ || control().server().serves_extended ||
        !falls_back(data_command_reason::extended_unreachable))
        return false;
    close_data();
    ask_address();
    return true;
}

bool data_operation::falls_back(data_command_reason why)
{
    auto& server = control().server();
    if (server.plain_addresses || control().peer().address.family() == address_family::ipv6)
        return false;
    server.plain_addresses = why;
    return true;
}

} // namespace libftp
