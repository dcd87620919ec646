// Reads a whole listing line by line, in whatever form each line is; what one line leaves open, the others decide.
#include <libftp/protocol/listing_parser.hpp>

#include "listing_parser_completion.hpp"

#include <algorithm>
#include <utility>

namespace libftp {

namespace listing {

namespace {

struct form {
    listing_style style;
    row_reader read;
};

/// In the order in which they are tried; hardly any line is in two forms.
constexpr std::array forms{
    form{listing_style::facts, read_facts},
    form{listing_style::unix_ls, read_unix},
    form{listing_style::dos, read_dos},
    form{listing_style::eplf, read_eplf},
    form{listing_style::netware, read_netware},
    form{listing_style::vms, read_vms},
    form{listing_style::os400, read_os400},
    form{listing_style::mvs, read_mvs},
    form{listing_style::mvs_member, read_mvs_member},
    form{listing_style::mvs_job, read_mvs_job},
    form{listing_style::zvm, read_zvm},
    form{listing_style::nonstop, read_nonstop},
    form{listing_style::os2, read_os2},
    form{listing_style::os9, read_os9},
    form{listing_style::vxworks, read_vxworks},
    form{listing_style::unix_ls, read_numeric_unix},
    form{listing_style::other, read_connect_enterprise},
    form{listing_style::other, read_vshell},
    form{listing_style::other, read_nortel},
    form{listing_style::other, read_sixteen_bit_windows},
    form{listing_style::other, read_dls},
    form{listing_style::other, read_bare_name},
};

bool forbids_backslash(listing_style style) noexcept
{
    return style == listing_style::dos || style == listing_style::os2;
}

/// Paths of IBM i are taken apart when all lines are known.
bool is_safe_name(const listed_entry& entry) noexcept
{
    const auto is_unsafe = [&entry](char byte) {
        return (byte == '/' && entry.style != listing_style::os400) || ascii::is_control(byte) ||
               (byte == '\\' && forbids_backslash(entry.style));
    };
    return !entry.name.empty() && std::none_of(entry.name.begin(), entry.name.end(), is_unsafe);
}

class listing_reader {
public:
    explicit listing_reader(const listing_context& context) : context_(context), completion_(context_)
    {
        using namespace std::chrono_literals;
        context_.time_zone = std::clamp<std::chrono::minutes>(context_.time_zone, -24h, 24h);
        around_.hint = context_.hint;
        const auto hinted =
            std::find_if(forms.begin(), forms.end(), [&](const form& f) { return f.style == around_.hint; });
        favourite_ = hinted == forms.end() ? 0 : static_cast<std::size_t>(hinted - forms.begin());
    }

    parsed_listing read(std::string_view text)
    {
        // Servers that write through an encoder put a byte order mark in front of the first line.
        if (text.starts_with("\xef\xbb\xbf"))
            text.remove_prefix(3);
        look_ahead(text);
        listing_.is_cut_off = !text.empty() && !text.ends_with('\n');
        while (!text.empty() && take_line(text)) {
        }
        if (!held_.empty())
            release_held();
        completion_.finish(listing_);
        return std::move(listing_);
    }

private:
    static std::string_view next_line(std::string_view& text) noexcept
    {
        auto line = ascii::take_until(text, '\n');
        return line.substr(0, line.find_last_not_of(std::string_view{"\r\0", 2}) + 1);
    }

    /// Two forms can be told only by how the listing begins.
    void look_ahead(std::string_view text)
    {
        std::array<std::string_view, 2> first{};
        for (auto& line : first) {
            while (!text.empty() && line.empty())
                line = next_line(text);
        }
        around_.in_bare_names = first[0] == " ." && first[1] == " ..";
        around_.in_descriptions = true;
        around_.in_descriptions = read_dls(first[0], around_) && read_dls(first[1], around_);
    }

    /// Returns whether there is room for more.
    bool take_line(std::string_view& text)
    {
        const auto line = next_line(text);
        // Before the bound is looked at: what was held counts too, whatever becomes of it.
        if (!held_.empty() && take_continuation(line))
            return true;
        if (listing_.entries.size() + listing_.refused.size() >= context_.max_entries) {
            refuse(line, refusal_reason::too_many_entries);
            return false;
        }
        if (ascii::trimmed(line).empty()) {
            after_blank_ = true;
            follows_unix_row_ = false;
            return true;
        }
        const bool followed_unix_row = std::exchange(follows_unix_row_, false);
        const bool was_after_blank = std::exchange(after_blank_, false);
        const bool followed_own_heading = std::exchange(follows_own_heading_, false);
        if (auto r = read_row(line)) {
            add(std::move(*r), std::string{line});
        } else if (is_note(line)) {
            around_.in_data_sets = is_data_set_heading(line);
            around_.in_members = is_member_heading(line);
        } else if (is_vms_heading(line)) {
            around_.in_vms = true;
            // With nothing between them, not even that there are no files, both are names of one directory.
            if (followed_own_heading)
                own_heading_.reset();
            take_heading(line);
            follows_own_heading_ = !has_rows_ && !is_elsewhere_;
        } else if (line.ends_with(':') && was_after_blank && line.size() > 1) {
            take_heading(line);
        } else if (is_vms_error(line)) {
            if (!is_empty_vms_directory(line))
                refuse(line, refusal_reason::error_message);
        } else if (is_ls_error(line)) {
            refuse(line, refusal_reason::error_message);
        } else if (is_wrapped_vms_name(line) || (around_.in_descriptions && !is_blank(line.front()))) {
            held_ = line;
        } else if (followed_unix_row && is_blank(line.front())) {
            refuse_last_entry_with(line);
        } else if (may_lack_facts(line)) {
            add(make_row(listing_style::facts, line.substr(1), confidence::medium), std::string{line});
        } else {
            refuse(line, refusal_reason::unknown_form);
        }
        return true;
    }

