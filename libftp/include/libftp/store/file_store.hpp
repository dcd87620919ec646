// The interface between FTP and whatever holds the files: a disk, memory, an object store.
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/protocol/listing_format.hpp>
#include <libftp/protocol/store_ability.hpp>
#include <libftp/result.hpp>
#include <libftp/store/store_error.hpp>
#include <libftp/store/store_path.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace libftp {

/// A file of the operating system that stands behind a reader or a writer, for zero-copy transfers.
struct native_file {
    int descriptor = -1;      ///< Stays owned by the reader or writer.
    std::uint64_t offset = 0; ///< Where the next byte is read or written.
};

/// One open file being read, from one thread at a time.
class file_reader {
public:
    virtual ~file_reader() = default;

    /// Fills the front of `buffer`; 0 means the end. May block. More than fits is taken for std::errc::io_error.
    virtual result<std::size_t> read(std::span<char> buffer) = 0;
    /// Bytes that read() has still to give, where that is known: no more come, and fewer only if the file was cut
    /// short.
    [[nodiscard]] virtual std::optional<std::uint64_t> remaining() const = 0;
    /// The file to transfer from without copying, if there is one. Whoever uses it instead of read() says so by skip().
    [[nodiscard]] virtual std::optional<native_file> native() const { return std::nullopt; }
    /// `bytes` were taken through native().
    virtual void skip(std::uint64_t /*bytes*/) {}
};

/// A place in an upload that the client has marked (RFC 959 3.5).
struct restart_mark {
    std::string text{};       ///< The client's name for it.
    std::uint64_t offset = 0; ///< Bytes of the file before it, all of them taken by the store.
};

/// One file being written, from one thread at a time. Destroying it without commit() discards what was written, unless
/// it was opened to change the file in place.
class file_writer {
public:
    virtual ~file_writer() = default;

    /// Takes all bytes or fails. May block.
    virtual result<void> write(std::string_view bytes) = 0;
    /// Makes the file appear under its name, at once and as a whole. Called at most once, as the last call. May be
    /// slow, and may fail: then nothing has changed.
    virtual result<void> commit() = 0;
    /// The upload is given up, for this reason. Called at most once, instead of commit(), as the last call.
    virtual void discard(std::error_code /*reason*/) {}
    /// The next mark that write() came past, once. Only writers that decode a transfer mode with markers have any.
    virtual std::optional<restart_mark> next_mark() { return std::nullopt; }
    /// Whether the end of the file has come by a mark in the bytes: then nobody waits for the sender to close the data
    /// connection, which it may keep open (RFC 959 3.4).
    [[nodiscard]] virtual bool is_complete() const { return false; }
    /// When it is complete: how many of the last write()'s bytes came behind that mark, and are not of this file.
    [[nodiscard]] virtual std::size_t bytes_behind_end() const { return 0; }
    /// As file_reader::native(), to write to.
    [[nodiscard]] virtual std::optional<native_file> native() const { return std::nullopt; }
    /// `bytes` were written by way of native().
    virtual void skip(std::uint64_t /*bytes*/) {}
};

/// One open directory, read entry by entry so that its size does not matter.
class directory_reader {
public:
    virtual ~directory_reader() = default;

    /// Puts the next entry into `entry`, which comes in empty, and says true, or says false at the end. `.` and `..`
    /// are left out. The order is the store's own. May block.
    virtual result<bool> next(file_info& entry) = 0;
    /// Called before next(), if at all: of the entries only the names and these facts will be looked at (with
    /// fact::type the target of a link, with fact::unix_mode the number of links). Others may be left out, which can
    /// save looking at each entry; one that vanishes just then may be given all the same.
    virtual void expect_only(fact_set /*facts*/) {}
};

/// What a writer does to a file of its name.
enum class write_mode : std::uint8_t {
    replace, ///< A new file; the old one stays until commit.
    create,  ///< A new file; store_errc::already_exists, now or at commit, if the name is taken.
    append,  ///< In place, at the end; made if it is not there.
    resume,  ///< In place, from an offset that is not behind the end; the new bytes replace all that follows it.
};

