// Transfers: RETR, STOR, APPE, REST, LIST, NLST, MLSD, ABOR (RFC 959 4.1.3, 5.4; RFC 3659 5, 7).
#include <libftp/session/server_session.hpp>

#include "../protocol/ascii.hpp"
#include "server_session_request.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <utility>

namespace libftp {

namespace {

/// The path in the argument of LIST and NLST: words that begin with a dash are options of ls, which clients send from
/// habit. A file with such a name is reached as `./-name`.
std::string_view without_options(std::string_view argument)
{
    while (argument.starts_with('-')) {
        const auto end = argument.find(' ');
        argument.remove_prefix(end == std::string_view::npos ? argument.size() : end + 1);
    }
    return argument;
}

std::error_code canceled()
{
    return std::make_error_code(std::errc::operation_canceled);
}

} // namespace

void server_session::handle_rest(const command& c)
{
    const auto offset = ascii::parse_number<std::uint64_t>(c.argument);
    if (!offset)
        return reply(reply_code::argument_error, "REST takes a number of bytes.");
    restart_offset_ = *offset;
    reply(reply_code::file_action_pending, fmt::format("Restarting at {}. Send RETR or STOR.", *offset));
}

void server_session::handle_retr(const command& c)
{
    const auto offset = std::exchange(restart_offset_, 0);
    if (offset != 0 && type_ == representation::ascii)
        return reply(reply_code::parameter_not_implemented, "REST works in TYPE I only.");
    if (auto path = resolve(c.argument))
        open_transfer(transfer_kind::download, *path, store_call::open_read{*path, offset});
}

void server_session::handle_stor(const command& c, write_mode mode)
{
    const auto offset = std::exchange(restart_offset_, 0);
    if (offset != 0) {
        if (mode == write_mode::append)
            return reply(reply_code::bad_sequence, "APPE writes at the end; REST does not go with it.");
        if (type_ == representation::ascii)
            return reply(reply_code::parameter_not_implemented, "REST works in TYPE I only.");
        if (!account_->allowed.allows(permission::append))
            return reply(reply_code::file_unavailable, "Permission denied.");
        mode = write_mode::resume;
    }
    const auto kind = mode == write_mode::append ? transfer_kind::append : transfer_kind::upload;
    if (auto path = resolve(c.argument))
        open_transfer(kind, *path, store_call::open_write{*path, mode, offset});
}

void server_session::handle_listing(const command& c, listing_form form)
{
    restart_offset_ = 0;
    const auto argument = form == listing_form::facts ? c.argument : without_options(c.argument);
    auto path = argument.empty() ? directory_ : resolve(argument);
    if (!path)
        return;
    open_transfer(transfer_kind::listing, *path, store_call::open_directory{*path});
    if (!job_)
        return;
    job_->form = form;
    if (form == listing_form::names && argument != ".")
        job_->name_prefix = argument;
}

void server_session::open_transfer(transfer_kind kind, store_path path, store_request asked)
{
    if (data_ == data_state::none)
        return reply(reply_code::cannot_open_data_connection, "Use EPSV, PASV, EPRT or PORT first.");
    job_ = std::make_unique<transfer_job>();
    job_->kind = kind;
    job_->path = std::move(path);
    job_->began = now_;
    enter(phase::opening);
    pending_ = request(action::call_store{op_id::none, account_->store, std::move(asked)});
}

void server_session::transfer_opened(store_response response)
{
    const bool is_listing = job_->kind == transfer_kind::listing;
    if (is_listing && !response && response.error() == store_errc::not_a_directory &&
        job_->form != listing_form::facts) {
        pending_ = request(action::call_store{op_id::none, account_->store, store_call::stat{job_->path}});
        return;
    }
    if (!response) {
        const bool is_no_directory = is_listing && response.error() == store_errc::not_a_directory;
        return end_transfer(is_no_directory ? reply_code::argument_error : to_reply_code(response.error()),
                            to_reply_text(response.error()), response.error());
    }
    // Names are such that they can be used as they are (RFC 1123 4.1.2.7): `NLST d` gives d/b.txt.
    auto& prefix = job_->name_prefix;
    if (auto* info = std::get_if<file_info>(&*response)) {
        prefix.resize(prefix.rfind('/') + 1);
        *response = make_single_entry(std::move(*info));
    } else if (!prefix.empty() && !prefix.ends_with('/')) {
        prefix += '/';
    }
    if (auto* reader = std::get_if<std::unique_ptr<file_reader>>(&*response))
        job_->source = std::move(*reader);
    else if (auto* writer = std::get_if<std::unique_ptr<file_writer>>(&*response))
        job_->sink = std::move(*writer);
    else if (auto* directory = std::get_if<std::unique_ptr<directory_reader>>(&*response))
        job_->source = make_listing_reader(std::move(*directory), {job_->form, facts_chosen_, account_->allowed,
                                                                   file_time{now_.time_since_epoch()}, prefix});
    if (!job_->source && !job_->sink)
        return end_transfer(reply_code::local_error, "The store gave no file.", {});

    switch (data_) {
    case data_state::addressed:
        data_ = data_state::connecting;
        data_id_ = request(action::connect_data{op_id::none, data_address_});
        return enter(phase::connecting);
    case data_state::connected: announce_transfer(); return start_transfer();
    case data_state::listening: announce_transfer(); return enter(phase::connecting);
    default: return end_transfer(reply_code::cannot_open_data_connection, "The data connection is gone.", {});
    }
}

/// 150. Clients read the size from it, so it is told where it is exact: not where line ends are converted.
void server_session::announce_transfer()
{
    const bool is_listing = job_->kind == transfer_kind::listing;
    const auto size = job_->source && type_ == representation::image ? job_->source->remaining() : std::nullopt;
    job_->began = now_;
    if (is_listing)
        reply(reply_code::opening_data_connection, "Opening data connection for a listing.");
    else if (size)
        reply(reply_code::opening_data_connection,
              fmt::format("Opening data connection for {} ({} bytes).", job_->path.name(), *size));
    else
        reply(reply_code::opening_data_connection, fmt::format("Opening data connection for {}.", job_->path.name()));
}

void server_session::start_transfer()
{
    const bool converts = type_ == representation::ascii && job_->kind != transfer_kind::listing;
    const bool may_block = account_->store->blocks();
    if (job_->source) {
        auto source = std::move(job_->source);
        pending_ = request(action::send_data{
            op_id::none, converts ? make_ascii_reader(std::move(source)) : std::move(source), may_block});
    } else {
        auto sink = std::move(job_->sink);
        pending_ = request(action::receive_data{
            op_id::none, converts ? make_ascii_writer(std::move(sink)) : std::move(sink), may_block});
    }
    enter(phase::transferring);
}

void server_session::transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now)
{
    now_ = now;
    if (id != pending_ || phase_ != phase::transferring || bytes == job_->bytes)
        return;
    job_->bytes = bytes;
    enter(phase::transferring);
}

