// The way of a listing through directories below one another, within limits.
#pragma once

#include <libftp/store/listing.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// What the account may do with the entries of a directory. Rules must outlive it.
class entry_permissions {
public:
    entry_permissions(const access_rules& allowed, const store_path& directory);

    [[nodiscard]] permissions at(std::string_view name) const;

private:
    const access_rules* allowed_;
    store_path directory_{};
    std::optional<permissions> same_for_all_{}; ///< Where no rule makes a difference, so that no path need be made.
};

/// A directory with this one entry.
std::unique_ptr<directory_reader> make_single_entry(file_info entry);

/// Enters directories depth first, beginning in `start`. It keeps only the names of those still to be entered.
class directory_walk {
public:
    directory_walk(store_path start, const listing_limits& limits);

    /// One more entry was looked at. Error: store_errc::limit_exceeded for one too many.
    result<void> count_entry();
    /// Found a directory in the present one. Those found first are entered first.
    /// Error: store_errc::limit_exceeded beyond the limits.
    result<void> add(std::string_view name);
    /// Goes on to the next directory; false: there is none.
    bool enter_next();
    /// Opens the present directory; null if it has vanished or may not be read, for it must not hide the others.
    result<std::unique_ptr<directory_reader>> open(file_store& store, const access_rules& allowed) const;

    [[nodiscard]] const store_path& place() const noexcept { return place_; }
    /// From where it began: empty there, else `sub/deeper/`.
    [[nodiscard]] const std::string& relative() const noexcept { return relative_; }
    /// Directories between where it began and here, this one included: 0 where it began.
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

private:
    struct waiting {
        std::string name;
        std::size_t parent_bytes; ///< Of the parent's relative().
        std::size_t depth;
    };

    store_path start_;
    listing_limits limits_;
    store_path place_;
    std::string relative_;
    std::size_t depth_ = 0;
    std::uint64_t entries_ = 0;
    std::vector<waiting> found_;   ///< In the present directory.
    std::vector<waiting> waiting_; ///< The next one last.
};

} // namespace libftp
