// Which command runs: the rules of its row, a program's own commands and hooks, and the replies (RFC 959 5.3, 5.4).
#include <libftp/session/server_session.hpp>

#include "../protocol/ascii.hpp"
#include "server_session_request.hpp"

#include <libftp/protocol/reply.hpp>

#include <algorithm>
#include <utility>

namespace libftp {

namespace {

constexpr std::string_view secrets[] = {"PASS", "ACCT"};
constexpr std::string_view hidden = "***";

/// Whether it is one of the commands with a secret, or begins like one.
bool begins_with_secret(std::string_view text) noexcept
{
    text = ascii::trimmed(text);
    const auto begins = [text](std::string_view each) { return ascii::starts_with_ignoring_case(text, each); };
    return std::ranges::any_of(secrets, begins);
}

/// Whether bytes may be on their way for it, which the next upload would get over a connection that is kept.
bool may_be_upload(const command& c) noexcept
{
    const auto is = [&c](std::string_view each) { return ascii::equal_ignoring_case(c.name, each); };
    return c.row == nullptr || is("STOR") || is("APPE") || is("STOU");
}

/// What may be logged of a command: never a password, not even one in a mistyped line. So before the login the argument
/// of an unknown command is hidden.
struct shown_command {
    shown_command(const command& c, bool is_logged_in) noexcept : name(c.name), argument(c.argument)
    {
        const auto is = [&c](std::string_view each) { return ascii::equal_ignoring_case(c.name, each); };
        // By name, because a program may have put commands of its own in their place.
        const bool has_secret = std::ranges::any_of(secrets, is);
        const bool is_unknown = c.row == nullptr;
        const bool is_nearly_one =
            !has_secret && (is_unknown || is("SITE")) && (begins_with_secret(name) || begins_with_secret(argument));
        if (is_nearly_one && begins_with_secret(name))
            name = hidden;
        if (!argument.empty() && (has_secret || is_nearly_one || (is_unknown && !is_logged_in)))
            argument = hidden;
    }

