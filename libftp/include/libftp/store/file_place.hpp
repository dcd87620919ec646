// Where one file is or will be on the near side of a transfer, to be opened when its turn comes.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace libftp {

/// All functions may block; one thread at a time. What a place cannot do it answers by store_errc::not_supported.
class file_place {
public:
    virtual ~file_place() = default;

    /// Nothing if there is no file.
    virtual result<std::optional<file_info>> stat() = 0;
    /// The bytes from `offset` on.
    virtual result<std::unique_ptr<file_reader>> open_read(std::uint64_t offset) = 0;
    /// As file_store::open_write(); `offset` counts for write_mode::resume.
    virtual result<std::unique_ptr<file_writer>> open_write(write_mode mode, std::uint64_t offset) = 0;
    /// A file that is written in parts, at several offsets at once, and appears when all are committed: by one writer
    /// for each part, whose commit() says that it is whole. The writers may be on different threads. The file goes when
    /// all of them have gone without that.
    virtual result<std::unique_ptr<file_writer>> open_segment(std::uint64_t offset, std::uint64_t length,
                                                              std::uint64_t whole);
    /// The time of the file that is there.
    virtual result<void> set_modified(file_time time);
};

/// A file of the local file system, by any path. Only regular files are opened. It can do all that a place can.
std::shared_ptr<file_place> make_local_place(std::string path);

/// A file of a store.
std::shared_ptr<file_place> make_store_place(std::shared_ptr<file_store> store, store_path path);

/// One writer that is there already, opened once, whatever the mode: its first byte is that at the offset.
std::shared_ptr<file_place> make_sink_place(std::unique_ptr<file_writer> sink);
/// One reader that is there already, opened once: its first byte is that at the offset.
std::shared_ptr<file_place> make_source_place(std::unique_ptr<file_reader> source);

/// Writes by calling `take`; commit() calls nothing more than `end` if there is one. Neither may throw. Lambdas say
/// `-> result<void>`, and `return {}` where all went well.
std::unique_ptr<file_writer> make_callback_writer(std::function<result<void>(std::string_view)> take,
                                                  std::function<result<void>()> end = {});
/// Reads by calling `give`, which fills the front of the buffer and says 0 at the end; then it is not called again. It
/// must not throw. What it cannot read is an error: the -1 of read(2) would be a size.
std::unique_ptr<file_reader> make_callback_reader(std::function<result<std::size_t>(std::span<char>)> give);

/// Writes to a stream with std::ostream's write() and flush(), which must outlive the writer.
template <class Stream>
std::unique_ptr<file_writer> make_stream_writer(Stream& stream)
{
    const auto outcome = [&stream]() -> result<void> {
        if (!stream)
            return std::make_error_code(std::errc::io_error);
        return {};
    };
    return make_callback_writer(
        [&stream, outcome](std::string_view bytes) {
            stream.write(bytes.data(), static_cast<std::ptrdiff_t>(bytes.size()));
            return outcome();
        },
        [&stream, outcome] {
            stream.flush();
            return outcome();
        });
}

/// Reads from a stream with std::istream's read() and gcount(), which must outlive the reader.
template <class Stream>
std::unique_ptr<file_reader> make_stream_reader(Stream& stream)
{
    return make_callback_reader([&stream](std::span<char> buffer) -> result<std::size_t> {
        stream.read(buffer.data(), static_cast<std::ptrdiff_t>(buffer.size()));
        if (stream.bad() || (stream.fail() && !stream.eof()))
            return std::make_error_code(std::errc::io_error); // as where the file could not be opened
        return static_cast<std::size_t>(stream.gcount());
    });
}

} // namespace libftp
