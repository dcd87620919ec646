// The commands that move bytes: RETR, STOR, APPE, STOU, LIST, NLST, MLSD, and ABOR (RFC 959 4.1.3; RFC 1123 4.1.2.9;
// RFC 3659 5, 7).
#include <libftp/session/server_session.hpp>

#include "../store/promised_name.hpp"
#include "server_session_request.hpp"

#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <utility>

namespace libftp {

namespace {

constexpr unsigned max_names_tried = 101; // by STOU

} // namespace

/// Whether REST can tell a place in the file: in TYPE A the bytes on the wire are not those of the file, but markers
/// tell offsets in it.
bool server_session::may_restart() const noexcept
{
    return coding_.type == representation_type::image || coding_.mode == transfer_mode::block ||
           coding_.mode == transfer_mode::compressed;
}

void server_session::handle_retr(const command& c)
{
    const auto offset = std::exchange(restart_offset_, 0);
    const auto range = std::exchange(range_, std::nullopt);
    if ((offset != 0 && !may_restart()) || (range && coding_.type == representation_type::ascii))
        return reply(reply_code::parameter_not_implemented, "REST and RANG work in TYPE I.");
    auto path = resolve(c.argument, permission::read);
    if (!path)
        return;
    auto job = std::make_unique<transfer_job>();
    job->path = *path;
    job->offset = range ? range->first : offset;
    if (range)
        job->length = range->end - range->first;
    store_call::open_read asked{std::move(*path), job->offset};
    open_transfer(std::move(job), std::move(asked));
}

void server_session::handle_stor(const command& c, write_mode mode)
{
    const auto offset = std::exchange(restart_offset_, 0);
    if (std::exchange(range_, std::nullopt))
        return reply(reply_code::parameter_not_implemented, "RANG goes with RETR and HASH only.");
    const auto needed = mode == write_mode::append ? permission::append : permission::write;
    if (offset != 0) {
        if (mode == write_mode::append)
            return reply(reply_code::bad_sequence, "APPE writes at the end; REST does not go with it.");
        if (!may_restart())
            return reply(reply_code::parameter_not_implemented, "REST works in TYPE I, or in MODE B and C.");
        mode = write_mode::resume;
    }
    auto path = resolve(c.argument, needed);
    if (!path || (offset != 0 && !may(permission::append, *path)))
        return;
    auto job = std::make_unique<transfer_job>();
    job->kind = mode == write_mode::append ? transfer_kind::append : transfer_kind::upload;
    job->path = *path;
    job->offset = offset;
    open_transfer(std::move(job), store_call::open_write{std::move(*path), {mode, offset, umask_}});
}

/// The argument, which not all clients send, is the name that the unique one begins with.
void server_session::handle_stou(const command& c)
{
    restart_offset_ = 0;
    range_.reset();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(facts_.now.time_since_epoch());
    std::string name{c.argument};
    if (name.empty() || name.ends_with('/'))
        name += fmt::format("{}-{}.upload", format_timestamp(file_time{seconds}), facts_.id);
    auto path = resolve(name, permission::write);
    if (!path)
        return;
    if (!name.ends_with(path->name()) || path->is_root()) // `..` is no beginning of a name
        return reply(reply_code::name_not_allowed, to_reply_text(store_errc::name_not_allowed));
    auto job = std::make_unique<transfer_job>();
    job->kind = transfer_kind::upload;
    job->unique_name = std::move(name);
    auto asked = take_unique_name(*job);
    if (!asked)
        return reply(to_reply_code(asked.error()), to_reply_text(asked.error()));
    open_transfer(std::move(job), *std::move(asked));
}

/// The next of `n`, `n.1`, `n.2` that no other STOU was given: two uploads may run at the same time, and neither has
/// its name in the store before it is complete.
result<store_request> server_session::take_unique_name(transfer_job& job) const
{
    auto& name = job.unique_name;
    while (job.names_tried < max_names_tried) {
        if (job.names_tried > 1)
            name.resize(name.rfind('.')); // with the number of the one before
        if (job.names_tried > 0)
            name += fmt::format(".{}", job.names_tried);
        ++job.names_tried;
        auto path = facts_.directory.resolve(name);
        if (!path)
            return path.error();
        job.promise = promise_name(*account_->store, *path);
        if (!job.promise)
            continue;
        job.path = *path;
        return store_request{store_call::open_write{*std::move(path), {write_mode::create, 0, umask_}}};
    }
    return store_errc::already_exists;
}

/// What is to be listed. The options of ls go with LIST and NLST only.
listing_request server_session::listing_of(listing_form form, std::string_view argument) const
{
    const auto parsed = form == listing_form::facts ? list_argument{{}, argument} : parse_list_argument(argument);
    return {.form = form,
            .directory = facts_.directory,
            .path = std::string{parsed.path},
            .options = parsed.options,
            .facts = facts_chosen_,
            .allowed = account_->allowed,
            .now = file_time{facts_.now.time_since_epoch()},
            .limits = options_.listings};
}

void server_session::handle_listing(const command& c, listing_form form)
{
    restart_offset_ = 0;
    range_.reset();
    auto listing = listing_of(form, c.argument);
    auto path = resolve(listing.path.empty() ? std::string_view{"."} : listing.path, permission::none);
    if (!path)
        return;
    auto job = std::make_unique<transfer_job>();
    job->kind = transfer_kind::listing;
    job->path = std::move(*path);
    open_transfer(std::move(job), store_call::open_listing{std::move(listing)});
}

void server_session::open_transfer(std::unique_ptr<transfer_job> job, store_request asked)
{
    if (!protects_data_ && needed_tls().data)
        return reply(reply_code::protection_needed, offers_tls()
                                                        ? "Data connections need PROT P here."
                                                        : "Data connections need TLS, which is not offered here.");
    if (data_ == data_state::none)
        return reply(reply_code::cannot_open_data_connection, "Use EPSV, PASV, EPRT or PORT first.");
    job_ = std::move(job);
    job_->coding = coding_;
    job_->coding.keeps_connection = keeps_data_connection_ && coding_.mode == transfer_mode::block;
    job_->began = facts_.now;
    job_->command = std::move(hooked_);
    enter(phase::opening);
    pending_ = request(action::call_store{op_id::none, account_->store, std::move(asked)});
}

void server_session::handle_abor()
{
    if (phase_ == phase::working)
        return abort_work();
    if (transfer_runs()) {
        job_->abor = std::move(hooked_);
        return stop_transfer(stop_reason::abor);
    }
    restart_offset_ = 0;
    range_.reset();
    if (data_ == data_state::none || data_ == data_state::addressed) // an address is for the next transfer
        return reply(reply_code::data_connection_open, "There is no transfer to abort.");
    drop_data_connection();
    reply(reply_code::closing_data_connection, "The data connection is closed.");
}

} // namespace libftp