void server_session::transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now)
{
    now_ = now;
    if (id != pending_ || !job_)
        return;
    pending_ = op_id::none;
    job_->bytes = outcome.bytes;
    data_ = data_state::none;
    switch (outcome.fault) {
    case transfer_fault::none: end_transfer(reply_code::closing_data_connection, "Transfer complete.", {}); break;
    case transfer_fault::connection:
        end_transfer(reply_code::transfer_aborted, "The data connection broke.", outcome.error);
        break;
    case transfer_fault::store:
        end_transfer(to_reply_code(outcome.error), to_reply_text(outcome.error), outcome.error);
        break;
    case transfer_fault::canceled:
        if (job_->stopped == stop_reason::stalled)
            end_transfer(reply_code::transfer_aborted, "The data connection stalled.",
                         std::make_error_code(std::errc::timed_out));
        else
            end_transfer(reply_code::transfer_aborted, "Transfer aborted.", canceled());
        break;
    }
    advance();
}

void server_session::handle_abor()
{
    if (transfer_runs())
        return stop_transfer(stop_reason::abor);
    restart_offset_ = 0;
    if (data_ == data_state::none)
        return reply(reply_code::data_connection_open, "There is no transfer to abort.");
    drop_data_connection();
    reply(reply_code::closing_data_connection, "The data connection is closed.");
}

/// Gives up a transfer. Where bytes move already, the host is asked to stop and its word awaited: the transfer may have
/// been complete before.
void server_session::stop_transfer(stop_reason reason)
{
    job_->stopped = reason;
    if (phase_ == phase::transferring) {
        drop_data_connection();
        return enter(phase::aborting);
    }
    end_transfer(reply_code::transfer_aborted, "Transfer aborted.", canceled());
}

/// The last reply of a transfer, and what was put off until then. What was not handed to the host is discarded.
void server_session::end_transfer(reply_code code, std::string_view text, std::error_code error)
{
    drop_data_connection();
    const auto job = std::move(job_);
    enter(phase::ready);
    reply(code, text);
    report(*job, to_int(code), error);
    if (job->stopped == stop_reason::abor)
        reply(reply_code::closing_data_connection, "ABOR is done.");
    if (quitting_) {
        close(close_reason::quit);
    } else if (shut_down_at_) {
        reply(reply_code::service_not_available, "The server is shutting down. Goodbye.");
        close(close_reason::shut_down);
    }
}

void server_session::report(const transfer_job& job, int reply_code, std::error_code error)
{
    observer_.transfer_ended(facts_, {job.kind, job.path, job.bytes, now_ - job.began, reply_code, error});
}

} // namespace libftp
