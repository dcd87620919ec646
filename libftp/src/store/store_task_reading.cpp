// Tasks that read one file: its digest (HASH, XCRC and the like), its size in TYPE A (RFC 3659 4), its text.
#include <libftp/store/store_task.hpp>

#include "read_within.hpp"
#include "store_task_steps.hpp"

#include <libftp/protocol/ascii_codec.hpp>

namespace libftp {
namespace {

class digest_task final : public store_task {
public:
    digest_task(std::shared_ptr<file_store> store, store_path path, digest_algorithm algorithm, byte_range range)
        : store_(std::move(store)), path_(std::move(path)), algorithm_(algorithm), range_(range)
    {
    }

    result<task_step> step() override
    {
        if (!reader_) {
            if (auto begun = begin(); !begun)
                return begun.error();
        }
        const auto read = reader_->step([this](std::string_view bytes) -> result<void> {
            digest_->update(bytes);
            return {};
        });
        if (!read)
            return read.error();
        if (!reader_->at_end())
            return task_step{false, {}, reader_->bytes()};
        auto text = digest_->finish();
        if (!text)
            return text.error();
        return task_step{true, *std::move(text), reader_->bytes()};
    }

private:
    result<void> begin()
    {
        if (range_.end < range_.first)
            return std::make_error_code(std::errc::invalid_argument);
        auto begun = digest::begin(algorithm_);
        if (!begun)
            return begun.error();
        auto opened = store_->open_read(path_, range_.first);
        if (!opened)
            return opened.error();
        digest_.emplace(*std::move(begun));
        reader_.emplace(*std::move(opened), range_.end - range_.first);
        return {};
    }

    std::shared_ptr<file_store> store_;
    store_path path_;
    digest_algorithm algorithm_;
    byte_range range_;
    std::optional<digest> digest_;
    std::optional<stepwise_reader> reader_;
};

class ascii_size_task final : public store_task {
public:
    ascii_size_task(std::shared_ptr<file_store> store, store_path path)
        : store_(std::move(store)), path_(std::move(path))
    {
    }

    result<task_step> step() override
    {
        if (!reader_) {
            auto opened = store_->open_read(path_, 0);
            if (!opened)
                return opened.error();
            reader_.emplace(*std::move(opened));
        }
        // The encoder itself converts what is only counted, so that the size is what a transfer would send.
        const auto read = reader_->step([this](std::string_view bytes) -> result<void> {
            encoded_.clear();
            encoder_.encode(bytes, encoded_);
            size_ += encoded_.size();
            return {};
        });
        if (!read)
            return read.error();
        return task_step{reader_->at_end(), {}, size_};
    }

private:
    std::shared_ptr<file_store> store_;
    store_path path_;
    std::optional<stepwise_reader> reader_;
    ascii_encoder encoder_;
    std::string encoded_;
    std::uint64_t size_ = 0;
};

class reading_task final : public store_task {
public:
    explicit reading_task(std::unique_ptr<file_reader> reader) : reader_(std::move(reader)) {}

    /// The text waits in memory until somebody takes it: so a step gives less of it than other steps read.
    result<task_step> step() override
    {
        constexpr std::size_t piece_bytes = 16 * 1024;
        task_step given{.text = std::string(piece_bytes, '\0')};
        const auto count = read_within(*reader_, given.text);
        if (!count)
            return count.error();
        given.text.resize(*count);
        given.bytes = bytes_ += *count;
        given.is_done = *count == 0;
        return given;
    }

private:
    std::unique_ptr<file_reader> reader_;
    std::uint64_t bytes_ = 0;
};

} // namespace

std::shared_ptr<store_task> make_digest_task(std::shared_ptr<file_store> store, store_path path,
                                             digest_algorithm algorithm, byte_range range)
{
    return std::make_shared<digest_task>(std::move(store), std::move(path), algorithm, range);
}

std::shared_ptr<store_task> make_ascii_size_task(std::shared_ptr<file_store> store, store_path path)
{
    return std::make_shared<ascii_size_task>(std::move(store), std::move(path));
}

std::shared_ptr<store_task> make_reading_task(std::unique_ptr<file_reader> reader)
{
    return std::make_shared<reading_task>(std::move(reader));
}

} // namespace libftp
