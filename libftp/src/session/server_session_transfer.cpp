// A transfer from its store's answer to its last reply (RFC 959 5.4).
#include <libftp/session/server_session.hpp>

#include "limited_reader.hpp"
#include "server_session_request.hpp"

#include <libftp/error.hpp>
#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <utility>

namespace libftp {

namespace {

std::error_code canceled()
{
    return std::make_error_code(std::errc::operation_canceled);
}

} // namespace

void server_session::transfer_opened(store_response response)
{
    if (!response && response.error() == store_errc::already_exists && !job_->unique_name.empty()) {
        auto asked = take_unique_name(*job_);
        if (asked) {
            pending_ = request(action::call_store{op_id::none, account_->store, *std::move(asked)});
            return;
        }
        response = asked.error();
    }
    if (!response) {
        const auto& error = response.error();
        if (error == store_errc::offset_invalid && job_->length) { // a range behind the end is empty
            job_->length = 0;
            pending_ = request(
                action::call_store{op_id::none, account_->store, store_call::open_read{job_->path, job_->offset = 0}});
            return;
        }
        const bool is_no_directory = job_->kind == transfer_kind::listing && error == store_errc::not_a_directory;
        return end_transfer(transfer_end::store_failed,
                            is_no_directory ? reply_code::argument_error : to_reply_code(error), to_reply_text(error),
                            error);
    }
    if (auto* reader = std::get_if<std::unique_ptr<file_reader>>(&*response))
        job_->source = std::move(*reader);
    else if (auto* writer = std::get_if<std::unique_ptr<file_writer>>(&*response))
        job_->sink = std::move(*writer);
    if (!job_->source && !job_->sink)
        return end_transfer(transfer_end::store_failed, reply_code::local_error, "The store gave no file.", {});
    if (job_->source && job_->length)
        job_->source = std::make_unique<limited_reader>(std::move(job_->source), *job_->length);

    switch (data_) {
    case data_state::addressed: {
        const bool wants_port = options_.active_from == active_port::control_port_minus_one && local_.port > 1;
        const auto port = wants_port ? static_cast<std::uint16_t>(local_.port - 1) : std::uint16_t{0};
        data_ = data_state::connecting;
        data_id_ = request(action::connect_data{op_id::none, data_address_, port});
        return enter(phase::connecting);
    }
    case data_state::connected: return use_data_connection();
    case data_state::kept:
        job_->is_protected = protects_data_;
        announce_transfer();
        return start_transfer();
    case data_state::listening: announce_transfer(); return enter(phase::connecting);
    default:
        return end_transfer(transfer_end::no_connection, reply_code::cannot_open_data_connection,
                            "The data connection is gone.", {});
    }
}

/// The data connection is there: bytes move, after a handshake if they are to be protected.
void server_session::use_data_connection()
{
    announce_transfer();
    protects_data_ ? secure_data_connection() : start_transfer();
}

/// Sends 150, or 125 over a connection that was kept; once. Clients read the size from it, so it tells only an exact
/// one: where bytes travel as they are.
void server_session::announce_transfer()
{
    if (std::exchange(job_->is_announced, true))
        return;
    const auto size = job_->source && job_->coding.is_plain() ? job_->source->remaining() : std::nullopt;
    job_->began = facts_.now;
    observer_.transfer_began(facts_, job_->kind, job_->path);
    const bool is_kept = data_ == data_state::kept;
    if (!job_->unique_name.empty())
        reply(is_kept ? reply_code::data_connection_already_open : reply_code::opening_data_connection,
              fmt::format("FILE: {}", job_->unique_name)); // RFC 1123 4.1.2.9
    else if (is_kept)
        reply(reply_code::data_connection_already_open, "The data connection is open already.");
    else if (job_->kind == transfer_kind::listing)
        reply(reply_code::opening_data_connection, "Opening data connection for a listing.");
    else if (size)
        reply(reply_code::opening_data_connection,
              fmt::format("Opening data connection for {} ({} bytes).", job_->path.name(), *size));
    else
        reply(reply_code::opening_data_connection, fmt::format("Opening data connection for {}.", job_->path.name()));
}

void server_session::start_transfer()
{
    // A few compressed bytes may become very many: no work for a thread that serves other sessions.
    const bool expands =
        job_->sink && (job_->coding.mode == transfer_mode::deflate || job_->coding.mode == transfer_mode::compressed);
    const bool may_block = account_->store->blocks() || expands;
    const bool seldom_slow = account_->store->is_seldom_slow() && !expands;
    auto coding = job_->coding;
    // A listing's lines end in CRLF already; only records need to know of them.
    if (job_->kind == transfer_kind::listing && coding.structure == file_structure::file)
        coding.type = representation_type::image;
    const auto& shared = options_.shared_rates;
    const auto& user = account_->rates;
    if (job_->source)
        pending_ = request(action::send_data{op_id::none,
                                             make_coding_reader(std::move(job_->source), coding, job_->offset),
                                             may_block,
                                             {rates_.download, user.download, shared.download},
                                             seldom_slow,
                                             coding.keeps_connection});
    else
        pending_ = request(action::receive_data{op_id::none,
                                                make_decoding_writer(std::move(job_->sink), coding, job_->offset),
                                                may_block,
                                                {rates_.upload, user.upload, shared.upload},
                                                seldom_slow,
                                                coding.keeps_connection});
    enter(phase::transferring);
}

void server_session::transfer_progressed(op_id id, std::uint64_t bytes, clock::time_point now)
{
    facts_.now = now;
    // TLS adds bytes of its own, so the count may seem to go back.
    if (id != pending_ || phase_ != phase::transferring || bytes <= job_->bytes)
        return;
    count_moved(bytes);
    enter(phase::transferring);
}

void server_session::count_moved(std::uint64_t bytes)
{
    if (bytes > job_->bytes)
        observer_.transfer_progressed(facts_, job_->kind, bytes - job_->bytes);
    job_->bytes = bytes;
}

void server_session::transfer_held(op_id id, clock::time_point now)
{
    facts_.now = now;
    if (id == pending_ && phase_ == phase::transferring)
        enter(phase::transferring);
}

void server_session::transfer_marked(op_id id, const restart_mark& mark, clock::time_point now)
{
    facts_.now = now;
    // Only a file written in place, from a known offset on, can be resumed at a mark. A new file is discarded when the
    // upload ends early, so the old one would be resumed; what is appended counts from an end that nobody knows.
    const bool is_lasting = phase_ == phase::transferring && job_->offset != 0;
    // A peer that sends marks and takes no replies must not make these grow.
    if (id == pending_ && is_lasting && output().size() <= options_.max_output_bytes)
        reply(reply_code::restart_marker, fmt::format("MARK {} = {}", mark.text, mark.offset));
}

void server_session::transfer_finished(op_id id, const transfer_outcome& outcome, clock::time_point now)
{
    facts_.now = now;
    if (id != pending_ || !job_)
        return;
    pending_ = op_id::none;
    count_moved(outcome.bytes);
    const bool is_kept =
        outcome.fault == transfer_fault::none && job_->coding.keeps_connection && data_ != data_state::none;
    data_ = is_kept ? data_state::kept : data_state::none;
    const auto& error = outcome.error;
    switch (outcome.fault) {
    case transfer_fault::none:
        // 226 would say that the data connection is closed (RFC 959 3.3).
        end_transfer(transfer_end::completed,
                     is_kept ? reply_code::file_action_ok : reply_code::closing_data_connection,
                     job_->unique_name.empty() ? std::string{"Transfer complete."}
                                               : fmt::format("Transfer complete: {}", job_->unique_name),
                     {});
        break;
    case transfer_fault::connection:
        end_transfer(transfer_end::connection_broken, reply_code::transfer_aborted, "The data connection broke.",
                     error);
        break;
    case transfer_fault::store:
        if (error == protocol_errc::transfer_malformed)
            end_transfer(transfer_end::malformed, reply_code::transfer_aborted,
                         "The data is not as MODE and STRU have it.", error);
        else if (error == protocol_errc::transfer_incomplete)
            end_transfer(transfer_end::malformed, reply_code::transfer_aborted, "The data ended without its end mark.",
                         error);
        else
            end_transfer(transfer_end::store_failed, to_reply_code(error), to_reply_text(error), error);
        break;
    case transfer_fault::canceled:
        if (job_->stopped == stop_reason::stalled)
            end_transfer(transfer_end::stalled, reply_code::transfer_aborted, "The data connection stalled.",
                         std::make_error_code(std::errc::timed_out));
        else
            end_transfer(job_->stopped == stop_reason::abor ? transfer_end::aborted : transfer_end::session_ended,
                         reply_code::transfer_aborted, "Transfer aborted.", canceled());
        break;
    }
    advance();
}

/// Gives up a transfer. If bytes move already, the host is asked to stop and its report awaited: the transfer may have
/// been completed before.
void server_session::stop_transfer(stop_reason reason)
{
    job_->stopped = reason;
    if (phase_ == phase::transferring) {
        drop_data_connection();
        return enter(phase::aborting);
    }
    end_transfer(reason == stop_reason::abor ? transfer_end::aborted : transfer_end::session_ended,
                 reply_code::transfer_aborted, "Transfer aborted.", canceled());
}

/// The last reply of a transfer, and what was put off until then. What was not handed to the host is discarded.
void server_session::end_transfer(transfer_end end, reply_code code, std::string_view text, std::error_code error)
{
    // One that is kept serves on where nothing is left of this transfer on it.
    const bool sends = job_->kind == transfer_kind::download || job_->kind == transfer_kind::listing;
    const bool is_unused = phase_ == phase::opening && sends;
    const bool stays = data_ == data_state::kept && (end == transfer_end::completed || is_unused);
    if (!stays)
        drop_data_connection();
    const auto job = std::move(job_);
    enter(phase::ready);
    hooked_ = std::move(job->command);
    reply(code, text);
    report(*job, end, to_int(code), error);
    if (job->stopped == stop_reason::abor) {
        hooked_ = std::move(job->abor);
        reply(reply_code::closing_data_connection, "ABOR is done.");
    }
    if (quitting_) {
        close(close_reason::quit);
    } else if (shut_down_at_) {
        say_goodbye();
    }
}

void server_session::report(transfer_job& job, transfer_end end, int reply_code, std::error_code error)
{
    if (job.sink)
        job.sink->discard(error);
    observer_.transfer_ended(facts_, {job.kind, end, job.path, job.coding, job.offset, job.bytes,
                                      facts_.now - job.began, reply_code, error, job.is_protected, job.is_announced});
}

} // namespace libftp
