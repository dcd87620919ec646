// Connects and logs in, with the password from where there is one: the server's URL, the environment, a person.
#include "session.hpp"

#include "terminal.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

using namespace libftp;

namespace {

constexpr std::string_view anonymous = "anonymous";

std::optional<secret> known_password(const session& s, const std::string& user)
{
    if (user == s.server->user && s.server->password)
        return s.server->password->clone();
    if (user == anonymous)
        return secret{"anonymous@"};
    if (s.given_password)
        return s.given_password->clone();
    return std::nullopt;
}

outcome refuse_without_password(std::string_view user)
{
    return refuse(fmt::format("There is no password for {}: set FTP_PASSWORD, or send USER and PASS.", user));
}

outcome refuse_connection(const session& s, const operation_error& error)
{
    const auto advice = s.trust.advice();
    return refuse(fmt::format("Cannot connect to {} port {}: {}{}{}", s.server->host, s.server->port, error.message(),
                              advice.empty() ? "" : ". ", advice));
}

/// As far as a user is known.
outcome log_in_first(session& s)
{
    const auto& user = s.server->user;
    if (user.empty())
        return outcome::done;
    if (terminal::is_interactive() || known_password(s, user))
        return log_in(s, user);
    refuse_without_password(user);
    return outcome::done;
}

} // namespace

session::session(libftp::data_mode mode, tls_wishes tls) : trust(std::move(tls)), data_mode(mode) {}

result<void, std::string> session::begin(tls_use tls)
{
    client = net::client{{.tls = tls, .data_mode = data_mode}};
    client.on_event([this](const client_event& event) {
        if (const auto* done = std::get_if<event::operation_done>(&event)) {
            last_reply = done->answer;
            farewell.reset();
        }
        const auto* received = std::get_if<event::reply_received>(&event);
        if (received && received->answer.code == to_int(reply_code::service_not_available))
            farewell = received->answer;
        if (const auto* sent = std::get_if<event::command_sent>(&event); sent && sent->line.starts_with("USER "))
            user_was_sent = true;
    });
    if (tls == tls_use::off)
        return {};
    if (const auto used = client.use_tls(trust.options()); !used)
        return used.error().text;
    return {};
}

void session::use_data_mode(libftp::data_mode mode)
{
    data_mode = mode;
    client.use_data_mode(mode);
}

std::optional<ftp_url> read_server(std::string_view host_or_url)
{
    if (host_or_url.find("://") == std::string_view::npos) {
        ftp_url server;
        server.host = host_or_url;
        return server;
    }
    auto url = parse_ftp_url(host_or_url);
    if (!url)
        return std::nullopt;
    if (url->user.empty())
        url->user = anonymous;
    return std::move(*url);
}

outcome refuse(std::string_view sentence)
{
    terminal::complain(sentence);
    return outcome::failed;
}

outcome show(const client_result<reply>& answer, std::string_view what)
{
    return answer ? show(*answer) : refuse(fmt::format("{}: {}", what, answer.error().message()));
}

outcome show(const reply& answer)
{
    terminal::say(answer.to_string());
    return outcome::done;
}

outcome connect(session& s, ftp_url server)
{
    disconnect(s);
    // The environment goes before the URL, in which everybody can read the password.
    if (s.given_password && !server.user.empty() && server.user != anonymous)
        server.password = s.given_password->clone();
    auto before = std::exchange(s.server, std::move(server));
    const auto result = reconnect(s);
    if (before && !s.client.is_connected())
        s.server = std::move(before); // a mistyped name is not where CONN goes
    return result;
}

outcome reconnect(session& s)
{
    s.is_logged_in = false;
    s.user_was_sent = false;
    auto& server = *s.server;
    const auto tls = tls_use_for(server, s.trust.wishes());
    if (!tls)
        return refuse(tls.error());
    if (*tls == tls_use::implicit && server.port == ftp_url{}.port)
        server.port = implicit_tls_port;
    if (const auto begun = s.begin(*tls); !begun)
        return refuse(begun.error());
    const auto greeting = s.client.connect(server.host, server.port);
    if (!greeting)
        return refuse_connection(s, greeting.error());
    show(*greeting);
    if (*tls != tls_use::off)
        terminal::say(describe_tls(s));
    if (server.type == 'a')
        s.type = representation_type::ascii;

    const auto result = log_in_first(s);
    if (!s.is_logged_in || server.path.empty())
        return result;
    return show(s.client.command("CWD", server.path), "CWD");
}

std::string describe_tls(const session& s)
{
    const auto facts = s.client.tls();
    return facts ? s.trust.describe(*facts) : "No TLS: commands go in clear.";
}

outcome log_in(session& s, std::string user, std::optional<secret> password)
{
    if (!password)
        password = known_password(s, user);
    if (!password)
        password = terminal::ask_secretly("Password: ");
    if (!password)
        return refuse_without_password(user);
    const auto answer = s.client.login(user, *password);
    s.is_logged_in = answer.has_value();
    s.server->user = user;
    s.server->password = s.is_logged_in ? std::move(password) : std::nullopt;
    return show(answer, fmt::format("The login of {} failed", user));
}

outcome log_in_if_needed(session& s)
{
    if (s.user_was_sent || !s.server->user.empty())
        return outcome::done;
    const auto result = log_in(s, std::string{anonymous});
    if (result != outcome::done)
        terminal::complain("Log in by user NAME.");
    return result;
}

void disconnect(session& s)
{
    if (!s.client.is_connected())
        return;
    s.last_reply = {};
    s.client.quit();
    if (s.last_reply.code != 0)
        show(s.last_reply);
}
