// A local name never comes from more than the last component of a remote one; that is for the callers to see to.
#include "transfers.hpp"

#include "../common/quantities.hpp"
#include "local_names.hpp"
#include "terminal.hpp"
#include "transfer_summary.hpp"

#include <libftp/net/now.hpp>
#include <libftp/session/task_group.hpp>
#include <libftp/store/disk_store.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/store/single_file.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>

using namespace libftp;

namespace {

/// Why what is there cannot be the beginning of the whole. Sizes that nobody tells are empty.
outcome refuse_beginning(session& s, std::string_view name, std::optional<std::uint64_t> there,
                         std::optional<std::uint64_t> whole)
{
    const auto* const how = !there || !whole ? "larger or older" : *there > *whole ? "larger" : "older";
    return s.refuse(cause::transfer, fmt::format("{}: what is to be continued is {} than the whole.", name, how));
}

std::optional<std::uint64_t> remote_size(session& s, const std::string& path)
{
    const auto found = s.client.stat(path);
    return found && !found->size_is_rounded ? found->size : std::nullopt;
}

template <class Transfer>
client_result<transfer_result> run_told(session& s, const transfer_notice& notice, transfer_options options,
                                        Transfer transfer)
{
    s.out.began(notice);
    auto made = transfer(watched(s, notice, std::move(options)));
    if (!made)
        s.out.stopped(notice);
    return made;
}

outcome finish(session& s, const transfer_notice& notice, const client_result<transfer_result>& made)
{
    if (!made)
        return refuse_transfer(s, notice.name, made.error());
    if (!was_there_already(*made))
        s.out.reply(s.last_transfer_reply);
    s.out.transferred(notice, *made);
    return outcome::done;
}

transfer_notice download_notice(const std::string& remote, const std::string& local)
{
    return {.name = remote, .local = local, .remote = remote, .direction = transfer_direction::download};
}

transfer_notice upload_notice(const std::string& local, const std::string& remote)
{
    return {.name = local, .local = local, .remote = remote, .direction = transfer_direction::upload};
}

/// Why a file was not continued. What has come stays.
outcome refuse_continued(session& s, const transfer_notice& notice, std::string_view command,
                         const operation_error& error)
{
    if (error.code == protocol_errc::canceled)
        return s.refuse(
            cause::interrupted,
            fmt::format("{}: the transfer was interrupted; {} -c goes on behind what is there.", notice.name, command));
    if (error.code == protocol_errc::not_supported)
        return s.refuse(cause::refused, fmt::format("{}: the server does not tell its size, and without that it cannot "
                                                    "be continued.",
                                                    notice.remote));
    return s.refuse(notice.name, error);
}

outcome refuse_continuing_text(session& s)
{
    return s.refuse(cause::usage, "Only binary transfers can be continued: type binary before.");
}

/// Files with names that the server chose, in a directory that the user chose: a link that has such a name leads
/// nowhere.
class chosen_directory {
public:
    explicit chosen_directory(const session& s) : s_(s) {}

    result<std::shared_ptr<file_place>> place(const std::string& local)
    {
        const auto path = to_path(s_.local(local));
        auto name = store_path{}.resolve(to_name(path.filename()));
        if (!name)
            return name.error();
        if (!store_ || path.parent_path() != path_) {
            auto opened = disk_store::open(to_name(path.parent_path()), link_rule::refuse);
            if (!opened)
                return opened.error();
            store_ = *std::move(opened);
            path_ = path.parent_path();
        }
        return make_store_place(store_, *std::move(name));
    }

private:
    const session& s_;
    std::filesystem::path path_{};
    std::shared_ptr<file_store> store_{};
};

/// A batch while it runs.
struct running_batch {
    session& s;
    chosen_directory directory{s};
    batch_result result{};

    void add(const planned_transfer& file, const batch_options& how, task_group& group)
    {
        const auto& notice = file.notice;
        auto options = watched(s, notice, {.existing = how.existing});
        const auto begins = [this, &notice] { s.out.began(notice); };
        const auto ended = [this, &notice](const client_result<transfer_result>& made) { end(notice, made); };
        if (notice.direction == transfer_direction::upload) {
            group.add(std::make_unique<upload_task>(make_local_place(s.local(notice.local)), notice.remote,
                                                    std::move(options)),
                      begins, ended);
            return;
        }
        // A listing for programs would have told it.
        options.keeps_time = file.known.modified || file.known.by != size_source::facts;
        auto place = directory.place(notice.local);
        if (place)
            group.add(std::make_unique<download_task>(notice.remote, *std::move(place), std::move(options), file.known),
                      begins, ended);
        else
            end(notice, operation_error{.code = place.error(), .step = operation_step::near_end});
    }

    void end(const transfer_notice& notice, const client_result<transfer_result>& made)
    {
        if (made) {
            ++result.files;
            result.bytes += made->bytes;
            return s.out.transferred(notice, *made);
        }
        s.out.stopped(notice);
        if (made.error().code == protocol_errc::canceled)
            return;
        ++result.failures;
        s.refuse(notice.name, made.error());
    }
};

batch_plan plan_of(const std::vector<planned_transfer>& files)
{
    batch_plan plan{.files = files.size(), .bytes = 0};
    for (const auto& each : files)
        plan.bytes = plan.bytes && each.known.size ? std::optional{*plan.bytes + *each.known.size} : std::nullopt;
    return plan;
}

} // namespace

