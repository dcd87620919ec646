// Puts lines of a listing into the order of ls.
#pragma once

#include <libftp/protocol/file_info.hpp>
#include <libftp/protocol/list_argument.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace libftp {

/// Keeps the text of the lines and what decides between them, not the facts: these take several times the room, and
/// the caches that the kernel needs to look up the next names.
class sorted_lines {
public:
    struct line {
        std::uint64_t rank = 0; ///< The greater comes first.
        std::size_t name_at = 0;
        std::size_t name_bytes = 0;
        std::size_t line_bytes = 0; ///< It stands behind the name.
        bool is_directory = false;
    };

    /// Forgets all lines, and keeps their memory.
    void clear() noexcept
    {
        lines_.clear();
        text_.clear();
        shown_ = 0;
    }

    /// `write` appends the entry's line to a text.
    template <class Write>
    void add(const file_info& entry, list_order order, Write write)
    {
        const auto name_at = text_.size();
        text_ += entry.name;
        const auto line_at = text_.size();
        write(text_);
        lines_.push_back({.rank = rank_of(entry, order),
                          .name_at = name_at,
                          .name_bytes = line_at - name_at,
                          .line_bytes = text_.size() - line_at,
                          .is_directory = entry.type == file_type::directory});
    }

    /// Those that were added by the order of these options.
    void sort(const list_options& options);

    [[nodiscard]] std::size_t size() const noexcept { return lines_.size(); }
    [[nodiscard]] bool has_more() const noexcept { return shown_ < lines_.size(); }
    /// The next line, valid until something is added. Precondition: has_more().
    [[nodiscard]] std::string_view take() noexcept
    {
        const auto& next = lines_[shown_++];
        return {text_.data() + next.name_at + next.name_bytes, next.line_bytes};
    }

    [[nodiscard]] const std::vector<line>& lines() const noexcept { return lines_; }
    [[nodiscard]] std::string_view name_of(const line& of) const noexcept
    {
        return {text_.data() + of.name_at, of.name_bytes};
    }

private:
    static std::uint64_t rank_of(const file_info& entry, list_order order) noexcept;

    std::vector<line> lines_;
    std::string text_;
    std::size_t shown_ = 0;
};

} // namespace libftp
