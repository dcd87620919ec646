// What a single line leaves open and the whole listing decides: the order of dates, padding, paths, a line cut short.
#pragma once

#include "listing_lines.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace libftp::listing {

/// Is told of each entry when it is added to the listing, and completes them all.
class completion {
public:
    /// `context` outlives this.
    explicit completion(const listing_context& context) noexcept : orders_(context) {}

    /// Whether this is `.` or `..`. They tell how many blanks the form puts before names.
    bool skips_dots(const row& r);
    void count(const row& r);
    void forget_last() { waiting_.pop_back(); }
    void finish(parsed_listing& listing);

private:
    struct waiting_facts {
        listed_time time{};
        bool may_be_padded = false;

        [[nodiscard]] bool has_date() const noexcept { return time.valid != 0 || time.moment.has_value(); }
    };

    void count_column(const row& r);
    [[nodiscard]] std::size_t padding() const noexcept;
    std::optional<refusal_reason> complete(listed_entry& entry, const waiting_facts& waiting, bool one_path) const;

    order_finder orders_;
    std::vector<waiting_facts> waiting_{}; // one for each entry
    std::optional<std::size_t> padding_of_dots_{};
    std::size_t least_padding_ = std::numeric_limits<std::size_t>::max();
    std::size_t padded_names_ = 0;
    // Where the names of rows begin: of those whose name may be padded, and of those whose name cannot.
    std::optional<std::size_t> padded_column_{};
    std::optional<std::size_t> plain_column_{};
};

} // namespace libftp::listing
