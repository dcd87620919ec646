// Opens and closes connections, logs in by hand, and switches between passive and active, ascii and binary.
#include "connection_commands.hpp"

#include "terminal.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

using namespace libftp;

namespace commands {

namespace {

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0)
        return std::nullopt;
    return port;
}

/// An empty `port` is the URL's, or 21.
outcome connect_to(session& s, std::string_view host, std::string_view port)
{
    if (host.empty())
        return refuse("No server is named.");
    auto server = read_server(host);
    if (!server)
        return refuse("This is not a URL of the form ftp://user@host:port/path.");
    if (!port.empty()) {
        const auto number = parse_port(port);
        if (!number)
            return refuse(fmt::format("{} is not a port from 1 to 65535.", port));
        server->port = *number;
    }
    return connect(s, std::move(*server));
}

outcome ask_for_server(session& s)
{
    const auto host = terminal::ask("Server: ");
    if (!host || host->empty())
        return refuse("No server is named.");
    const auto port = terminal::ask("Port [21]: ");
    return connect_to(s, *host, port.value_or(""));
}

outcome use_data_mode(session& s, data_mode mode)
{
    s.use_data_mode(mode);
    terminal::say(mode == data_mode::passive ? "Passive mode: data connections are opened by this client."
                                             : "Active mode: data connections are opened by the server.");
    return outcome::done;
}

outcome use_type(session& s, representation_type type)
{
    s.type = type;
    terminal::say(type == representation_type::ascii ? "Files are transferred as text (ascii)."
                                                     : "Files are transferred as they are (binary).");
    return outcome::done;
}

} // namespace

outcome open(session& s, const typed_command& typed)
{
    return typed.arguments.empty() ? ask_for_server(s) : connect_to(s, typed.argument(0), typed.argument(1));
}

outcome conn(session& s, const typed_command& typed)
{
    return typed.arguments.empty() && s.server ? reconnect(s) : open(s, typed);
}

outcome close(session& s, const typed_command&)
{
    disconnect(s);
    return outcome::done;
}

outcome quit_session(session& s, const typed_command& typed)
{
    return s.client.is_connected() ? close(s, typed) : outcome::leave;
}

outcome quit_program(session&, const typed_command&)
{
    return outcome::leave;
}

outcome user(session& s, const typed_command& typed)
{
    if (typed.arguments.size() == 2)
        return log_in(s, typed.argument(0), secret{typed.arguments[1]});
    return log_in(s, typed.argument(0));
}

outcome pass(session& s, const typed_command& typed)
{
    auto password = typed.arguments.empty() ? std::nullopt : std::optional{secret{typed.arguments[0]}};
    if (!password && s.given_password)
        password = s.given_password->clone();
    if (!password)
        password = terminal::ask_secretly("Password: ");
    if (!password)
        return refuse("PASS has no password behind it, and FTP_PASSWORD is not set.");
    return show(s.client.send_password(*password), "PASS");
}

outcome pasv(session& s, const typed_command& typed)
{
    use_data_mode(s, data_mode::passive);
    return send_as_it_is(s, typed);
}

outcome port(session& s, const typed_command& typed)
{
    use_data_mode(s, data_mode::active);
    return typed.arguments.empty() ? outcome::done : send_as_it_is(s, typed);
}

outcome passive(session& s, const typed_command& typed)
{
    const auto wish = typed.argument(0);
    if (wish.empty())
        return use_data_mode(s, s.data_mode == data_mode::passive ? data_mode::active : data_mode::passive);
    if (wish == "on")
        return use_data_mode(s, data_mode::passive);
    if (wish == "off")
        return use_data_mode(s, data_mode::active);
    return refuse("Usage: passive [on|off]");
}

outcome type(session& s, const typed_command& typed)
{
    const auto result = send_as_it_is(s, typed);
    const auto letter = typed.argument(0).substr(0, 1);
    if (result == outcome::done && (letter == "A" || letter == "a"))
        s.type = representation_type::ascii;
    if (result == outcome::done && (letter == "I" || letter == "i"))
        s.type = representation_type::image;
    return result;
}

outcome ascii(session& s, const typed_command&)
{
    return use_type(s, representation_type::ascii);
}

outcome binary(session& s, const typed_command&)
{
    return use_type(s, representation_type::image);
}

outcome status(session& s, const typed_command&)
{
    if (s.client.is_connected())
        terminal::say(fmt::format("Connected to {} port {}. {}", s.server->host, s.server->port, describe_tls(s)));
    else
        terminal::say("Not connected.");
    use_data_mode(s, s.data_mode);
    return use_type(s, s.type);
}

outcome tls(session& s, const typed_command&)
{
    terminal::say(describe_tls(s));
    const auto facts = s.client.tls();
    if (!facts)
        return outcome::done;
    terminal::say(fmt::format("  {:<20} {}", "cipher", escape_controls(facts->cipher)));
    if (facts->peer)
        print_certificate(*facts->peer);
    return outcome::done;
}

outcome ccc(session& s, const typed_command& typed)
{
    return show(s.client.clear_control(), typed.name);
}

outcome quote(session& s, const typed_command& typed)
{
    return show(s.client.command(typed.argument(0),
                                 fmt::format("{}", fmt::join(typed.arguments.begin() + 1, typed.arguments.end(), " "))),
                typed.name);
}

outcome remote_help(session& s, const typed_command& typed)
{
    return show(s.client.command("HELP", typed.argument(0)), "HELP");
}

outcome send_as_it_is(session& s, const typed_command& typed)
{
    const std::string verb{typed.row->names.front()};
    return show(s.client.command(verb, typed.argument(0)), typed.name);
}

} // namespace commands
