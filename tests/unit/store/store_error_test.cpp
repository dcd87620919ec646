// The refusals of stores, the system's errors that mean them, and the replies they become.
#include <libftp/store/store_error.hpp>

#include "support/system.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <ostream>
#include <string>
#include <vector>

using libftp::reply_code;
using libftp::store_errc;
using libftp::to_reply_code;
using libftp::to_reply_text;
using libftp::to_store_errc;

namespace {

const std::vector<store_errc> all{
    store_errc::not_found,
    store_errc::permission_denied,
    store_errc::already_exists,
    store_errc::is_a_directory,
    store_errc::not_a_directory,
    store_errc::not_a_file,
    store_errc::directory_not_empty,
    store_errc::name_not_allowed,
    store_errc::busy,
    store_errc::insufficient_storage,
    store_errc::quota_exceeded,
    store_errc::offset_invalid,
    store_errc::not_supported,
    store_errc::read_only,
};

/// Of the system's errors where their numbers are those of errno; Windows has its own.
const std::error_category& errno_category()
{
    return libftp::testing::is_windows ? std::generic_category() : std::system_category();
}

std::error_code system_error(int number)
{
    return {number, errno_category()};
}

} // namespace

TEST_CASE("Each refusal has the reply that its enumerator names")
{
    CHECK(to_reply_code(store_errc::not_found) == reply_code::file_unavailable);
    CHECK(to_reply_code(store_errc::permission_denied) == reply_code::file_unavailable);
    CHECK(to_reply_code(store_errc::already_exists) == reply_code::file_unavailable);
    CHECK(to_reply_code(store_errc::is_a_directory) == reply_code::file_unavailable);
    CHECK(to_reply_code(store_errc::not_a_directory) == reply_code::file_unavailable);
    CHECK(to_reply_code(store_errc::not_a_file) == reply_code::file_unavailable);
    CHECK(to_reply_code(store_errc::directory_not_empty) == reply_code::file_unavailable);
    CHECK(to_reply_code(store_errc::name_not_allowed) == reply_code::name_not_allowed);
    CHECK(to_reply_code(store_errc::busy) == reply_code::file_busy);
    CHECK(to_reply_code(store_errc::insufficient_storage) == reply_code::insufficient_storage);
    CHECK(to_reply_code(store_errc::quota_exceeded) == reply_code::storage_exceeded);
    CHECK(to_reply_code(store_errc::offset_invalid) == reply_code::restart_invalid);
    CHECK(to_reply_code(store_errc::not_supported) == reply_code::not_implemented);
    CHECK(to_reply_code(store_errc::read_only) == reply_code::file_unavailable);
}

TEST_CASE("Each refusal has a text of its own, one sentence that fits into a reply")
{
    for (const auto code : all) {
        const auto text = to_reply_text(code);
        CHECK(text.ends_with('.'));
        CHECK(text.find_first_of("/\r\n") == std::string_view::npos);
        CHECK(libftp::make_error_code(code).message() == text);
        for (const auto other : all)
            CHECK((other == code || to_reply_text(other) != text));
    }
    CHECK(to_reply_text(store_errc::not_found) == "No such file or directory.");
}

