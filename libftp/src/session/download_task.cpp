// What a download asks before the first byte, and what it does after the last one.
#include "download.hpp"

#include "file_facts.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace libftp {

namespace {

/// Whether a download in one piece has brought less than SIZE or facts have told. Listings alone are less exact, and
/// what the reply to RETR has announced is more recent.
bool is_cut_short(std::uint64_t size, const known_file& known, const transfer_result& made) noexcept
{
    const bool is_exact = known.by == size_source::size_command || known.by == size_source::facts;
    return is_exact && known.size && size < *known.size && made.verified != verification::size;
}

} // namespace

download::download(std::string path, std::shared_ptr<file_place> place, transfer_options options, known_file known)
    : transfer_steps(std::move(options)), path_(std::move(path)), place_(std::move(place)), known_(known)
{
}

void download::begin()
{
    if (!are_options_sound())
        return fail({protocol_errc::argument_invalid});
    start_ = options().offset;
    if (options().existing == existing_file::resume)
        look_near();
    else
        look_far();
}

bool download::are_options_sound() const noexcept
{
    const auto& asked = options();
    const bool resumes = asked.existing == existing_file::resume;
    // In TYPE A neither size nor offset means the same on both sides.
    if (asked.type == representation_type::ascii && (resumes || asked.verify != verification::none))
        return false;
    return (resumes && asked.offset == 0) || asked.existing == existing_file::replace;
}

void download::look_near()
{
    call([place = place_] { return place->stat(); },
         [this](const result<std::optional<file_info>>& found) {
             if (!found)
                 return fail(near_failure(found.error()));
             near_ = *found;
             if (near_ && near_->type == file_type::file)
                 start_ = near_->size.value_or(0);
             look_far();
         });
}

bool download::needs_facts() const noexcept
{
    const auto& asked = options();
    const bool compares = near_ || asked.retry.attempts > 1 || asked.segments > 1;
    const bool needs_size = compares || asked.verify == verification::size || asked.progress;
    const bool needs_time = compares || asked.keeps_time;
    return (needs_size && !known_.size) || (needs_time && !known_.modified);
}

void download::look_far()
{
    if (!needs_facts())
        return compare();
    look_up(path_, attempt_, [this](client_result<listed_entry> found) {
        if (found)
            learn(*found);
        else
            no_facts_ = std::move(found.error());
        compare();
    });
}

/// What the server does not tell stays as it is known.
void download::learn(const listed_entry& found)
{
    auto facts = to_known(found);
    if (!facts.size) {
        facts.size = known_.size;
        facts.by = known_.by;
    }
    if (!facts.modified) {
        facts.modified = known_.modified;
        facts.precision = known_.precision;
    }
    known_ = facts;
}

void download::compare()
{
    if (near_ && start_ != 0) {
        if (!known_.size)
            return fail(no_facts_.code ? no_facts_ : operation_error{protocol_errc::not_supported});
        // A digest says more than a time.
        const bool is_of_older_file = options().verify != verification::hash && is_newer(known_, near_->modified);
        if (*known_.size < start_ || is_of_older_file)
            return fail(mismatch(protocol_errc::changed_meanwhile));
    }
    ask_hash([this] { open(); });
}

void download::ask_hash(std::function<void()> then)
{
    if (options().verify != verification::hash)
        return then();
    operate(operation::hash{path_}, [this, then = std::move(then)](client_result<file_digest> made) {
        if (!made)
            return try_again(attempt_, std::move(made.error()), [this, then] { ask_hash(then); });
        expected_ = *std::move(made);
        then();
    });
}

void download::open()
{
    const bool is_all_there = near_ && start_ != 0 && known_.size == start_;
    if (is_all_there)
        check_near_file();
    else
        open(segments());
}

void download::check_near_file()
{
    is_confirmed_ = false;
    if (!expected_)
        return verify({});
    call(
        [place = place_, bytes = start_, algorithm = expected_->algorithm]() -> result<std::string> {
            digest_set digests{std::array{algorithm}};
            if (const auto read = digests.update_from(*place, bytes); !read)
                return read.error();
            return digests.finish(algorithm);
        },
        [this](const result<std::string>& digest) { verify([&](digest_algorithm /*algorithm*/) { return digest; }); });
}

