// Completes the entries of a listing when all its lines are known.
#include "listing_parser_completion.hpp"

#include <algorithm>
#include <utility>

namespace libftp::listing {

namespace {

std::string_view path_of(const listed_entry& entry) noexcept
{
    const std::string_view name = entry.name;
    return name.substr(0, name.rfind('/') + 1);
}

/// IBM i puts a path before each name if one was asked for; else a path leads to the members of a listed file.
bool has_one_path(const std::vector<listed_entry>& entries)
{
    const listed_entry* first = nullptr;
    for (const auto& entry : entries) {
        if (entry.style != listing_style::os400)
            continue;
        if (first != nullptr && path_of(entry) != path_of(*first))
            return false;
        first = &entry;
    }
    return true;
}

std::size_t blanks_before(std::string_view name) noexcept
{
    return std::min(name.find_first_not_of(' '), name.size());
}

} // namespace

void completion::count_column(const row& r)
{
    if (!r.name_column)
        return;
    auto& least = r.may_be_padded ? padded_column_ : plain_column_;
    least = std::min(least.value_or(*r.name_column), *r.name_column);
}

bool completion::skips_dots(const row& r)
{
    count_column(r);
    const auto blanks_in_front = r.may_be_padded ? blanks_before(r.entry.name) : 0;
    const auto name = std::string_view{r.entry.name}.substr(blanks_in_front);
    if (name != "." && name != "..")
        return false;
    if (r.may_be_padded)
        padding_of_dots_ = blanks_in_front;
    return true;
}

void completion::count(const row& r)
{
    if (r.may_be_padded) {
        least_padding_ = std::min(least_padding_, blanks_before(r.entry.name));
        ++padded_names_;
    }
    orders_.count(r.entry.style, r.time);
    waiting_.push_back({r.time, r.may_be_padded});
}

/// How many blanks all names owe to the form: as many as `.` does, or else what they have in common where it brings
/// them to the column of the other names, or is more than anybody would begin all names with. That may be a single one
/// in a form with columns that are not IIS's.
std::size_t completion::padding() const noexcept
{
    if (padding_of_dots_ || padded_names_ == 0)
        return padding_of_dots_.value_or(0);
    const bool reaches_column = padded_column_ && plain_column_ && *padded_column_ + least_padding_ == *plain_column_;
    const bool has_own_columns =
        padded_column_ && *padded_column_ != iis_name_column && *padded_column_ != iis_name_column_of_long_years;
    const bool is_common = padded_names_ > 1 && (least_padding_ > 1 || has_own_columns);
    return reaches_column || is_common ? least_padding_ : 0;
}

/// Returns why the entry is to be refused, if it is.
std::optional<refusal_reason> completion::complete(listed_entry& entry, const waiting_facts& waiting,
                                                   bool one_path) const
{
    if (waiting.may_be_padded)
        entry.name.erase(0, std::min({padding(), blanks_before(entry.name), entry.name.size() - 1}));
    if (const auto path = path_of(entry); !path.empty()) {
        if (!one_path)
            return refusal_reason::elsewhere;
        entry.name.erase(0, path.size());
        if (entry.name.empty() || entry.name == "." || entry.name == "..")
            return refusal_reason::name_unsafe;
    }
    const auto [moment, is_certain] = orders_.resolve(entry.style, waiting.time);
    if (moment) {
        entry.modified = moment;
        entry.precision = waiting.time.precision;
        if (!is_certain)
            entry.confidence = std::min(entry.confidence, confidence::medium);
    }
    return std::nullopt;
}

void completion::finish(parsed_listing& listing)
{
    auto& entries = listing.entries;
    auto& refused = listing.refused;
    // A long line that lost its end may look like one without the column of the date.
    if (listing.is_cut_off && entries.size() > 1 && entries.back().style == listing_style::unix_ls &&
        entries.back().confidence == confidence::low && !waiting_.back().has_date() && waiting_.front().has_date()) {
        refused.push_back({std::move(entries.back().raw), refusal_reason::unknown_form});
        entries.pop_back();
    }
    const bool one_path = has_one_path(entries);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (const auto reason = complete(entries[i], waiting_[i], one_path))
            refused.push_back({std::move(entries[i].raw), *reason});
        else if (kept++ != i)
            entries[kept - 1] = std::move(entries[i]);
    }
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(kept), entries.end());
}

} // namespace libftp::listing
