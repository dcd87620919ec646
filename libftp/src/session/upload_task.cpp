// What an upload asks before the first byte, and what it does after the last one.
#include "upload.hpp"

#include "file_facts.hpp"

#include <libftp/error.hpp>
#include <libftp/store/store_error.hpp>

#include <utility>

namespace libftp {

upload::upload(std::shared_ptr<file_place> place, std::string path, transfer_options options)
    : transfer_steps(std::move(options)), place_(std::move(place)), path_(std::move(path))
{
}

void upload::begin()
{
    if (!are_options_sound())
        return fail({protocol_errc::argument_invalid});
    start_ = position_ = options().offset;
    const bool may_resume = options().type == representation_type::image && options().retry.attempts > 1;
    if (resumes_file() || (may_resume && !only_adds()))
        look_far();
    else
        open();
}

bool upload::are_options_sound() const noexcept
{
    const auto& asked = options();
    if (asked.type == representation_type::ascii && (resumes_file() || asked.verify != verification::none))
        return false;
    if (asked.existing == existing_file::append && asked.verify != verification::none)
        return false;
    return asked.offset == 0 || asked.existing == existing_file::replace;
}

void upload::look_far()
{
    operate(operation::stat{path_}, [this](client_result<listed_entry> found) { compare(std::move(found)); });
}

void upload::compare(client_result<listed_entry> found)
{
    if (found && found->is_directory() && resumes_file())
        return fail({.code = store_errc::is_a_directory, .step = operation_step::command});
    if (found) {
        before_ = to_known(*found);
    } else if (is_missing(found.error())) {
        before_ = known_file{.size = 0};
    } else if (found.error().session == session_state::closed) {
        return try_again(attempt_, std::move(found.error()), [this] { look_far(); });
    } else if (resumes_file()) {
        return fail(std::move(found.error()));
    }
    if (resumes_file()) {
        if (!before_->size)
            return fail({protocol_errc::not_supported});
        start_ = position_ = *before_->size;
    }
    open();
}

void upload::verify()
{
    const auto how = options().verify;
    // A server that takes REST and begins elsewhere confirms the result all the same.
    const bool is_put_together = options().offset == 0 && position_ != 0 && sent_to_ != position_;
    if (how == verification::none && !is_put_together)
        return keep_time();
    if (path_.empty())
        return fail(mismatch(protocol_errc::not_supported));
    if (how == verification::hash)
        verify_hash();
    else
        verify_size();
}

void upload::verify_size()
{
    operate(operation::stat{path_}, [this](client_result<listed_entry> found) {
        if (!found)
            return try_again(attempt_, std::move(found.error()), [this] { verify_size(); });
        if (!found->size)
            return fail(mismatch(protocol_errc::not_supported));
        const auto whole = near_ && near_->size ? *near_->size : sent_to_;
        if (*found->size != whole || sent_to_ != whole)
            return fail(mismatch(protocol_errc::transfer_incomplete));
        result_so_far().verified = verification::size;
        keep_time();
    });
}

void upload::verify_hash()
{
    operate(operation::hash{path_}, [this](client_result<file_digest> made) {
        if (!made)
            return try_again(attempt_, std::move(made.error()), [this] { verify_hash(); });
        const auto own = digests_->finish(made->algorithm);
        if (!own)
            return fail(mismatch(own.error()));
        if (*own != made->hexadecimal)
            return fail(mismatch(protocol_errc::verification_failed));
        result_so_far().verified = verification::hash;
        keep_time();
    });
}

void upload::keep_time()
{
    if (!options().keeps_time || !near_ || !near_->modified || path_.empty())
        return conclude();
    operate(operation::set_modified{path_, *near_->modified}, [this](client_result<void> set) {
        // The file is complete, whatever its time.
        if (!set && may_pass(set.error()) && attempt_ < options().retry.attempts)
            return try_again(attempt_, std::move(set.error()), [this] { keep_time(); });
        conclude();
    });
}

void upload::conclude()
{
    auto& made = result_so_far();
    made.offset = start_;
    if (near_ && near_->size) {
        made.announced = near_->size;
        made.announced_by = size_source::near_end;
    }
    succeed();
}

upload_task::upload_task(std::shared_ptr<file_place> place, std::string path, transfer_options options)
    : steps_(std::make_shared<upload>(std::move(place), std::move(path), std::move(options)))
{
}

upload_task::~upload_task()
{
    // The steps that wait keep themselves alive.
    steps_->cancel();
}

std::optional<client_task_step> upload_task::next_step()
{
    return steps_->next();
}

void upload_task::cancel()
{
    steps_->cancel();
}

bool upload_task::is_done() const noexcept
{
    return steps_->is_done();
}

client_result<transfer_result> upload_task::take_result()
{
    return steps_->take_result();
}

} // namespace libftp