void download::conclude()
{
    if (pieces_.size() > 1)
        return confirm_unchanged();
    const auto end = start_ + pieces_.front()->written;
    const bool is_less_than_listed = options().type == representation_type::image &&
                                     known_.by == size_source::listing && known_.size && end < *known_.size &&
                                     result_so_far().verified != verification::size;
    if (is_less_than_listed)
        look_again();
    else
        verify_whole();
}

void download::verify_whole()
{
    verify([&file = *pieces_.front()->file](digest_algorithm algorithm) { return file.finish_digest(algorithm); });
}

/// The listing may be wrong, or the file is cut short.
void download::look_again()
{
    look_up(path_, attempt_, [this](const client_result<listed_entry>& found) {
        if (found)
            learn(*found);
        verify_whole();
    });
}

/// Segments that come at different times can be of different files.
void download::confirm_unchanged()
{
    look_up(path_, attempt_, [this](const client_result<listed_entry>& found) {
        if (found && found->size && !is_same_file(known_, to_known(*found)))
            return fail(mismatch(protocol_errc::changed_meanwhile));
        verify({});
    });
}

void download::verify(const std::function<result<std::string>(digest_algorithm)>& digest)
{
    auto& made = result_so_far();
    auto end = start_;
    for (const auto& each : pieces_)
        end += each->written;
    const bool is_put_together = pieces_.size() > 1 || made.offset != 0;
    if (options().type == representation_type::image && known_.size) {
        // A server that takes REST and begins elsewhere confirms and announces what it has sent all the same.
        if (known_.size != end && (is_put_together || is_cut_short(end, known_, made)))
            return fail_as_before(mismatch(protocol_errc::transfer_incomplete));
        if (known_.size == end)
            made.verified = verification::size;
    }
    if (options().verify == verification::size && made.verified != verification::size)
        return fail(mismatch(known_.size || made.announced ? protocol_errc::transfer_incomplete
                                                           : protocol_errc::not_supported));
    if (expected_) {
        const auto own = digest(expected_->algorithm);
        if (!own)
            return fail(mismatch(own.error()));
        if (*own != expected_->hexadecimal)
            return fail(mismatch(protocol_errc::verification_failed));
        made.verified = verification::hash;
    }
    if (options().type == representation_type::image && known_.size != end)
        known_.size.reset(); // it is not the size of the result
    commit();
}

/// If more bytes have come than were missing, they are not the rest of the file. Left behind the old ones, they would
/// be taken for a part of the file when it is resumed again.
void download::fail_as_before(operation_error why)
{
    const bool is_mixture = start_ != 0 && known_.size && start_ + pieces_.front()->file->written() > *known_.size;
    if (!is_mixture)
        return fail(std::move(why));
    auto mixture = std::move(pieces_.front()->file);
    pieces_.clear();
    call(
        [place = place_, start = start_, mixture = std::move(mixture)]() -> result<void> {
            mixture->give_up();
            auto file = place->open_write(write_mode::resume, start);
            return file ? (*file)->commit() : result<void>{file.error()};
        },
        [this, why = std::move(why)](const result<void>& /*restored*/) { fail(why); });
}

void download::commit()
{
    std::vector<std::shared_ptr<kept_file>> files;
    for (const auto& each : pieces_)
        files.push_back(each->file);
    const auto time = options().keeps_time ? known_.modified : std::nullopt;
    call(
        [place = place_, files = std::move(files), time]() -> result<void> {
            for (const auto& file : files)
                if (auto committed = file->commit(); !committed)
                    return committed;
            // The file is complete, whatever its time.
            if (time)
                static_cast<void>(place->set_modified(*time));
            return {};
        },
        [this](const result<void>& committed) {
            if (!committed)
                return fail(near_failure(committed.error()));
            auto& made = result_so_far();
            made.offset = start_;
            made.is_confirmed = is_confirmed_;
            if (known_.size) {
                made.announced = known_.size;
                made.announced_by = known_.by;
            }
            succeed();
        });
}

download_task::download_task(std::string path, std::shared_ptr<file_place> place, transfer_options options,
                             known_file known)
    : steps_(std::make_shared<download>(std::move(path), std::move(place), std::move(options), known))
{
}

download_task::~download_task()
{
    // The steps that wait keep themselves alive.
    steps_->cancel();
}

std::optional<client_task_step> download_task::next_step()
{
    return steps_->next();
}

void download_task::cancel()
{
    steps_->cancel();
}

bool download_task::is_done() const noexcept
{
    return steps_->is_done();
}

client_result<transfer_result> download_task::take_result()
{
    return steps_->take_result();
}

} // namespace libftp
