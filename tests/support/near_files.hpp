// A store in memory as the near side of transfers, which can fail at any of its calls.
#pragma once

#include <libftp/store/file_place.hpp>
#include <libftp/store/memory_store.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace libftp::testing {

/// Counts what is asked of a place and of its files; the call of one number fails.
class failing_place final : public file_place {
public:
    explicit failing_place(std::shared_ptr<file_place> place) : place_(std::move(place)) {}

    void fail_at(std::size_t call) { counter_->failing = call; }
    [[nodiscard]] std::size_t calls() const { return counter_->calls; }

    result<std::optional<file_info>> stat() override
    {
        if (counter_->fails())
            return error();
        return place_->stat();
    }
    result<std::unique_ptr<file_reader>> open_read(std::uint64_t offset) override
    {
        if (counter_->fails())
            return error();
        auto file = place_->open_read(offset);
        if (!file)
            return file;
        return std::make_unique<reader>(*std::move(file), counter_);
    }
    result<std::unique_ptr<file_writer>> open_write(write_mode mode, std::uint64_t offset) override
    {
        if (counter_->fails())
            return error();
        return watched(place_->open_write(mode, offset));
    }
    result<std::unique_ptr<file_writer>> open_segment(std::uint64_t offset, std::uint64_t length,
                                                      std::uint64_t whole) override
    {
        if (counter_->fails())
            return error();
        return watched(place_->open_segment(offset, length, whole));
    }
    result<void> set_modified(file_time time) override { return place_->set_modified(time); }

private:
    struct counter {
        std::size_t calls = 0;
        std::size_t failing = static_cast<std::size_t>(-1);
        bool fails() { return calls++ == failing; }
    };

    struct writer final : file_writer {
        writer(std::unique_ptr<file_writer> inner, std::shared_ptr<counter> all)
            : file(std::move(inner)), calls(std::move(all))
        {
        }
        result<void> write(std::string_view bytes) override { return calls->fails() ? error() : file->write(bytes); }
        result<void> commit() override { return calls->fails() ? error() : file->commit(); }
        void discard(std::error_code reason) override { file->discard(reason); }
        std::unique_ptr<file_writer> file;
        std::shared_ptr<counter> calls;
    };

    struct reader final : file_reader {
        reader(std::unique_ptr<file_reader> inner, std::shared_ptr<counter> all)
            : file(std::move(inner)), calls(std::move(all))
        {
        }
        result<std::size_t> read(std::span<char> buffer) override
        {
            if (calls->fails())
                return error();
            return file->read(buffer);
        }
        [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return file->remaining(); }
        std::unique_ptr<file_reader> file;
        std::shared_ptr<counter> calls;
    };

    static std::error_code error() { return std::make_error_code(std::errc::io_error); }

    result<std::unique_ptr<file_writer>> watched(result<std::unique_ptr<file_writer>> file)
    {
        if (!file)
            return file;
        return std::make_unique<writer>(*std::move(file), counter_);
    }

    std::shared_ptr<file_place> place_;
    std::shared_ptr<counter> counter_ = std::make_shared<counter>();
};

/// One file named `f`.
struct near_file {
    std::shared_ptr<memory_store> store =
        std::make_shared<memory_store>([] { return file_time{std::chrono::hours{240}}; });
    store_path path = store_path{}.resolve("f").value();
    std::shared_ptr<failing_place> place = std::make_shared<failing_place>(make_store_place(store, path));

    near_file() = default;
    explicit near_file(std::string content) { put(std::move(content)); }

    void put(std::string content, file_time modified = file_time{std::chrono::hours{48}})
    {
        store->add_file("/f", std::move(content));
        static_cast<void>(store->set_attributes(path, {.modified = modified}));
    }
    /// Nothing if there is no file.
    [[nodiscard]] std::optional<std::string> content() const
    {
        auto found = store->content("/f");
        return found ? std::optional{*found} : std::nullopt;
    }
    [[nodiscard]] file_time modified() const { return store->stat(path).value().modified.value(); }
};

} // namespace libftp::testing
