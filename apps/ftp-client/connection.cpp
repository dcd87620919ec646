// Connects and logs in, with the password from where there is one: the server's URL, the environment, .netrc, a person.
#include "session.hpp"

#include "../common/sentence.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <utility>

using namespace libftp;

namespace {

std::optional<secret> known_password(const session& s, const std::string& user)
{
    if (user == s.server->user && s.server->password)
        return s.server->password->clone();
    return s.logins->password_for(s.server->host, user);
}

outcome refuse_without_password(session& s, std::string_view user)
{
    return s.refuse(
        cause::login,
        fmt::format("There is no password for {}: set FTP_PASSWORD, write ~/.netrc, or send USER and PASS.", user));
}

/// Nobody is asked for an account.
outcome refuse_login(session& s, std::string_view user, const operation_error& error)
{
    const auto why = fmt::format("The login of {} failed", user);
    if (error.answer.code != to_int(reply_code::account_needed))
        return s.refuse(why, error);
    return s.refuse(cause_of(error),
                    fmt::format("{}: {} The account can stand in ~/.netrc, or follow USER and PASS by ACCT.", why,
                                as_sentence(error.message())));
}

/// What a person may do about it; empty: nothing comes to mind.
std::string advice_on(const session& s, const operation_error& error)
{
    const bool begins_with_tls = s.tls == tls_use::implicit;
    const bool says_nothing = error.code == protocol_errc::timed_out || s.server->port == implicit_tls_port;
    if (begins_with_tls && (error.code == tls_errc::handshake_failed || error.code == tls_errc::record_invalid))
        return "The server may not begin with TLS at this port: ftpes:// without --implicit asks for it by AUTH.";
    if (!begins_with_tls && error.step == operation_step::greeting && error.answer.code == 0 && says_nothing)
        return "The server may wait for TLS: ftps:// begins with it at port 990, --implicit at any.";
    if (s.server->host.starts_with("fe80:") && s.server->host.find('%') == std::string::npos)
        return "An address of a link is told with its interface: [fe80::1%eth0].";
    if (error.code == tls_errc::certificate_refused)
        return "--cert FILE shows one that an authority has signed which the server trusts.";
    return s.trust.advice();
}

outcome refuse_connection(session& s, const operation_error& error)
{
    const auto advice = advice_on(s, error);
    return s.refuse(cause_of(error), fmt::format("Cannot connect to {} port {}: {}{}{}", s.server->host, s.server->port,
                                                 error.message(), advice.empty() ? "" : ". ", advice));
}

/// As far as a user is known. A script without a password may send USER and PASS itself.
outcome log_in_first(session& s)
{
    const auto& user = s.server->user;
    if (user.empty() || !(terminal::is_interactive() || known_password(s, user)))
        return outcome::done;
    return log_in(s, user);
}

/// How to connect to the session's server. Where TLS was to be had once, whoever refuses it later hears no password.
result<tls_use, std::string> tls_use_now(const session& s)
{
    const auto use = tls_use_for(*s.server, s.trust.wishes());
    return use && *use == tls_use::if_offered && s.tls == tls_use::required ? tls_use::required : use;
}

/// A connection of its own kind, with or without TLS. The greeting.
std::optional<reply> make_connection(session& s)
{
    s.is_logged_in = false;
    s.user_was_sent = false;
    s.is_wanted = false;
    auto& server = *s.server;
    const auto tls = tls_use_now(s);
    if (!tls) {
        s.refuse(cause::usage, tls.error());
        return std::nullopt;
    }
    if (*tls == tls_use::implicit && server.port == ftp_url{}.port)
        server.port = implicit_tls_port;
    if (const auto begun = s.begin(*tls); !begun) {
        s.refuse(cause::tls, begun.error());
        return std::nullopt;
    }
    s.note(fmt::format("connecting to {} port {}", server.host, server.port));
    auto greeting = s.client.connect(server.host, server.port);
    if (!greeting) {
        refuse_connection(s, greeting.error());
        return std::nullopt;
    }
    if (const auto facts = s.client.tls()) {
        s.note(fmt::format("protected by {} with {}", facts->version, facts->cipher));
        if (s.tls == tls_use::if_offered)
            s.tls = tls_use::required;
    }
    s.is_wanted = true;
    return *std::move(greeting);
}

/// Behind so much silence a connection may be gone without anybody having said so.
constexpr std::chrono::seconds idle_time{20};
constexpr std::chrono::seconds probe_limit{10};

/// All is done by then: nobody is to wait longer for a server that says no good-bye.
constexpr std::chrono::seconds farewell_limit{5};

void probe(session& s)
{
    s.client.set_time_limit(probe_limit);
    const auto alive = s.client.keep_alive();
    s.client.set_time_limit(std::nullopt);
    if (!alive && alive.error().code == protocol_errc::timed_out)
        s.client.close();
}

outcome refuse_without_connection(session& s)
{
    if (const auto last_words = std::exchange(s.farewell, std::nullopt))
        return s.refuse(cause::connection,
                        fmt::format("The server has closed the connection: {}", last_words->to_string()));
    return s.refuse(cause::connection, "There is no connection; open or CONN makes one.");
}

} // namespace