/// What becomes of symbolic links on the way to a file.
enum class link_rule : std::uint8_t {
    follow, ///< As long as they stay inside the store.
    refuse, ///< They are shown, but lead nowhere: store_errc::not_found.
};

/// How a file is to be written.
struct write_options {
    write_mode mode = write_mode::replace;
    std::uint64_t offset = 0;             ///< For write_mode::resume only.
    std::optional<std::uint32_t> umask{}; ///< Mode bits that a new file does not get; without it the process's own.
    std::uint32_t withheld = 0;           ///< More such bits, besides either.
};

/// What to change of a file or directory; what is empty stays.
struct attribute_changes {
    std::optional<file_time> modified{};
    std::optional<file_time> accessed{};
    std::optional<file_time> created{};
    std::optional<std::uint32_t> mode{}; ///< Unix permission bits, 07777.
    std::string group{};                 ///< A name or a number.
};

/// Files by path. Calls may come from several threads at once. A store that may wait for a device says so by blocks(),
/// and is then called where waiting is allowed. Neither it nor what it opens may throw: an exception ends the process.
///
/// Errors are store_errc or the environment's own; see to_reply_code() for what a client gets to see.
class file_store {
public:
    virtual ~file_store() = default;

    /// Whether a call may take long. One that says false is called on the session's own thread.
    [[nodiscard]] virtual bool blocks() const noexcept { return true; }
    /// Of one that blocks: whether it seldom takes long, as a disk of this machine, which answers most calls from
    /// memory. A host may then make short calls on the session's own thread for as long as they are quick.
    [[nodiscard]] virtual bool is_seldom_slow() const noexcept { return false; }
    /// Whether the store has what the ability names; asked by FEAT, HELP and before each command that needs it.
    [[nodiscard]] virtual bool can(store_ability needed) const noexcept { return needed == store_ability::none; }
    /// Whether one path can lead to what another one names, by a link. Where it can, no rules by path can hold.
    [[nodiscard]] virtual bool follows_links() const noexcept { return false; }

    /// What is known of one path. The root's name is empty. Links are followed where they stay inside the store.
    virtual result<file_info> stat(const store_path& path) = 0;
    /// Whether a path leads to a directory in which names can be looked up, as a working directory has to be. A store
    /// that knows directories which may be seen but not entered overrides it. Errors: store_errc::not_a_directory,
    /// not_found, permission_denied.
    virtual result<void> find_directory(const store_path& path);
    /// The bytes of a file from `offset` on. Errors: store_errc::offset_invalid behind its end, is_a_directory,
    /// not_found.
    virtual result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) = 0;
    /// A writer for a file, as `options` have it. The file is there, or has changed, when that has committed.
    virtual result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) = 0;
    /// The entries of a directory. Errors: store_errc::not_a_directory, not_found.
    virtual result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) = 0;
    /// `umask`: as in write_options.
    virtual result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) = 0;
    /// Only an empty one: else store_errc::directory_not_empty.
    virtual result<void> remove_directory(const store_path& path) = 0;
    /// A file or a link, which is not followed. Error for a directory: store_errc::is_a_directory.
    virtual result<void> remove_file(const store_path& path) = 0;
    /// Replaces a file named `to`, as rename(2) does.
    virtual result<void> rename(const store_path& from, const store_path& to) = 0;
    /// As rename(), but store_errc::already_exists if the name `to` is taken. Unless a store can do that in one, it is
    /// looked up first, and somebody may be quicker than the renaming.
    virtual result<void> rename_to_new(const store_path& from, const store_path& to);

    // What the abilities name; a store without one answers store_errc::not_supported.

    /// All changes, or those before the one that failed.
    virtual result<void> set_attributes(const store_path& path, const attribute_changes& changes);
    /// Makes `link` lead to `target`, which is inside the store and need not exist.
    virtual result<void> make_symbolic_link(const store_path& target, const store_path& link);
    /// Bytes that can still be stored at `path`.
    virtual result<std::uint64_t> available_space(const store_path& path);
};

} // namespace libftp
