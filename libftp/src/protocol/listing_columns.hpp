// The columns that all long listings have: numbers, names of users, a size, a date and the name.
#pragma once

#include "listing_lines.hpp"

namespace libftp::listing {

using date_taker = bool (*)(std::string_view& text, listed_time& time);

/// Takes all columns up to the date, and the date, which is returned with the blanks in front of it. How many columns
/// there are depends on the server; two at least are, and so an owner called May is none.
std::optional<std::string_view> take_columns_and_date(std::string_view& text, row& r, date_taker take,
                                                      std::size_t columns_without_meaning = 0);

/// The name begins behind one blank; whether more of them are the form's is mostly for the whole listing to tell.
bool take_name(std::string_view text, row& r);

} // namespace libftp::listing
