// Places of files: in the local file system, in a store, or behind a reader or a writer that is there already.
#include <libftp/store/file_place.hpp>

#include "local_name.hpp"
#include "local_segments.hpp"

#include <libftp/store/disk_store.hpp>

#include <utility>

namespace libftp {

namespace {

result<std::optional<file_info>> if_found(result<file_info> found)
{
    if (found)
        return std::optional{*std::move(found)};
    if (to_store_errc(found.error()) == store_errc::not_found)
        return std::nullopt;
    return found.error();
}

class store_place final : public file_place {
public:
    store_place(std::shared_ptr<file_store> store, store_path path) : store_(std::move(store)), path_(std::move(path))
    {
    }

    result<std::optional<file_info>> stat() override { return if_found(store_->stat(path_)); }
    result<std::unique_ptr<file_reader>> open_read(std::uint64_t offset) override
    {
        return store_->open_read(path_, offset);
    }
    result<std::unique_ptr<file_writer>> open_write(write_mode mode, std::uint64_t offset) override
    {
        return store_->open_write(path_, {.mode = mode, .offset = offset});
    }
    result<void> set_modified(file_time time) override { return store_->set_attributes(path_, {.modified = time}); }

private:
    std::shared_ptr<file_store> store_;
    store_path path_;
};

/// The folder is looked up by each call: it may come or go in the meantime.
class local_place final : public file_place {
public:
    explicit local_place(std::string path) : path_(std::move(path)) {}

    result<std::optional<file_info>> stat() override
    {
        auto file = find();
        if (file)
            return file->stat();
        return if_found(file.error());
    }
    result<std::unique_ptr<file_reader>> open_read(std::uint64_t offset) override
    {
        auto file = find();
        if (!file)
            return file.error();
        return file->open_read(offset);
    }
    result<std::unique_ptr<file_writer>> open_write(write_mode mode, std::uint64_t offset) override
    {
        auto file = find();
        if (!file)
            return file.error();
        return file->open_write(mode, offset);
    }
    result<std::unique_ptr<file_writer>> open_segment(std::uint64_t offset, std::uint64_t length,
                                                      std::uint64_t whole) override
    {
        return segments_.open(path_, offset, length, whole);
    }
    result<void> set_modified(file_time time) override
    {
        auto file = find();
        if (!file)
            return file.error();
        return file->set_modified(time);
    }

private:
    result<store_place> find() const
    {
        auto where = find_local(path_);
        if (!where)
            return where.error();
        auto folder = disk_store::open(where->folder);
        if (!folder)
            return folder.error();
        return store_place{*std::move(folder), std::move(where->name)};
    }

    std::string path_;
    local_segments segments_;
};

class sink_place final : public file_place {
public:
    explicit sink_place(std::unique_ptr<file_writer> sink) : sink_(std::move(sink)) {}

    result<std::optional<file_info>> stat() override { return store_errc::not_supported; }
    result<std::unique_ptr<file_reader>> open_read(std::uint64_t /*offset*/) override
    {
        return store_errc::not_supported;
    }
    result<std::unique_ptr<file_writer>> open_write(write_mode /*mode*/, std::uint64_t /*offset*/) override
    {
        if (!sink_)
            return store_errc::not_supported;
        return std::move(sink_);
    }

private:
    std::unique_ptr<file_writer> sink_;
};

class source_place final : public file_place {
public:
    explicit source_place(std::unique_ptr<file_reader> source) : source_(std::move(source)) {}

    result<std::optional<file_info>> stat() override { return store_errc::not_supported; }
    result<std::unique_ptr<file_reader>> open_read(std::uint64_t /*offset*/) override
    {
        if (!source_)
            return store_errc::not_supported;
        return std::move(source_);
    }
    result<std::unique_ptr<file_writer>> open_write(write_mode /*mode*/, std::uint64_t /*offset*/) override
    {
        return store_errc::not_supported;
    }

private:
    std::unique_ptr<file_reader> source_;
};

class callback_writer final : public file_writer {
public:
    callback_writer(std::function<result<void>(std::string_view)> take, std::function<result<void>()> end)
        : take_(std::move(take)), end_(std::move(end))
    {
    }

    result<void> write(std::string_view bytes) override { return take_(bytes); }
    result<void> commit() override { return end_ ? end_() : result<void>{}; }

private:
    std::function<result<void>(std::string_view)> take_;
    std::function<result<void>()> end_;
};

class callback_reader final : public file_reader {
public:
    explicit callback_reader(std::function<result<std::size_t>(std::span<char>)> give) : give_(std::move(give)) {}

    result<std::size_t> read(std::span<char> buffer) override
    {
        if (has_ended_)
            return std::size_t{0};
        auto given = give_(buffer);
        has_ended_ = given && *given == 0;
        return given;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return std::nullopt; }

private:
    std::function<result<std::size_t>(std::span<char>)> give_;
    bool has_ended_ = false;
};

} // namespace

result<std::unique_ptr<file_writer>> file_place::open_segment(std::uint64_t /*offset*/, std::uint64_t /*length*/,
                                                              std::uint64_t /*whole*/)
{
    return store_errc::not_supported;
}

result<void> file_place::set_modified(file_time /*time*/)
{
    return store_errc::not_supported;
}

std::shared_ptr<file_place> make_local_place(std::string path)
{
    return std::make_shared<local_place>(std::move(path));
}

std::shared_ptr<file_place> make_store_place(std::shared_ptr<file_store> store, store_path path)
{
    return std::make_shared<store_place>(std::move(store), std::move(path));
}

std::shared_ptr<file_place> make_sink_place(std::unique_ptr<file_writer> sink)
{
    return std::make_shared<sink_place>(std::move(sink));
}

std::shared_ptr<file_place> make_source_place(std::unique_ptr<file_reader> source)
{
    return std::make_shared<source_place>(std::move(source));
}

std::unique_ptr<file_writer> make_callback_writer(std::function<result<void>(std::string_view)> take,
                                                  std::function<result<void>()> end)
{
    return std::make_unique<callback_writer>(std::move(take), std::move(end));
}

std::unique_ptr<file_reader> make_callback_reader(std::function<result<std::size_t>(std::span<char>)> give)
{
    return std::make_unique<callback_reader>(std::move(give));
}

} // namespace libftp