TEST_CASE("System errors that mean the same as a refusal have its reply, in either category")
{
    for (const auto* category : {&errno_category(), &std::generic_category()}) {
        const auto meaning = [category](int number) { return to_store_errc({number, *category}); };
        CHECK(meaning(ENOENT) == store_errc::not_found);
        CHECK(meaning(ELOOP) == store_errc::not_found);
        CHECK(meaning(EACCES) == store_errc::permission_denied);
        CHECK(meaning(EPERM) == store_errc::permission_denied);
        CHECK(meaning(EEXIST) == store_errc::already_exists);
        CHECK(meaning(EISDIR) == store_errc::is_a_directory);
        CHECK(meaning(ENOTDIR) == store_errc::not_a_directory);
        CHECK(meaning(ENOTEMPTY) == store_errc::directory_not_empty);
        CHECK(meaning(ENAMETOOLONG) == store_errc::name_not_allowed);
        CHECK(meaning(EBUSY) == store_errc::busy);
        CHECK(meaning(ETXTBSY) == store_errc::busy);
        CHECK(meaning(ENOSPC) == store_errc::insufficient_storage);
#ifdef EDQUOT
        CHECK(meaning(EDQUOT) == store_errc::quota_exceeded);
#endif
        CHECK(meaning(EFBIG) == store_errc::quota_exceeded);
        CHECK(meaning(EXDEV) == store_errc::name_not_allowed);
        CHECK(meaning(EROFS) == store_errc::read_only);
        CHECK_FALSE(meaning(EIO).has_value());
        CHECK_FALSE(meaning(EMFILE).has_value());
        CHECK_FALSE(meaning(EINVAL).has_value());
    }
    CHECK(to_reply_code(system_error(ENOENT)) == reply_code::file_unavailable);
    CHECK(to_reply_text(system_error(ENOENT)) == to_reply_text(store_errc::not_found));
    CHECK(to_reply_code(system_error(ENOSPC)) == reply_code::insufficient_storage);
    CHECK(to_reply_code(std::make_error_code(std::errc::permission_denied)) == reply_code::file_unavailable);
}

TEST_CASE("A value that cannot be kept is refused by a reply that says so")
{
    for (const auto& error : {system_error(ERANGE), std::make_error_code(std::errc::result_out_of_range)}) {
        CHECK(to_reply_code(error) == reply_code::file_unavailable);
        CHECK(to_reply_text(error) == "That value cannot be kept here.");
    }
}

TEST_CASE("Any other error becomes reply 451 and tells nothing")
{
    const std::vector<std::error_code> others{
        system_error(EIO),
        system_error(EMFILE),
        system_error(-1),
        std::error_code{},
        std::error_code{0, libftp::store_category()},
        std::error_code{9999, libftp::store_category()},
        std::error_code{-1, libftp::store_category()},
        std::make_error_code(std::errc::not_enough_memory),
    };
    for (const auto& error : others) {
        CHECK(to_reply_code(error) == reply_code::local_error);
        CHECK(to_reply_text(error) == "Local error in processing.");
    }
    CHECK(libftp::make_error_code(static_cast<store_errc>(77)).message() == "Local error in processing.");
}

TEST_CASE("A refusal means itself and compares equal to the standard condition that means the same")
{
    for (const auto code : all)
        CHECK(to_store_errc(code) == code);
    CHECK(libftp::make_error_code(store_errc::not_found) == std::errc::no_such_file_or_directory);
    CHECK(libftp::make_error_code(store_errc::already_exists) == std::errc::file_exists);
    CHECK(libftp::make_error_code(store_errc::insufficient_storage) == std::errc::no_space_on_device);
    CHECK(libftp::make_error_code(store_errc::not_found) != std::errc::permission_denied);
    CHECK(libftp::make_error_code(store_errc::offset_invalid) != std::errc{});
    CHECK(std::string{libftp::store_category().name()} == "libftp.store");
}

TEST_CASE("No error of the system becomes a text but those above, and none of them names a file or a number")
{
    std::vector<std::string_view> known{"Local error in processing.", "That value cannot be kept here."};
    for (const auto code : all)
        known.push_back(to_reply_text(code));
    for (const auto* category : {&std::system_category(), &std::generic_category()}) {
        for (int number = -1; number < 600; ++number) {
            const std::error_code error{number, *category};
            const auto text = to_reply_text(error);
            CHECK(std::find(known.begin(), known.end(), text) != known.end());
            CHECK(text.find_first_of("/0123456789") == std::string_view::npos);
            CHECK(libftp::to_int(to_reply_code(error)) >= 400);
        }
    }
}
