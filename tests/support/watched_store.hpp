// A store in memory that tells what was done with it, fails when asked, and lets others act in between.
#pragma once

#include <libftp/store/memory_store.hpp>
#include <libftp/store/store_task.hpp>

#include "support/store_access.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace libftp::testing {

class watched_store final : public libftp::file_store {
public:
    libftp::memory_store files{};

    std::size_t calls = 0; ///< Of any kind, those of readers and writers included.
    std::size_t bytes_read = 0;
    std::size_t names_read = 0;
    std::size_t open_directories = 0;
    std::size_t most_open_directories = 0;
    std::size_t commits = 0;
    std::vector<std::error_code> discards{}; ///< The reasons.

    std::error_code write_error{}; ///< What writers answer, if set.
    std::error_code read_error{};
    std::error_code commit_error{};
    std::function<void(const libftp::store_path& removed)> before_removal{}; ///< What somebody else does just then.

    libftp::result<libftp::file_info> stat(const libftp::store_path& path) override
    {
        ++calls;
        return files.stat(path);
    }
    libftp::result<std::unique_ptr<libftp::file_reader>> open_read(const libftp::store_path& path,
                                                                   std::uint64_t offset) override
    {
        ++calls;
        auto opened = files.open_read(path, offset);
        if (!opened)
            return opened;
        return std::make_unique<reader>(*this, *std::move(opened));
    }
    libftp::result<std::unique_ptr<libftp::file_writer>> open_write(const libftp::store_path& path,
                                                                    const libftp::write_options& options) override
    {
        ++calls;
        auto opened = files.open_write(path, options);
        if (!opened)
            return opened;
        return std::make_unique<writer>(*this, *std::move(opened));
    }
    libftp::result<std::unique_ptr<libftp::directory_reader>> open_directory(const libftp::store_path& path) override
    {
        ++calls;
        auto opened = files.open_directory(path);
        if (!opened)
            return opened;
        return std::make_unique<listing>(*this, *std::move(opened));
    }
    libftp::result<void> make_directory(const libftp::store_path& path, std::optional<std::uint32_t> umask) override
    {
        ++calls;
        return files.make_directory(path, umask);
    }
    libftp::result<void> remove_directory(const libftp::store_path& path) override
    {
        ++calls;
        if (before_removal)
            before_removal(path);
        return files.remove_directory(path);
    }
    libftp::result<void> remove_file(const libftp::store_path& path) override
    {
        ++calls;
        if (before_removal)
            before_removal(path);
        return files.remove_file(path);
    }
    libftp::result<void> rename(const libftp::store_path& from, const libftp::store_path& to) override
    {
        ++calls;
        return files.rename(from, to);
    }

private:
    class reader final : public libftp::file_reader {
    public:
        reader(watched_store& watch, std::unique_ptr<libftp::file_reader> real) : watch_(watch), real_(std::move(real))
        {
        }
        libftp::result<std::size_t> read(std::span<char> buffer) override
        {
            ++watch_.calls;
            if (watch_.read_error)
                return watch_.read_error;
            auto count = real_->read(buffer);
            watch_.bytes_read += count.value();
            return count;
        }
        [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return real_->remaining(); }

    private:
        watched_store& watch_;
        std::unique_ptr<libftp::file_reader> real_;
    };

    class writer final : public libftp::file_writer {
    public:
        writer(watched_store& watch, std::unique_ptr<libftp::file_writer> real) : watch_(watch), real_(std::move(real))
        {
        }
        libftp::result<void> write(std::string_view bytes) override
        {
            ++watch_.calls;
            return watch_.write_error ? libftp::result<void>{watch_.write_error} : real_->write(bytes);
        }
        libftp::result<void> commit() override
        {
            ++watch_.calls;
            ++watch_.commits;
            return watch_.commit_error ? libftp::result<void>{watch_.commit_error} : real_->commit();
        }
        void discard(std::error_code reason) override
        {
            watch_.discards.push_back(reason);
            real_->discard(reason);
        }

    private:
        watched_store& watch_;
        std::unique_ptr<libftp::file_writer> real_;
    };

    class listing final : public libftp::directory_reader {
    public:
        listing(watched_store& watch, std::unique_ptr<libftp::directory_reader> real)
            : watch_(watch), real_(std::move(real))
        {
            watch_.most_open_directories = std::max(watch_.most_open_directories, ++watch_.open_directories);
        }
        ~listing() override { --watch_.open_directories; }
        listing(const listing&) = delete;
        listing& operator=(const listing&) = delete;
        libftp::result<bool> next(libftp::file_info& entry) override
        {
            ++watch_.calls;
            ++watch_.names_read;
            return real_->next(entry);
        }

    private:
        watched_store& watch_;
        std::unique_ptr<libftp::directory_reader> real_;
    };
};

/// Takes the steps of a task until it is done or fails. The text is that of all steps.
inline libftp::result<libftp::task_step> run_to_end(libftp::store_task& task)
{
    std::string text;
    for (;;) {
        auto given = task.step();
        if (!given)
            return given;
        text += given->text;
        if (given->is_done) {
            given->text = text;
            return given;
        }
    }
}

/// Takes the steps of a task until it is done, and sees to it that none of them does much.
inline void check_steps_are_small(watched_store& store, libftp::store_task& task)
{
    for (bool is_done = false; !is_done;) {
        const auto before = store.calls;
        is_done = task.step().value().is_done;
        CHECK(store.calls - before <= 1100);
    }
}

} // namespace libftp::testing