    std::string_view name;
    std::string_view argument;
};

} // namespace

void server_session::run(const command& c)
{
    const shown_command told{c, account_ != nullptr};
    observer_.command_received(facts_, told.name, told.argument);
    hooked_.reset();
    if (c.row != nullptr && options_.commands.has_hooks())
        hooked_ = std::make_unique<hooked_command>(hooked_command{c.row, context_of(c)});
    if (c.row == nullptr || c.row->verb != verb::rnto)
        rename_from_.reset();
    if (passes_gate(c))
        dispatch(c);
    if (keeps_data_connection_ && !job_ && may_be_upload(c))
        drop_data_connection();
}

/// Whether the command is there: for this server, and for the account's store.
bool server_session::serves(const command_row& row) const noexcept
{
    if (row.support != support::served || (row.verb == verb::site_who && !options_.list_sessions))
        return false;
    const bool is_for_tls =
        row.verb == verb::auth || row.verb == verb::pbsz || row.verb == verb::prot || row.verb == verb::ccc;
    if (is_for_tls && !offers_tls())
        return false;
    if (account_)
        return account_->store->can(row.ability);
    return row.ability != store_ability::set_created; // no disk can
}

/// Whether the command needs a login first, or is part of a login that needs TLS first.
bool server_session::lacks_login(const command_row& row) const noexcept
{
    if (row.support != support::served || account_)
        return false;
    const bool is_of_login = row.verb == verb::user || row.verb == verb::pass || row.verb == verb::acct;
    return row.login == login_rule::needed || (is_of_login && lacks_tls());
}

bool server_session::passes_gate(const command& c)
{
    const auto* row = c.row;
    if (row == nullptr) {
        reply(reply_code::syntax_error, "Unknown command.");
    } else if (lacks_login(*row)) {
        if (lacks_tls())
            refuse_login_in_clear();
        else
            reply(reply_code::not_logged_in, "Log in with USER and PASS first.");
    } else if (!serves(*row)) {
        reply(reply_code::not_implemented, "This command is not offered.");
    } else if (row->argument == argument_rule::required && c.argument.empty()) {
        reply(reply_code::argument_error, "This command needs an argument; HELP shows which.");
    } else if (row->argument == argument_rule::none && !c.argument.empty()) {
        reply(reply_code::argument_error, "This command takes no argument.");
    } else if (row->needs != permission::none && !(account_ && account_->allowed.allow_somewhere(row->needs))) {
        reply(reply_code::file_unavailable, "Permission denied.");
    } else {
        return row->verb == verb::site || passes_hooks(c);
    }
    return false;
}

bool server_session::passes_hooks(const command& c)
{
    if (!hooked_ || (c.row->verb == verb::abor && is_busy())) // what runs must be free to end
        return true;
    const auto refusal = options_.commands.ask_before(*c.row, hooked_->context);
    if (!refusal)
        return true;
    reply(*refusal);
    return false;
}

command_context server_session::context_of(const command& c) const
{
    const shown_command told{c, account_ != nullptr};
    return {facts_, std::string{told.name}, std::string{told.argument}, account_};
}

void server_session::dispatch(const command& c)
{
    switch (c.row->verb) {
    case verb::abor: return handle_abor();
    case verb::acct: return handle_acct(c);
    case verb::allo: return handle_allo(c);
    case verb::appe: return handle_stor(c, write_mode::append);
    case verb::auth: return handle_auth(c);
    case verb::avbl: return handle_avbl(c);
    case verb::ccc: return handle_ccc();
    case verb::cdup:
    case verb::cwd: return handle_cwd(c);
    case verb::clnt: return handle_clnt(c);
    case verb::comb: return handle_comb(c);
    case verb::csid: return handle_csid(c);
    case verb::dele:
    case verb::rmd: return handle_removal(c);
    case verb::dsiz: return handle_dsiz(c);
    case verb::eprt: return handle_eprt(c);
    case verb::epsv: return handle_epsv(c);
    case verb::feat: return handle_feat();
    case verb::hash:
    case verb::xcrc:
    case verb::xmd5:
    case verb::xsha1:
    case verb::xsha256:
    case verb::xsha512: return handle_digest(c);
    case verb::help: return handle_help(c);
    case verb::host: return handle_host(c);
    case verb::lang: return handle_lang(c);
    case verb::list: return handle_listing(c, listing_form::unix_lines);
    case verb::mdtm: return handle_mdtm(c);
    case verb::mfct:
    case verb::mfmt: return handle_time_setting(c);
    case verb::mff: return handle_mff(c);
    case verb::mkd: return handle_mkd(c);
    case verb::mlsd: return handle_listing(c, listing_form::facts);
    case verb::mlst: return handle_mlst(c);
    case verb::mode: return handle_mode(c);
    case verb::nlst: return handle_listing(c, listing_form::names);
    case verb::noop: return reply(reply_code::ok, "OK.");
    case verb::opts: return handle_opts(c);
    case verb::pass: return handle_pass(c);
    case verb::pasv: return handle_pasv();
    case verb::pbsz: return handle_pbsz(c);
    case verb::port: return handle_port(c);
    case verb::prot: return handle_prot(c);
    case verb::pwd: return handle_pwd();
    case verb::quit: return handle_quit();
    case verb::rang: return handle_rang(c);
    case verb::rein: return handle_rein();
    case verb::rest: return handle_rest(c);
    case verb::retr: return handle_retr(c);
    case verb::rnfr: return handle_rnfr(c);
    case verb::rnto: return handle_rnto(c);
    case verb::site: return handle_site(c);
    case verb::size: return handle_size(c);
    case verb::stat: return handle_stat(c);
    case verb::stor: return handle_stor(c, write_mode::replace);
    case verb::stou: return handle_stou(c);
    case verb::stru: return handle_stru(c);
    case verb::syst: return reply(reply_code::system_type, "UNIX Type: L8");
    case verb::type: return handle_type(c);
    case verb::user: return handle_user(c);
    case verb::own: return handle_own(c);
    default: return; // the gate refuses what is not served
    }
}

void server_session::dispatch_site(const command& c)
{
    switch (c.row->verb) {
    case verb::site_chgrp: return handle_chgrp(c);
    case verb::site_chmod: return handle_chmod(c);
    case verb::site_copy: return handle_copy(c);
    case verb::site_cpfr: return handle_cpfr(c);
    case verb::site_cpto: return handle_cpto(c);
    case verb::site_help: return explain_site(c.argument);
    case verb::site_idle: return handle_idle(c);
    case verb::site_mkdir: return handle_site_mkdir(c);
    case verb::site_rmdir: return handle_site_rmdir(c);
    case verb::site_symlink: return handle_symlink(c);
    case verb::site_umask: return handle_umask(c);
    case verb::site_utime: return handle_utime(c);
    case verb::site_who: return handle_who();
    case verb::own: return handle_own(c);
    default: return;
    }
}

void server_session::handle_site(const command& c)
{
    const auto site = parse_command(c.argument, options_.commands.site_rows());
    if (hooked_ && site.row != nullptr)
        *hooked_ = {site.row, context_of(site)};
    if (passes_gate(site))
        dispatch_site(site);
}

/// A program's own command may take its time: the host runs it.
void server_session::handle_own(const command& c)
{
    start_work({});
    auto context = context_of(c);
    context.argument = c.argument; // secret or not
    pending_ = request(action::run_command{op_id::none, [&handler = options_.commands.handler(*c.row),
                                                         context = std::move(context)] { return handler(context); }});
}

void server_session::command_answered(op_id id, const libftp::reply& answer, clock::time_point now)
{
    facts_.now = now;
    if (id != pending_ || phase_ != phase::working)
        return;
    auto ended = end_work();
    reply(answer);
    answer_abor_of(ended);
    advance();
}

void server_session::reply(reply_code code, std::string_view text)
{
    append_reply(output_, code, text);
    replied(to_int(code), text);
}

void server_session::reply(const libftp::reply& answer)
{
    const auto code = append_reply(output_, answer);
    replied(to_int(code), answer.text());
}

/// Each line of the text is a line of the reply.
void server_session::reply_in_lines(reply_code code, std::string_view text)
{
    libftp::reply answer{.code = to_int(code)};
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        answer.lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    answer.lines.emplace_back(text);
    reply(answer);
}

/// To be called when a whole reply is in the output.
void server_session::replied(int code, std::string_view text)
{
    observer_.replied(facts_, code, text);
    if (!hooked_ || code < 200)
        return;
    const auto done = std::move(hooked_);
    options_.commands.tell_after(*done->row, done->context, code);
}

} // namespace libftp