    std::optional<row> read_row(std::string_view line)
    {
        if (auto r = forms[favourite_].read(line, around_)) {
            ++rows_in_form_[favourite_];
            return r;
        }
        for (std::size_t i = 0; i < forms.size(); ++i) {
            auto r = i == favourite_ ? std::nullopt : forms[i].read(line, around_);
            if (!r)
                continue;
            if (++rows_in_form_[i] > rows_in_form_[favourite_])
                favourite_ = i;
            return r;
        }
        return std::nullopt;
    }

    /// The answer to MLSD may have a line of no facts: a space and the name. Elsewhere that would be anything.
    bool may_lack_facts(std::string_view line) const
    {
        return around_.hint == listing_style::facts && forms[favourite_].style == listing_style::facts &&
               line.size() > 1 && line[0] == ' ' && !is_blank(line[1]);
    }

    /// A line behind one that had a name alone. Returns whether it belongs to it.
    bool take_continuation(std::string_view line)
    {
        auto raw = std::string{held_}.append("\n").append(line);
        if (is_vms_error(line)) {
            if (!is_empty_vms_directory(line))
                refuse(raw, refusal_reason::error_message);
        } else if (auto r = around_.in_descriptions ? read_wrapped_dls(held_, line, around_)
                                                    : read_wrapped_vms(held_, line, around_)) {
            add(std::move(*r), std::move(raw));
        } else {
            release_held();
            return false;
        }
        held_ = {};
        return true;
    }

    void release_held()
    {
        if (auto r = read_wrapped_vms(held_, {}, around_))
            add(std::move(*r), std::string{held_});
        else
            refuse(held_, refusal_reason::unknown_form);
        held_ = {};
    }

    /// `ls -R` and VMS tell of several directories. The one that was asked for is the first, whose heading is missing
    /// where entries come before all headings.
    void take_heading(std::string_view line)
    {
        if (!own_heading_)
            own_heading_ = has_rows_ ? std::string_view{} : line;
        is_elsewhere_ = line != *own_heading_;
    }

    void add(row r, std::string raw)
    {
        has_rows_ = true;
        auto& entry = r.entry;
        entry.raw = std::move(raw);
        if (completion_.skips_dots(r))
            return;
        if (entry.type == file_type::current_directory || entry.type == file_type::parent_directory)
            return;
        if (is_elsewhere_)
            return refuse(entry.raw, refusal_reason::elsewhere);
        if (!is_safe_name(entry))
            return refuse(entry.raw, refusal_reason::name_unsafe);
        completion_.count(r);
        follows_unix_row_ = entry.style == listing_style::unix_ls;
        listing_.entries.push_back(std::move(entry));
    }

    void refuse(std::string_view raw, refusal_reason reason) { listing_.refused.push_back({std::string{raw}, reason}); }

    /// A line that begins with a blank and is in no form goes on with the name before it, which held a line end.
    void refuse_last_entry_with(std::string_view line)
    {
        refuse(listing_.entries.back().raw.append("\n").append(line), refusal_reason::name_unsafe);
        listing_.entries.pop_back();
        completion_.forget_last();
    }

    listing_context context_;
    completion completion_;
    surroundings around_{};
    std::array<std::size_t, forms.size()> rows_in_form_{};
    std::size_t favourite_ = 0; ///< The form that most rows have; before the first row, the one hinted at.
    parsed_listing listing_{};
    std::string_view held_{}; ///< A name whose columns are to come in the next line.
    std::optional<std::string_view> own_heading_{};
    bool has_rows_ = false;
    bool is_elsewhere_ = false;
    bool after_blank_ = true;
    bool follows_unix_row_ = false;
    bool follows_own_heading_ = false; ///< One of VMS, which nothing but empty lines follow yet.
};

} // namespace

} // namespace listing

parsed_listing parse_listing(std::string_view text, const listing_context& context)
{
    return listing::listing_reader{context}.read(text);
}

} // namespace libftp
