// Opens and closes connections, logs in by hand, and switches between passive and active, ascii and binary.
#include "connection_commands.hpp"

#include "../common/quantities.hpp"
#include "server_name.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

using namespace libftp;

namespace commands {

namespace {

/// An empty `port` is the URL's, or 21.
outcome connect_to(session& s, std::string_view host, std::string_view port)
{
    if (host.empty())
        return s.refuse(cause::usage, "No server is named.");
    auto server = read_server(host, *s.logins);
    if (!server)
        return s.refuse(cause::usage, fmt::format("This is no URL of a server: {}.", fault_of_url(host)));
    if (!port.empty()) {
        const auto number = parse_number<std::uint16_t>(port);
        if (!number || *number == 0)
            return s.refuse(cause::usage, fmt::format("{} is not a port from 1 to 65535.", port));
        server->port = *number;
    }
    return connect(s, std::move(*server));
}

outcome ask_for_server(session& s)
{
    const auto host = terminal::ask("Server: ");
    if (!host || host->empty())
        return s.refuse(cause::usage, "No server is named.");
    const auto port = terminal::ask("Port [21]: ");
    return connect_to(s, *host, port.value_or(""));
}

bool is_one_of(std::span<const std::string_view> verbs, std::string_view verb)
{
    return std::ranges::any_of(verbs, [verb](std::string_view each) { return equal_ignoring_case(verb, each); });
}

/// Whether the server's working directory is another one afterwards.
bool moves(std::string_view verb)
{
    constexpr std::string_view verbs[] = {"CWD", "CDUP", "XCWD", "XCUP", "SMNT"};
    return is_one_of(verbs, verb);
}

bool begins_transfer(std::string_view verb)
{
    constexpr std::string_view verbs[] = {"RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD"};
    return is_one_of(verbs, verb);
}

outcome use_data_mode(session& s, data_mode mode)
{
    s.use_data_mode(mode);
    s.out.say(mode == data_mode::passive ? "Passive mode: data connections are opened by this client."
                                         : "Active mode: data connections are opened by the server.");
    return outcome::done;
}

outcome use_type(session& s, representation_type type)
{
    s.type = type;
    s.out.say(type == representation_type::ascii ? "Files are transferred as text (ascii)."
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
    if (!password && s.logins->given_password())
        password = s.logins->given_password()->clone();
    if (!password)
        password = terminal::ask_secretly("Password: ");
    if (!password)
        return s.refuse(cause::login, "PASS has no password behind it, and FTP_PASSWORD is not set.");
    const auto answer = s.client.send_password(*password);
    if (!answer)
        return s.refuse(cause::login, fmt::format("PASS: {}", answer.error().message()));
    s.out.reply(*answer);
    if (answer->is_completion()) {
        s.has_left_home = false;
        s.known_directory.reset();
    }
    return outcome::done;
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
    return s.refuse(cause::usage, "Usage: passive [on|off]");
}

outcome type(session& s, const typed_command& typed)
{
    auto with_letter = typed;
    auto& asked = with_letter.arguments[0];
    if (equal_ignoring_case(asked, "ascii"))
        asked = "A";
    if (equal_ignoring_case(asked, "binary") || equal_ignoring_case(asked, "image"))
        asked = "I";
    const auto result = send_as_it_is(s, with_letter);
    const auto letter = asked.substr(0, 1);
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
        s.out.print(fmt::format("Connected to {} port {}. {}", s.server->host, s.server->port, describe_tls(s)));
    else
        s.out.print("Not connected.");
    use_data_mode(s, s.data_mode);
    return use_type(s, s.type);
}

outcome tls(session& s, const typed_command&)
{
    s.out.print(describe_tls(s));
    const auto facts = s.client.tls();
    if (!facts)
        return outcome::done;
    s.out.print(fmt::format("  {:<20} {}", "cipher", escape_controls(facts->cipher)));
    if (facts->peer)
        print_certificate(s.out, *facts->peer);
    return outcome::done;
}

outcome ccc(session& s, const typed_command& typed)
{
    return s.acknowledge(s.client.clear_control(), typed.name);
}

outcome quote(session& s, const typed_command& typed)
{
    const auto& verb = typed.arguments[0];
    // The reply to a transfer may take any time; but here nothing is transferred, for want of a data connection.
    if (begins_transfer(verb))
        s.client.set_time_limit(s.time_limit.value_or(client_options{}.reply_limit));
    const auto result = s.show(
        s.client.command(verb, fmt::format("{}", fmt::join(typed.arguments.begin() + 1, typed.arguments.end(), " "))),
        typed.name);
    s.client.set_time_limit(std::nullopt);
    if (result == outcome::done && moves(verb))
        leave_home(s);
    return result;
}

outcome remote_help(session& s, const typed_command& typed)
{
    return s.show(s.client.command("HELP", typed.argument(0)), "HELP");
}

outcome change_directory(session& s, const typed_command& typed)
{
    auto there = typed;
    if (typed.name == "cd" && typed.argument(0) == "-") {
        if (s.remote_directory_before.empty())
            return s.refuse(cause::usage, "There is no directory before this one.");
        there.arguments[0] = s.remote_directory_before;
    }
    auto before = remote_directory(s);
    const auto result = send_as_it_is(s, there);
    if (result == outcome::done) {
        s.remote_directory_before = std::move(before);
        leave_home(s);
    }
    return result;
}

outcome send_as_it_is(session& s, const typed_command& typed)
{
    constexpr std::string_view questions[] = {"PWD", "MDTM", "MLST", "STAT", "SYST", "FEAT", "OPTS", "SITE", "NOOP"};
    const std::string verb{typed.row->names.front()};
    const auto answer = s.client.command(verb, typed.argument(0));
    const bool is_question = std::ranges::find(questions, verb) != std::end(questions);
    return is_question ? s.show(answer, typed.name) : s.acknowledge(answer, typed.name);
}

} // namespace commands
