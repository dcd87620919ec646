// The refusals of stores: their texts, their replies (RFC 959 5.4), and the system errors that mean the same.
#include <libftp/store/store_error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

namespace libftp {
namespace {

struct known_refusal {
    store_errc code;
    reply_code reply;
    std::errc same_as; ///< Zero: the standard has no such condition.
    std::string_view text;
};

constexpr std::errc nothing{};

constexpr std::array refusals{
    known_refusal{store_errc::not_found, reply_code::file_unavailable, std::errc::no_such_file_or_directory,
                  "No such file or directory."},
    known_refusal{store_errc::permission_denied, reply_code::file_unavailable, std::errc::permission_denied,
                  "Permission denied."},
    known_refusal{store_errc::already_exists, reply_code::file_unavailable, std::errc::file_exists,
                  "A file or directory of that name exists."},
    known_refusal{store_errc::is_a_directory, reply_code::file_unavailable, std::errc::is_a_directory,
                  "It is a directory."},
    known_refusal{store_errc::not_a_directory, reply_code::file_unavailable, std::errc::not_a_directory,
                  "It is not a directory."},
    known_refusal{store_errc::not_a_file, reply_code::file_unavailable, nothing, "It is not a plain file."},
    known_refusal{store_errc::directory_not_empty, reply_code::file_unavailable, std::errc::directory_not_empty,
                  "The directory is not empty."},
    known_refusal{store_errc::name_not_allowed, reply_code::name_not_allowed, nothing, "That name is not allowed."},
    known_refusal{store_errc::busy, reply_code::file_busy, std::errc::device_or_resource_busy, "The file is busy."},
    known_refusal{store_errc::insufficient_storage, reply_code::insufficient_storage, std::errc::no_space_on_device,
                  "Not enough storage space."},
    known_refusal{store_errc::quota_exceeded, reply_code::storage_exceeded, nothing, "Storage allocation exceeded."},
    known_refusal{store_errc::offset_invalid, reply_code::restart_invalid, nothing,
                  "The file ends before that offset."},
    known_refusal{store_errc::not_supported, reply_code::not_implemented, std::errc::operation_not_supported,
                  "This store cannot do that."},
    known_refusal{store_errc::read_only, reply_code::file_unavailable, std::errc::read_only_file_system,
                  "The store is read-only."},
    known_refusal{store_errc::limit_exceeded, reply_code::local_error, nothing,
                  "These are more names than this server reads."},
};

/// Of a value, as a file's time, that could be kept only as another one: no refusal of any store's own.
constexpr auto unkept = std::errc::result_out_of_range;
constexpr std::string_view unkept_text = "That value cannot be kept here.";

constexpr std::string_view unknown_text = "Local error in processing.";

const known_refusal* find_refusal(store_errc code) noexcept
{
    const auto* found = std::find_if(refusals.begin(), refusals.end(), [code](auto& row) { return row.code == code; });
    return found == refusals.end() ? nullptr : found;
}

const known_refusal* find_refusal(const std::error_code& error) noexcept
{
    const auto code = to_store_errc(error);
    return code ? find_refusal(*code) : nullptr;
}

class store_category_type final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "libftp.store"; }

    [[nodiscard]] std::string message(int value) const override
    {
        const auto* known = find_refusal(static_cast<store_errc>(value));
        return std::string{known ? known->text : unknown_text};
    }

    [[nodiscard]] std::error_condition default_error_condition(int value) const noexcept override
    {
        const auto* known = find_refusal(static_cast<store_errc>(value));
        if (known && known->same_as != nothing)
            return known->same_as;
        return {value, *this};
    }
};

std::optional<store_errc> from_errno(int number) noexcept
{
    switch (number) {
    case ENOENT:
    case ELOOP: return store_errc::not_found;
    case EACCES:
    case EPERM: return store_errc::permission_denied;
    case EEXIST: return store_errc::already_exists;
    case EISDIR: return store_errc::is_a_directory;
    case ENOTDIR: return store_errc::not_a_directory;
    case ENOTEMPTY: return store_errc::directory_not_empty;
    case ENAMETOOLONG:
    case EILSEQ:
    case EXDEV: return store_errc::name_not_allowed; // the last one for a rename to another file system
    case EAGAIN:
    case EBUSY:
    case ETXTBSY: return store_errc::busy;
    case ENOSPC: return store_errc::insufficient_storage;
#ifdef EDQUOT
    case EDQUOT:
#endif
    case EFBIG: return store_errc::quota_exceeded;
    case EOPNOTSUPP: return store_errc::not_supported;
    case EROFS: return store_errc::read_only;
    default: return std::nullopt;
    }
}

} // namespace

const std::error_category& store_category() noexcept
{
    static const store_category_type category;
    return category;
}

std::optional<store_errc> to_store_errc(const std::error_code& error) noexcept
{
    if (error.category() == store_category())
        return static_cast<store_errc>(error.value());
#ifndef _WIN32
    // Standard libraries know a generic condition only for some of the system's numbers; here they are all errno's.
    if (error.category() == std::system_category())
        return from_errno(error.value());
#endif
    const auto condition = error.default_error_condition();
    return condition.category() == std::generic_category() ? from_errno(condition.value()) : std::nullopt;
}

reply_code to_reply_code(const std::error_code& error) noexcept
{
    if (error == unkept)
        return reply_code::file_unavailable;
    const auto* known = find_refusal(error);
    return known ? known->reply : reply_code::local_error;
}

std::string_view to_reply_text(const std::error_code& error) noexcept
{
    if (error == unkept)
        return unkept_text;
    const auto* known = find_refusal(error);
    return known ? known->text : unknown_text;
}

} // namespace libftp
