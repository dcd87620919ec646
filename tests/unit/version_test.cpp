// The version, which stands in two places for those who want numbers and those who want text.
#include <libftp/version.hpp>

#include <doctest/doctest.h>

#include <string>

TEST_CASE("The version's text and its numbers are the same")
{
    const std::string numbers = std::to_string(LIBFTP_VERSION_MAJOR) + '.' + std::to_string(LIBFTP_VERSION_MINOR) +
                                '.' + std::to_string(LIBFTP_VERSION_PATCH);
    CHECK(libftp::version == numbers);
}