outcome download(session& s, const std::string& remote, const std::string& local, transfer_options options)
{
    const auto notice = download_notice(remote, local);
    const bool is_in_one_piece = options.segments == 1;
    const auto made = run_told(s, notice, std::move(options), [&](const transfer_options& all) {
        return s.client.download(remote, s.local(local), all);
    });
    if (made && !is_in_one_piece) {
        s.out.transferred(notice, *made); // of the many replies none is that of the whole
        return outcome::done;
    }
    if (!made && cause_of(made.error()) == cause::local)
        return refuse_local(s, local, made.error().code);
    return finish(s, notice, made);
}

outcome continue_download(session& s, const std::string& remote, const std::string& local)
{
    std::error_code error;
    const auto there = std::filesystem::file_size(to_path(s.local(local)), error);
    if (error && error != std::errc::no_such_file_or_directory)
        return refuse_local(s, local, error);
    if (s.type != representation_type::image)
        return error ? download(s, remote, local) : refuse_continuing_text(s);
    const auto notice = download_notice(remote, local);
    const auto made = run_told(s, notice, {.existing = existing_file::resume}, [&](const transfer_options& options) {
        return s.client.download(remote, s.local(local), options);
    });
    if (!made && made.error().code == protocol_errc::changed_meanwhile)
        return refuse_beginning(s, remote, there, remote_size(s, remote));
    if (!made)
        return refuse_continued(s, notice, "get", made.error());
    return finish(s, notice, made);
}

outcome upload(session& s, const std::string& local, const std::string& remote, transfer_options options)
{
    return upload(s, upload_notice(local, remote), std::move(options));
}

outcome upload(session& s, const transfer_notice& notice, transfer_options options)
{
    const auto made = run_told(s, notice, std::move(options), [&](const transfer_options& all) {
        return s.client.upload(s.local(notice.local), notice.remote, all);
    });
    if (!made && cause_of(made.error()) == cause::local)
        return refuse_local(s, notice.local, made.error().code);
    return finish(s, notice, made);
}

outcome upload_input(session& s, const std::string& remote, transfer_options options)
{
    if (!s.has_input)
        return s.refuse(cause::usage, "Standard input is where the commands come from; with -c, or as ftp-client put - "
                                      "URL, it can be what is uploaded. A file of the name - is ./- here.");
    const terminal::interruptible_input input;
    const auto notice = upload_notice("-", remote);
    const auto made = run_told(s, notice, std::move(options), [&](const transfer_options& all) {
        return s.client.upload(make_callback_reader(terminal::read_bytes), remote, all);
    });
    return finish(s, notice, made);
}

outcome continue_upload(session& s, const std::string& local, const std::string& remote)
{
    std::error_code error;
    const auto whole = std::filesystem::file_size(to_path(s.local(local)), error);
    if (error)
        return refuse_local(s, local, error);
    if (s.type != representation_type::image)
        return refuse_continuing_text(s);
    const auto notice = upload_notice(local, remote);
    const auto made = run_told(s, notice, {.existing = existing_file::resume}, [&](const transfer_options& options) {
        return s.client.upload(s.local(local), remote, options);
    });
    if (!made && made.error().code == protocol_errc::changed_meanwhile)
        return refuse_beginning(s, local, remote_size(s, remote), whole);
    if (!made && made.error().code == store_errc::is_a_directory && made.error().step != operation_step::near_end)
        return s.refuse(remote, made.error());
    if (!made)
        return refuse_continued(s, notice, "put", made.error());
    return finish(s, notice, made);
}

outcome transfer_all(session& s, const std::vector<planned_transfer>& files, const batch_options& how)
{
    if (how.existing == existing_file::resume && s.type != representation_type::image)
        return refuse_continuing_text(s);
    running_batch batch{s};
    task_group group{how.parallel};
    for (const auto& each : files)
        batch.add(each, how, group);
    s.out.batch_began(plan_of(files));
    const auto start = net::now();
    const auto ran = s.client.run_task(group, how.parallel);
    batch.result.time = net::now() - start;
    s.out.batch_ended(batch.result);
    if (!ran)
        return s.refuse(cause_of(ran.error()),
                        ran.error().code == protocol_errc::canceled
                            ? fmt::format("The transfers were interrupted: {} of {} files are done.",
                                          batch.result.files, files.size())
                            : ran.error().message());
    return batch.result.failures == 0 ? outcome::done : outcome::failed;
}

transfer_options watched(session& s, const transfer_notice& notice, transfer_options options)
{
    options.type = s.type;
    options.rate = s.rate;
    options.retry.attempts = s.attempts.value_or(options.retry.attempts);
    // An upload would have to ask the server for it behind each file.
    options.keeps_time = notice.direction == transfer_direction::download;
    // Who hears of progress is told the size before: by that, too, a download is found out that has come in part.
    options.progress = [&s, &notice](const transfer_progress& made) {
        if (s.out.wants_progress())
            s.out.progressed(notice, made);
    };
    return options;
}

std::optional<unsigned> read_count(session& s, std::string_view option, const std::optional<std::string>& value,
                                   unsigned otherwise)
{
    if (!value)
        return otherwise;
    const auto count = parse_number<unsigned>(*value);
    if (count && *count >= 1 && *count <= 100)
        return count;
    s.refuse(cause::usage, fmt::format("{} {}: this is not a number from 1 to 100.", option, *value));
    return std::nullopt;
}

outcome refuse_transfer(session& s, const std::string& name, const operation_error& error)
{
    if (error.code == protocol_errc::canceled)
        return s.refuse(cause::interrupted, fmt::format("{}: the transfer was interrupted.", name));
    return s.refuse(name, error);
}

outcome refuse_name(session& s, std::string_view path)
{
    return s.refuse(cause::usage, fmt::format("{} does not end in the name of a file.", path));
}

outcome refuse_local(session& s, std::string_view path, const std::error_code& error)
{
    return s.refuse(cause::local, fmt::format("The local file {}: {}", path, error.message()));
}
