// Commands on names: PWD, CWD, CDUP, MKD, RMD, DELE, RNFR, RNTO, SIZE, MDTM, MLST (RFC 959 4.1, RFC 3659).
#include <libftp/session/server_session.hpp>

#include "server_session_request.hpp"

#include <libftp/protocol/reply.hpp>
#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <utility>

namespace libftp {

namespace {

/// `"/a ""b"""`: quotes around, quotes inside doubled (RFC 959 appendix II).
std::string quoted(std::string_view path)
{
    std::string text = "\"";
    for (const char c : path) {
        text += c;
        if (c == '"')
            text += c;
    }
    return text += '"';
}

} // namespace

/// The path that an argument names, or nothing after a reply that says why not.
std::optional<store_path> server_session::resolve(std::string_view argument)
{
    auto path = directory_.resolve(argument);
    if (path)
        return std::move(*path);
    reply(to_reply_code(path.error()), to_reply_text(path.error()));
    return std::nullopt;
}

void server_session::call_store(verb asked, store_request wanted)
{
    pending_verb_ = asked;
    enter(phase::calling_store);
    pending_ = request(action::call_store{op_id::none, account_->store, std::move(wanted)});
}

void server_session::handle_pwd()
{
    reply(reply_code::pathname_created, quoted(directory_.string()) + " is the current directory.");
}

void server_session::handle_name(const command& c)
{
    const auto asked = c.row->verb;
    auto path = asked == verb::cdup  ? std::optional{directory_.parent()}
                : c.argument.empty() ? std::optional{directory_}
                                     : resolve(c.argument);
    if (!path)
        return;
    if (asked == verb::size && type_ == representation::ascii)
        return reply(reply_code::file_unavailable, "SIZE is known in TYPE I only.");
    pending_path_ = *path;
    switch (asked) {
    case verb::mkd: return call_store(asked, store_call::make_directory{std::move(*path)});
    case verb::rmd: return call_store(asked, store_call::remove_directory{std::move(*path)});
    case verb::dele: return call_store(asked, store_call::remove_file{std::move(*path)});
    default: return call_store(asked, store_call::stat{std::move(*path)});
    }
}

void server_session::handle_rnto(const command& c)
{
    auto from = std::exchange(rename_from_, std::nullopt);
    if (!from)
        return reply(reply_code::bad_sequence, "Send RNFR first.");
    if (auto to = resolve(c.argument))
        call_store(verb::rnto, store_call::rename{std::move(*from), std::move(*to)});
}

void server_session::store_call_ended(store_response response)
{
    enter(phase::ready);
    if (!response)
        return reply(to_reply_code(response.error()), to_reply_text(response.error()));
    if (const auto* info = std::get_if<file_info>(&*response))
        return answer_stat(*info);
    switch (pending_verb_) {
    case verb::mkd: return reply(reply_code::pathname_created, quoted(pending_path_.string()) + " is made.");
    case verb::rnto: return reply(reply_code::file_action_ok, "Renamed.");
    default: return reply(reply_code::file_action_ok, "Removed.");
    }
}

void server_session::answer_stat(const file_info& info)
{
    switch (pending_verb_) {
    case verb::cwd:
    case verb::cdup:
        if (!info.is_directory())
            return reply(reply_code::file_unavailable, to_reply_text(store_errc::not_a_directory));
        directory_ = pending_path_;
        return reply(reply_code::file_action_ok, "The directory is now " + quoted(directory_.string()) + ".");
    case verb::rnfr:
        rename_from_ = pending_path_;
        return reply(reply_code::file_action_pending, "Send the new name by RNTO.");
    case verb::size:
        if (info.type != file_type::file || !info.size)
            return reply(reply_code::file_unavailable, to_reply_text(store_errc::not_a_file));
        return reply(reply_code::file_status, fmt::format("{}", *info.size));
    case verb::mdtm:
        if (!info.modified)
            return reply(reply_code::file_unavailable, "Its time is not known.");
        return reply(reply_code::file_status, format_timestamp(*info.modified));
    default: {
        multiline_reply lines{output_, reply_code::file_action_ok, "Facts of " + pending_path_.string()};
        std::string facts;
        append_facts(facts, info, facts_chosen_, account_->allowed, pending_path_.string());
        lines.line(facts);
        lines.last("End.");
        return observer_.replied(facts_, to_int(reply_code::file_action_ok), facts);
    }
    }
}

} // namespace libftp
