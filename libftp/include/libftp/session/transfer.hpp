// What stands between a store and a data connection: conversions of the representation type, and listings as a stream.
#pragma once

#include <libftp/protocol/listing_format.hpp>
#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace libftp {

/// The bytes of `file` with line ends as TYPE A sends them (RFC 959 3.1.1.1). Never offers a native file.
std::unique_ptr<file_reader> make_ascii_reader(std::unique_ptr<file_reader> file);

/// Takes bytes as TYPE A sends them and writes them to `file` with the store's line ends.
std::unique_ptr<file_writer> make_ascii_writer(std::unique_ptr<file_writer> file);

/// The forms of a directory listing on the data connection.
enum class listing_form : std::uint8_t { unix_lines, names, facts };

struct listing_style {
    listing_form form = listing_form::unix_lines;
    fact_set facts{};          ///< For listing_form::facts.
    permissions allowed{};     ///< For the perm fact.
    file_time now{};           ///< For the year or time of listing_form::unix_lines.
    std::string name_prefix{}; ///< Before each name of listing_form::names.
};

/// The text of a listing, made while it is read: memory does not depend on the number of entries. Names that a line
/// cannot carry are left out.
std::unique_ptr<file_reader> make_listing_reader(std::unique_ptr<directory_reader> directory, listing_style style);

/// A directory reader that gives one entry.
std::unique_ptr<directory_reader> make_single_entry(file_info entry);

} // namespace libftp