outcome connect(session& s, ftp_url server)
{
    disconnect(s);
    // The environment goes before the URL, in which everybody can read the password.
    if (s.logins->given_password() && !server.user.empty() && server.user != anonymous)
        server.password = s.logins->given_password()->clone();
    auto before = std::exchange(s.server, std::move(server));
    const auto tls_before = std::exchange(s.tls, tls_use::off);
    const auto result = reconnect(s);
    if (before && !s.client.is_connected()) {
        s.server = std::move(before); // a mistyped name is not where CONN goes
        s.tls = tls_before;
    }
    return result;
}

outcome reconnect(session& s)
{
    s.known_directory.reset();
    s.has_left_home = false;
    const auto greeting = make_connection(s);
    if (!greeting)
        return outcome::failed;
    s.out.reply(*greeting);
    if (s.tls != tls_use::off)
        s.out.say(describe_tls(s));
    if (s.server->type == 'a')
        s.type = representation_type::ascii;

    const auto result = log_in_first(s);
    if (!s.is_logged_in || s.server->path.empty())
        return result;
    const auto answer = s.client.command("CWD", s.server->path);
    if (!answer && !terminal::is_interactive()) { // whoever sees it may go elsewhere; a script must not
        s.client.close();
        s.is_wanted = false;
    }
    if (!answer)
        return s.refuse("CWD", answer.error());
    s.out.reply(*answer);
    leave_home(s);
    return outcome::done;
}

outcome return_to_place(session& s)
{
    if (!make_connection(s))
        return outcome::failed;
    if (!s.server->user.empty()) {
        const auto password = known_password(s, s.server->user);
        if (!password)
            return refuse_without_password(s, s.server->user);
        const auto account = s.logins->account_for(s.server->host, s.server->user);
        if (const auto answer = s.client.login(s.server->user, *password, account); !answer)
            return refuse_login(s, s.server->user, answer.error());
        s.is_logged_in = true;
    }
    // No command may do elsewhere what was meant for that directory.
    const auto place = s.known_directory.value_or("");
    if (place.empty() && s.has_left_home) {
        s.client.close();
        return s.refuse(cause::connection, "Cannot return to the directory of before, because the server did not tell "
                                           "which it was. CONN connects without it.");
    }
    if (place.empty())
        return outcome::done;
    const auto answer = s.client.command("CWD", place);
    if (answer)
        return outcome::done;
    s.client.close();
    return s.refuse(cause_of(answer.error()), fmt::format("Cannot return to {}: {} CONN connects without it.", place,
                                                          as_sentence(answer.error().message())));
}

outcome keep_connection(session& s)
{
    s.client.catch_up();
    const bool is_in_a_dialogue = s.last_reply.is_intermediate(); // as between RNFR and RNTO
    if (s.client.is_connected() && !is_in_a_dialogue && std::chrono::steady_clock::now() - s.last_used > idle_time)
        probe(s);
    if (s.client.is_connected())
        return outcome::done;
    if (!s.is_wanted || (s.user_was_sent && !s.is_logged_in))
        return refuse_without_connection(s);
    const auto last_words = std::exchange(s.farewell, std::nullopt);
    // Without last words it may have been this client that has ended it, because of a reply that nobody asked for.
    s.out.say(last_words
                  ? fmt::format("The server has closed the connection: {}; connecting again.", last_words->to_string())
                  : "The connection has ended; connecting again.");
    const auto result = return_to_place(s);
    s.is_wanted = true; // the next command may have more luck
    return result;
}

std::string describe_tls(const session& s)
{
    const auto facts = s.client.tls();
    return facts ? s.trust.describe(*s.server, *facts) : "No TLS: commands go in clear.";
}

outcome log_in(session& s, std::string user, std::optional<secret> password)
{
    if (!password)
        password = known_password(s, user);
    if (!password)
        password = terminal::ask_secretly("Password: ");
    if (!password)
        return refuse_without_password(s, user);
    const auto answer = s.client.login(user, *password, s.logins->account_for(s.server->host, user));
    s.is_logged_in = answer.has_value();
    s.server->user = std::move(user);
    s.server->password = s.is_logged_in ? std::move(password) : std::nullopt;
    if (!answer)
        return refuse_login(s, s.server->user, answer.error());
    s.out.reply(*answer);
    s.has_left_home = false;
    s.known_directory.reset();
    return outcome::done;
}

outcome log_in_if_needed(session& s)
{
    if (s.user_was_sent)
        return outcome::done;
    if (!s.server->user.empty())
        return log_in(s, s.server->user);
    const auto result = log_in(s, std::string{anonymous});
    if (result != outcome::done)
        s.refuse(cause::login, "Log in by user NAME.");
    return result;
}

std::string remote_directory(session& s)
{
    if (!s.known_directory) {
        auto last_reply = s.last_reply;
        auto told = s.client.working_directory();
        if (told || told.error().answer.code != 0) // else it may be asked again
            s.known_directory = std::move(told).value_or(std::string{});
        s.last_reply = std::move(last_reply);
    }
    return s.known_directory.value_or(std::string{});
}

void leave_home(session& s)
{
    s.has_left_home = true;
    s.known_directory.reset();
    remote_directory(s);
}

void disconnect(session& s)
{
    s.is_wanted = false;
    s.known_directory.reset();
    s.remote_directory_before.clear();
    s.has_left_home = false;
    if (!s.client.is_connected())
        return;
    s.last_reply = {};
    s.client.set_time_limit(farewell_limit);
    s.client.quit();
    s.client.set_time_limit(std::nullopt);
    if (s.last_reply.code != 0)
        s.out.reply(s.last_reply);
}
