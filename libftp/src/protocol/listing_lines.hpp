// What the families of listing lines have in common: a row, what is known while it is read, and who reads which form.
#pragma once

#include "listing_dates.hpp"
#include "listing_words.hpp"

#include <libftp/protocol/listing_parser.hpp>

#include <optional>
#include <string_view>

namespace libftp::listing {

/// Where IIS's names begin, one blank behind the size: with years of two digits, and with those of four.
constexpr std::size_t iis_name_column = 39;
constexpr std::size_t iis_name_column_of_long_years = 41;

/// One entry, whose date waits for the rest of the listing.
struct row {
    listed_entry entry{};
    listed_time time{};
    /// Blanks that the name begins with may be the form's: the rest of the listing tells.
    bool may_be_padded = false;
    /// Where the name begins in a line of a form that has columns, and so the blanks that it may be padded with.
    std::optional<std::size_t> name_column{};
};

inline row make_row(listing_style style, std::string_view name = {}, confidence surely = confidence::high)
{
    row r;
    r.entry.name = name;
    r.entry.style = style;
    r.entry.confidence = surely;
    return r;
}

/// What the lines before, and the caller, said of the lines to come.
struct surroundings {
    std::optional<listing_style> hint{};
    bool in_data_sets = false;    ///< Behind the heading of z/OS data sets.
    bool in_members = false;      ///< Behind the heading of a partitioned data set's members.
    bool in_vms = false;          ///< Behind the heading of a VMS directory.
    bool in_descriptions = false; ///< In a listing of /bin/dls.
    bool in_bare_names = false;   ///< In a listing of names alone, each behind one space.
};

/// Nothing if the line is not of this form. The name may still be unsafe, or `.`; `raw` is left empty.
using row_reader = std::optional<row> (*)(std::string_view line, const surroundings& around);

std::optional<row> read_facts(std::string_view line, const surroundings& around);
std::optional<row> read_unix(std::string_view line, const surroundings& around);
std::optional<row> read_numeric_unix(std::string_view line, const surroundings& around);
std::optional<row> read_netware(std::string_view line, const surroundings& around);
std::optional<row> read_connect_enterprise(std::string_view line, const surroundings& around);
std::optional<row> read_dos(std::string_view line, const surroundings& around);
std::optional<row> read_os2(std::string_view line, const surroundings& around);
std::optional<row> read_sixteen_bit_windows(std::string_view line, const surroundings& around);
std::optional<row> read_eplf(std::string_view line, const surroundings& around);
std::optional<row> read_vms(std::string_view line, const surroundings& around);
std::optional<row> read_mvs(std::string_view line, const surroundings& around);
std::optional<row> read_mvs_member(std::string_view line, const surroundings& around);
std::optional<row> read_mvs_job(std::string_view line, const surroundings& around);
std::optional<row> read_os400(std::string_view line, const surroundings& around);
std::optional<row> read_zvm(std::string_view line, const surroundings& around);
std::optional<row> read_nonstop(std::string_view line, const surroundings& around);
std::optional<row> read_os9(std::string_view line, const surroundings& around);
std::optional<row> read_vxworks(std::string_view line, const surroundings& around);
std::optional<row> read_vshell(std::string_view line, const surroundings& around);
std::optional<row> read_nortel(std::string_view line, const surroundings& around);
std::optional<row> read_dls(std::string_view line, const surroundings& around);
std::optional<row> read_bare_name(std::string_view line, const surroundings& around);

/// Whether a line is the file name of a VMS entry whose columns are to come in the next line.
bool is_wrapped_vms_name(std::string_view line);
/// Reads such an entry; the columns may say that there is none.
std::optional<row> read_wrapped_vms(std::string_view name, std::string_view columns, const surroundings& around);
/// Whether a VMS line tells an error in place of columns: an entry that may not be looked at.
bool is_vms_error(std::string_view line);
/// Whether `ls` tells why it lists nothing: `/bin/ls: /d: Permission denied`.
bool is_ls_error(std::string_view line);
/// Whether it says that there are no files at all.
bool is_empty_vms_directory(std::string_view line);
/// `Directory DISK:[NAME]` or `DISK:[NAME]`.
bool is_vms_heading(std::string_view line);

/// A name of /bin/dls that is too long for its column, and the line behind it.
std::optional<row> read_wrapped_dls(std::string_view name, std::string_view columns, const surroundings& around);

/// `1234`, `1,234,567`, `1.234.567`: digits, which may stand in groups of three.
std::optional<std::uint64_t> read_grouped_size(std::string_view word);

/// Lines that are known to be no entries: totals, headings, summaries.
bool is_note(std::string_view line);
bool is_data_set_heading(std::string_view line);
/// The heading of the members of a partitioned data set.
bool is_member_heading(std::string_view line);

} // namespace libftp::listing
