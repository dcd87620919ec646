// The pieces of a download, one or several at the same time: each is attempted until it is complete, resuming where it
// stopped if the remote file is still the same.
#include "download.hpp"

#include "file_facts.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <utility>

namespace libftp {

namespace {

constexpr std::uint64_t min_segment_bytes = std::uint64_t{1024} * 1024;

/// Opens a file to be written in place when it is sure that there is something to write.
class late_writer final : public file_writer {
public:
    explicit late_writer(std::shared_ptr<file_place> place) noexcept : place_(std::move(place)) {}

    result<void> write(std::string_view bytes) override
    {
        if (auto opened = open(); !opened)
            return opened;
        return file_->write(bytes);
    }
    result<void> commit() override
    {
        if (auto opened = open(); !opened)
            return opened;
        return file_->commit();
    }
    void discard(std::error_code reason) override
    {
        if (file_)
            file_->discard(reason);
    }

private:
    result<void> open()
    {
        if (file_)
            return {};
        auto opened = place_->open_write(write_mode::resume, 0);
        if (!opened)
            return opened.error();
        file_ = *std::move(opened);
        return {};
    }

    std::shared_ptr<file_place> place_;
    std::unique_ptr<file_writer> file_;
};

} // namespace

std::vector<download::piece_pointer> download::whole() const
{
    return {std::make_shared<piece>(piece{.offset = start_, .attempt = attempt_})};
}

std::vector<download::piece_pointer> download::segments() const
{
    const auto& asked = options();
    const bool can_be_parted = known_.size && start_ == 0 && asked.existing == existing_file::replace &&
                               asked.type == representation_type::image && asked.verify != verification::hash;
    const auto size = known_.size.value_or(0);
    const auto count = std::min<std::uint64_t>(asked.segments, size / min_segment_bytes);
    if (!can_be_parted || count < 2)
        return whole();

    std::vector<piece_pointer> parts;
    std::uint64_t offset = 0;
    for (auto left = count; left != 0; --left) {
        const auto length = (size - offset) / left;
        parts.push_back(std::make_shared<piece>(piece{.offset = offset, .length = length, .attempt = attempt_}));
        offset += length;
    }
    return parts;
}

std::function<download::opened_file()> download::opening_of(const piece& which) const
{
    std::vector<digest_algorithm> algorithms;
    if (expected_)
        algorithms.push_back(expected_->algorithm);
    return [place = place_, existing = options().existing, offset = which.offset, length = which.length,
            size = known_.size.value_or(0), algorithms]() -> opened_file {
        digest_set digests{algorithms};
        if (const auto read = digests.update_from(*place, offset); !read)
            return read.error();
        if (existing == existing_file::resume && offset == 0)
            return std::make_shared<kept_file>(std::make_unique<late_writer>(place), std::move(digests));
        const auto mode = offset == 0 ? write_mode::replace : write_mode::resume;
        auto file = length ? place->open_segment(offset, *length, size) : place->open_write(mode, offset);
        if (!file)
            return file.error();
        return std::make_shared<kept_file>(*std::move(file), std::move(digests), length);
    };
}

void download::open(std::vector<piece_pointer> pieces)
{
    using opened_files = result<std::vector<std::shared_ptr<kept_file>>>;
    std::vector<std::function<opened_file()>> openings;
    openings.reserve(pieces.size());
    for (const auto& each : pieces)
        openings.push_back(opening_of(*each));
    call(
        [openings = std::move(openings)]() -> opened_files {
            std::vector<std::shared_ptr<kept_file>> files;
            for (const auto& open_one : openings) {
                auto opened = open_one();
                if (!opened)
                    return opened.error();
                files.push_back(*std::move(opened));
            }
            return files;
        },
        [this, pieces = std::move(pieces)](opened_files opened) {
            if (!opened && opened.error() == store_errc::not_supported && pieces.size() > 1)
                return open(whole());
            if (!opened)
                return fail(near_failure(opened.error()));
            for (std::size_t i = 0; i < pieces.size(); ++i)
                pieces[i]->file = std::move((*opened)[i]);
            pieces_ = pieces;
            for (const auto& each : pieces)
                attempt(each);
        });
}

void download::attempt(const piece_pointer& which)
{
    operation::download what{.path = path_,
                             .sink = which->file->begin_attempt(),
                             .type = options().type,
                             .offset = which->offset + which->written,
                             .rate = options().rate,
                             .expected_size = known_.size};
    // The last segment has to end by itself: it tells whether the server begins where it is asked to, or takes REST and
    // sends all of the file each time.
    const bool is_last = which->length && which->offset + *which->length == known_.size;
    if (which->length && !is_last)
        what.length = *which->length - which->written;
    progress_listener listener;
    if (options().progress)
        listener = [this, which](const transfer_progress& made) {
            which->position = which->written + made.bytes;
            which->bytes_per_second = made.bytes_per_second;
            report_progress(made);
        };
    operate(
        std::move(what),
        [this, which](client_result<transfer_result> made) {
            if (made)
                attempt_succeeded(which, *made);
            else
                attempt_failed(which, made.error());
        },
        std::move(listener));
}

void download::report_progress(const transfer_progress& last) const
{
    transfer_progress sum{.offset = start_, .total = known_.size ? known_.size : last.total};
    for (const auto& each : pieces_) {
        sum.bytes += std::min(each->position, each->length.value_or(each->position));
        sum.bytes_per_second += each->bytes_per_second;
    }
    options().progress(sum);
}

void download::attempt_succeeded(const piece_pointer& which, const transfer_result& made)
{
    add_up(made);
    is_confirmed_ = is_confirmed_ && made.is_confirmed;
    which->written = which->file->written();
    complete(which);
}

void download::complete(const piece_pointer& which)
{
    which->position = which->written;
    which->bytes_per_second = 0;
    which->is_complete = true;
    if (std::ranges::all_of(pieces_, [](const auto& each) { return each->is_complete; }))
        conclude();
}

void download::attempt_failed(const piece_pointer& which, const operation_error& why)
{
    result_so_far().bytes += why.bytes;
    which->bytes_per_second = 0;
    const bool is_beyond_end = why.code == protocol_errc::limit_exceeded;
    if ((refuses_restart(why) || is_beyond_end) && which->length)
        return change_course([this] {
            pieces_.clear();
            // What came in vain was no part of what is to come now: whoever reads the sum takes it for the file.
            result_so_far().bytes = 0;
            result_so_far().time = {};
            open(whole());
        });
    if (refuses_restart(why) && which->written != 0)
        return begin_anew(which, why);
    if (is_confirmed_whole(*which, why)) {
        which->written = which->file->written();
        return complete(which);
    }
    try_again(which->attempt, why, [this, which, why] { take_stock(which, why); });
}

/// Some servers reset the data connection instead of closing it when they have sent everything. If they announce no
/// size, the session cannot tell that from a file that is cut short.
bool download::is_confirmed_whole(const piece& which, const operation_error& why) const
{
    const bool is_of_whole = options().type == representation_type::image && !which.length &&
                             known_.size.value_or(0) != 0 &&
                             (known_.by == size_source::size_command || known_.by == size_source::facts);
    return is_of_whole && why.step == operation_step::transfer && why.answer.is_completion() &&
           which.offset + which.file->written() == known_.size;
}

/// The host may still be writing although the session has ended.
void download::take_stock(const piece_pointer& which, const operation_error& why)
{
    call(
        [file = which->file] {
            file->end_attempt();
            return file->written();
        },
        [this, which, why](std::uint64_t written) {
            which->written = which->position = written;
            if (options().type == representation_type::image)
                compare_again(which, why);
            else
                begin_anew(which, why);
        });
}

void download::compare_again(const piece_pointer& which, const operation_error& why)
{
    look_up(path_, which->attempt, [this, which, why](const client_result<listed_entry>& found) {
        if (!found || !found->size || !known_.size)
            return begin_anew(which, why);
        const auto now = to_known(*found);
        if (is_same_file(known_, now))
            return go_on(which, why);
        if (start_ != 0 || which->length)
            return fail(mismatch(protocol_errc::changed_meanwhile));
        known_ = now;
        ask_hash([this, which] { begin_anew(which, mismatch(protocol_errc::changed_meanwhile)); });
    });
}

void download::go_on(const piece_pointer& which, const operation_error& why)
{
    const auto size = which->length.value_or(*known_.size - which->offset);
    if (which->written > size)
        return begin_anew(which, why);
    if (which->written < size || size == 0)
        return attempt(which);
    // Only the confirmation is missing.
    is_confirmed_ = false;
    complete(which);
}

/// What there is of the piece is thrown away; where that cannot be, it fails with `why`.
void download::begin_anew(const piece_pointer& which, const operation_error& why)
{
    if (which->written == 0)
        return attempt(which);
    which->written = which->position = 0;
    call(
        [old = std::exchange(which->file, nullptr), open = opening_of(*which)] {
            old->give_up();
            return open();
        },
        [this, which, why](opened_file opened) {
            if (!opened)
                return fail(opened.error() == store_errc::not_supported ? why : near_failure(opened.error()));
            which->file = *std::move(opened);
            attempt(which);
        });
}

void download::stop()
{
    for (const auto& each : pieces_)
        if (each->file)
            each->file->stop();
}

} // namespace libftp
