// Reads directory listings back, in all the forms that servers write them: facts (RFC 3659 7), Unix `ls -l` and its
// relatives, DOS, EPLF, VMS, MVS, OS/400, z/VM, NonStop, NetWare and others.
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// The form of a listing line.
enum class listing_style : std::uint8_t {
    facts,      ///< MLSD and MLST.
    unix_ls,    ///< `ls -l` in all its variants; also NetPresenz, WFTP and others that look like it.
    dos,        ///< `11-20-26  10:15AM  <DIR>  name`: IIS and many others.
    eplf,       ///< Easily Parsed List Format: `+i8388621.29609,m824255902,/,<TAB>name`.
    vms,        ///< `NAME.TXT;3  4/6  20-NOV-2026 10:15:00  [USER]  (RWED,RWED,RE,)`, wrapped or not.
    mvs,        ///< z/OS data sets, migrated and on tape too. Their time is the day of their last use.
    mvs_member, ///< Members of a z/OS partitioned data set, with or without statistics.
    mvs_job,    ///< z/OS JES jobs.
    os400,      ///< IBM i: `OWNER  size  date time  *STMF  name`.
    zvm,        ///< z/VM CMS minidisks and directories.
    nonstop,    ///< HP NonStop (Guardian).
    netware,    ///< `d [R----F--] owner  512  Nov 20 10:15  name`.
    os2,        ///< OS/2: `size  [A|DIR]  11-20-26  10:15  name`.
    os9,        ///< OS-9.
    vxworks,    ///< `size  Nov-20-2026  10:15:00  name  [<DIR>]`.
    macos,      ///< Peter's server for classic Mac OS.
    other,      ///< A form that no other value names.
};

/// How exactly a listing tells a file's time.
enum class time_precision : std::uint8_t { none, day, minute, second, fraction };

/// How surely a line was read. Only names that can be told for certain are ever given.
enum class confidence : std::uint8_t {
    low,    ///< The form is rare or has little to tell it by.
    medium, ///< The form is plain, but something in it was inferred: the order of a date, a year.
    high,
};

/// `name` is one path component, as bytes.
struct listed_entry : file_info {
    std::string raw{}; ///< The line as it came, without its end; the lines, parted by '\n', of a wrapped entry.
    listing_style style = listing_style::unix_ls;
    time_precision precision = time_precision::none;
    libftp::confidence confidence = libftp::confidence::high;
    std::optional<std::uint32_t> version{}; ///< Of a VMS file.
    /// The size was told in blocks, records or kilobytes: about right, but nothing to hold against bytes received.
    bool size_is_rounded = false;
};

/// Why a line gives no entry.
enum class refusal_reason : std::uint8_t {
    unknown_form,     ///< The line is in no known form, or could be in several that differ in the name.
    name_unsafe,      ///< A separator or a control byte is in the name: it is no path component.
    error_message,    ///< The server says why it tells nothing of a file, or of more files than it has told.
    elsewhere,        ///< The entry is of another directory than the one listed (`ls -R`), or of a file (IBM i).
    too_many_entries, ///< listing_context::max_entries is reached; all that follows is left out, but for this line.
};

/// A line that gives no entry, and was to give one.
struct refused_line {
    std::string raw{};
    refusal_reason reason = refusal_reason::unknown_form;
};

/// What helps to read a listing.
struct listing_context {
    file_time now{};                     ///< Decides the year of a line without one: the latest until a day later.
    std::chrono::minutes time_zone{0};   ///< What the server's clock is ahead of UTC, for lines in local time.
    std::optional<listing_style> hint{}; ///< Tried first; from SYST, or from an earlier listing of the server.
    /// Of entries and refused lines together.
    std::size_t max_entries = std::numeric_limits<std::size_t>::max();
};

/// What parse_listing() found, in the order of the listing.
struct parsed_listing {
    std::vector<listed_entry> entries{};
    std::vector<refused_line> refused{};
    /// It ended within a line: some servers leave the last line's end out, and a listing that broke off looks the same.
    /// A client also sets it where the server's reply says so.
    bool is_cut_off = false;
};

/// A whole listing, lines ended by CRLF or LF (NULs and CRs before them are dropped). What is no entry and known to be
/// none (empty lines, `total 12`, headings, summaries) is skipped. `.` and `..` are skipped as well. The order of day
/// and month is inferred from all rows; where it stays open, the month comes first. A line that would give a wrong name
/// is refused. A VMS name is told without its version, and that of a VMS directory without `.DIR`; that of a z/VM file
/// as `NAME.TYPE`. Takes time and memory proportional to the text; any bytes are fine.
parsed_listing parse_listing(std::string_view text, const listing_context& context);

/// One line of MLSD or MLST, without its end (and without MLST's leading space): facts, one space, the name to the end
/// of the line. Unknown facts are skipped. The name of an MLST line may be a path and is kept as it is.
/// Error: protocol_errc::listing_malformed.
result<listed_entry> parse_facts_line(std::string_view line);

/// What SYST or a greeting says of the listings to come; nothing where it says nothing.
std::optional<listing_style> listing_style_of_system(std::string_view system) noexcept;

std::string_view to_string(listing_style style) noexcept;
std::string_view to_string(time_precision precision) noexcept;
std::string_view to_string(confidence surely) noexcept;
std::string_view to_string(refusal_reason reason) noexcept;

} // namespace libftp
