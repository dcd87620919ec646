// Sorts failures by what a script could do about them.
#include "reporter.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <cstdio>

using namespace libftp;

std::string_view to_string(cause why) noexcept
{
    switch (why) {
    case cause::none: return "none";
    case cause::refused: return "refused";
    case cause::usage: return "usage";
    case cause::connection: return "connection";
    case cause::login: return "login";
    case cause::tls: return "tls";
    case cause::local: return "local";
    case cause::transfer: return "transfer";
    case cause::timed_out: return "timed_out";
    case cause::interrupted: break;
    }
    return "interrupted";
}

cause cause_of(const operation_error& error)
{
    using enum operation_step;
    using enum protocol_errc;
    const auto& code = error.code;
    if (code == canceled)
        return cause::interrupted;
    if (code == timed_out || code == std::errc::timed_out)
        return cause::timed_out;
    if (code == tls_errc::truncated)
        return cause::transfer;
    if (error.step == tls || code.category() == tls_category() || code == tls_refused || code == plaintext_received)
        return cause::tls;
    if (code == argument_invalid)
        return cause::usage;
    const bool ended_session = error.session == session_state::closed &&
                               (code == reply_malformed || code == reply_too_long || code == reply_unexpected);
    if (error.step == resolve || error.step == connect || error.step == greeting || code == not_connected ||
        code == connection_closed || code == service_closing || ended_session)
        return cause::connection;
    if (error.step == user || error.step == password || error.step == account)
        return cause::login;
    if (error.step == near_end)
        return cause::local;
    if (error.answer.code == to_int(reply_code::transfer_aborted))
        return cause::transfer;
    if (code == refused_transiently || code == refused_permanently || code == not_supported)
        return cause::refused;
    if (error.step == data_connection || error.step == transfer || error.step == confirmation ||
        error.step == verification || error.step == data_address)
        return cause::transfer;
    if (code == changed_meanwhile || code == verification_failed || code == transfer_incomplete)
        return cause::transfer;
    // The store's words are for what the server has, too.
    const bool is_of_server = code.category() == protocol_category() || code.category() == store_category();
    return is_of_server ? cause::refused : cause::connection;
}

void reporter::trace(std::string_view line)
{
    std::fputs(fmt::format("{}\n", line).c_str(), stderr); // which may be closed, and nobody could be told
}

void reporter::error(cause why, std::string_view sentence)
{
    if (first_failure_ == cause::none)
        first_failure_ = why;
    show_error(why, sentence);
}
