// What the cases of the client driver share: their settings, checks that print a line each, and what was said.
#pragma once

#include <libftp/net/client.hpp>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace driver {

struct settings {
    libftp::ftp_url url{};
    std::filesystem::path served{}; ///< What the server shows as its root, as the driver sees it: empty at first.
    std::filesystem::path near{};   ///< An empty folder for the files of this side.
    libftp::client_options options{};
    libftp::net::tls_versions tls_versions = libftp::net::tls_versions::from_1_2;
    std::string authorities_file{}; ///< Who vouches for the server; empty: those whom the system trusts.
    unsigned sessions = 1;
    std::size_t files = 2'000;       ///< Of the case of many files.
    bool expects_everything = false; ///< The server can do all that the library has an operation for.
};

// The cases.
void exchange(const settings& with);
void resume(const settings& with);
void trees(const settings& with);
void many_files(const settings& with);
void big_file(const settings& with);
void cancel(const settings& with);
void sizes(const settings& with);

/// Ends the case with a sentence on what is wrong.
struct failed_check : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string describe(const libftp::operation_error& error);
void check(bool holds, const std::string& what);

template <class Found, class Wanted>
void check_equal(const Found& found, const Wanted& wanted, const std::string& what)
{
    if (!(found == wanted)) {
        std::ostringstream text;
        text << what << ": it is '" << found << "' and not '" << wanted << '\'';
        throw failed_check{text.str()};
    }
    check(true, what);
}

/// The value of what has to succeed.
template <class T>
T must(libftp::client_result<T> outcome, const std::string& what)
{
    if (!outcome)
        throw failed_check{what + ": " + describe(outcome.error())};
    check(true, what);
    if constexpr (!std::is_void_v<T>)
        return *std::move(outcome);
}

/// The error of what has to fail.
template <class T>
libftp::operation_error must_fail(libftp::client_result<T> outcome, const std::string& what)
{
    check(!outcome, what + " fails");
    return std::move(outcome.error());
}

/// Whether the server has what the operation needs; any failure but that is one of the test.
bool is_supported(const settings& with, const libftp::operation_error* error, const std::string& what);

template <class T>
bool is_supported(const settings& with, libftp::client_result<T>& outcome, const std::string& what)
{
    return is_supported(with, outcome ? nullptr : &outcome.error(), what);
}

/// What has to be true of a control or data connection.
void check_protection(const settings& with, const std::shared_ptr<const libftp::tls_facts>& facts,
                      const std::string& what);

libftp::net::tls_client_options tls_options(const settings& with);
/// Connected and logged in.
libftp::net::client connect(const settings& with);

/// Keeps an event for the case that something fails, or prints it.
void hear(const libftp::client_event& event);
/// How often the verb was sent.
std::size_t times_sent(const std::string& verb);

} // namespace driver
