// How a file is transferred as a whole: what becomes of an older file, how often it is tried, how it is verified.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/rate_limit.hpp>
#include <libftp/session/transfer_coding.hpp>
#include <libftp/session/transfer_result.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace libftp {

/// What becomes of a file that is there already, on the side that is written to.
enum class existing_file : std::uint8_t {
    replace,     ///< Downloads: it stays until the new one is complete.
    resume,      ///< It is taken for the beginning of the same file, and what is missing is transferred in place: what
                 ///< has come stays there if the transfer fails. TYPE I only.
    append,      ///< Uploads: APPE.
    keep_unique, ///< Uploads: STOU, the new file gets another name.
};

/// What is tried again: failures that are transient, with a new session where the old one is closed. A transfer goes on
/// where it stopped if size and time of the file are what they were.
struct retry_options {
    /// In all; 1: nothing is tried again. In a tree each file has as many, and anew when others have come across
    /// meanwhile if it was the session that ended.
    unsigned attempts = 1;
    std::chrono::milliseconds first_pause{500}; ///< Doubled from attempt to attempt.
    std::chrono::milliseconds longest_pause{30'000};
};

/// How one file is transferred.
struct transfer_options {
    representation_type type = representation_type::image;
    existing_file existing = existing_file::replace;
    std::uint64_t offset = 0; ///< Where the transfer begins, in both files (REST). For those who know what they do.
    retry_options retry{};
    /// What is asked for besides 226. A size or digest that cannot be had fails the transfer with
    /// protocol_errc::not_supported: a download is not committed then, an upload has been made. Other sizes are
    /// protocol_errc::transfer_incomplete. TYPE I only, and not with existing_file::append.
    verification verify = verification::none;
    unsigned segments =
        1; ///< Downloads to a local file: parts that are fetched at the same time, each by its own session.
    bool keeps_time = false;            ///< The file written gets the other one's time, where that is possible.
    std::shared_ptr<rate_limit> rate{}; ///< Besides those of client_options.
    /// Hears how it goes, on the thread that runs the client; of a transfer that goes well the last time with all its
    /// bytes, unless there are none. Must neither throw nor call the client.
    std::function<void(const transfer_progress&)> progress{};
};

} // namespace libftp
