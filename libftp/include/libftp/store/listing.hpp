// Directory listings as a stream of text: what LIST, NLST, MLSD and STAT send (RFC 959 4.1.3, RFC 3659 7).
#pragma once

#include <libftp/protocol/list_argument.hpp>
#include <libftp/protocol/listing_format.hpp>
#include <libftp/result.hpp>
#include <libftp/store/access_rules.hpp>
#include <libftp/store/file_store.hpp>
#include <libftp/store/store_path.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace libftp {

/// What each line of a listing says.
enum class listing_form : std::uint8_t { unix_lines, names, facts };

/// Where a listing ends with an error instead of going on for ever.
struct listing_limits {
    std::size_t max_depth = store_path::max_bytes / 2; ///< Directories within directories, with -R and in patterns.
    std::uint64_t max_entries = 1'000'000;  ///< Looked at by one listing with -R or a pattern. Others have no bound.
    std::size_t max_sorted_entries = 2'048; ///< More are sorted in parts of this size, which are read at once.
    std::size_t max_waiting = 65'536;       ///< Directories found and not yet read, with -R and in patterns.
};

/// What is to be listed, and for whom.
struct listing_request {
    listing_form form = listing_form::unix_lines;
    store_path directory{}; ///< The working directory.
    std::string path{};     ///< As the client wrote it: a path from there, or a pattern. Empty: that directory.
    list_options options{}; ///< None for listing_form::facts.
    fact_set facts{};       ///< For listing_form::facts.
    access_rules allowed{}; ///< For the perm fact; and what may not be listed is left out.
    file_time now{};        ///< For the year or time of listing_form::unix_lines.
    listing_limits limits{};
};

/// The text, made while it is read: memory does not depend on the number of entries. LIST and NLST sort as ls does, by
/// bytes, within parts of limits.max_sorted_entries; listing_form::facts keeps the store's order. Names that a line
/// cannot carry are left out, and so is what `allowed` lets nobody use at all. Names with a dot in front are not
/// hidden.
///
/// A path that names a directory gives what is in it. A file gives its one line, a pattern one for each path that fits,
/// with -d a directory its own: these go by the name that the client gave, but for a file in unix_lines, where programs
/// expect the last component. A path that exists is taken as it is, even if it
/// looks like a pattern. In patterns `..` may stand before the first component that is one, only
/// directories are searched (not what links lead to), and a dot in front fits only a dot.
///
/// Names of listing_form::names can be used as they are: `NLST d` gives `d/b.txt` (RFC 1123 4.1.2.7). With -R the
/// directories follow one another: in unix_lines behind an empty line and a heading, such as `./sub/deeper:` or
/// `d/sub:`, in names as paths. Links are not followed, and directories that the store refuses to open are passed over.
///
/// Errors: the store's; store_errc::not_a_directory for a file by listing_form::facts; store_errc::not_found for a
/// pattern that fits nothing; store_errc::permission_denied. The reader's own errors, and those of a pattern that fits
/// nothing within the limits: the store's, and store_errc::limit_exceeded beyond the limits.
result<std::unique_ptr<file_reader>> open_listing(const std::shared_ptr<file_store>& store,
                                                  const listing_request& request);

} // namespace libftp
