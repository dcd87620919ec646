// Turns what a store knows into the lines of a listing, a window of entries at a time.
#include <libftp/store/listing.hpp>

#include "generated_reader.hpp"
#include "listing_walk.hpp"
#include "pattern_reader.hpp"

#include <libftp/protocol/glob.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace libftp {

namespace {

/// The order of ls: the newest and the biggest come first, and names decide between equals.
bool comes_before(const file_info& left, const file_info& right, list_order order)
{
    if (order == list_order::by_time && left.modified != right.modified)
        return left.modified > right.modified;
    if (order == list_order::by_size && left.size != right.size)
        return left.size > right.size;
    return left.name < right.name;
}

/// No line says "total", as ls has it before each directory: only the disk knows its blocks, the common servers leave
/// it out, and some clients take it for an entry.
class listing_reader final : public generated_reader {
public:
    /// `place`: what the names of `entries` are relative to.
    listing_reader(std::shared_ptr<file_store> store, listing_request request, store_path place,
                   std::unique_ptr<directory_reader> entries)
        : store_(std::move(store)), request_(std::move(request)), walk_(std::move(place), request_.limits),
          entries_(std::move(entries))
    {
    }

private:
    result<bool> fill(std::string& text) override
    {
        constexpr std::size_t piece_bytes = 16 * 1024;
        if (!std::exchange(is_begun_, true))
            append_dots(text);
        while (text.size() < piece_bytes) {
            if (shown_ < window_.size()) {
                append(text, window_[shown_++]);
            } else if (entries_) {
                if (auto loaded = load_window(); !loaded)
                    return loaded.error();
            } else {
                if (!walk_.enter_next())
                    return false;
                if (auto begun = begin_directory(text); !begun)
                    return begun.error();
            }
        }
        return true;
    }

    result<void> load_window()
    {
        const auto& options = request_.options;
        // What comes in the store's order need not wait for others.
        const std::size_t most =
            request_.form == listing_form::facts ? 1 : std::max<std::size_t>(1, request_.limits.max_sorted_entries);
        window_.clear();
        shown_ = 0;
        while (window_.size() < most) {
            file_info entry;
            const auto more = entries_->next(entry);
            if (!more)
                return more.error();
            if (!*more) {
                entries_.reset();
                break;
            }
            if (options.is_recursive) {
                if (auto counted = walk_.count_entry(); !counted)
                    return counted;
            }
            if (may_show(request_.allowed, walk_.place(), entry.name))
                window_.push_back(std::move(entry));
        }
        std::sort(window_.begin(), window_.end(), [&options](const file_info& a, const file_info& b) {
            return options.is_reversed ? comes_before(b, a, options.order) : comes_before(a, b, options.order);
        });
        return options.is_recursive ? add_directories() : result<void>{};
    }

    /// Those of the window are to be listed too.
    result<void> add_directories()
    {
        for (const auto& entry : window_) {
            if (entry.type != file_type::directory)
                continue;
            if (auto added = walk_.add(entry.name); !added)
                return added;
        }
        return {};
    }

    /// Headings are those of ls -R, from the path that the client gave.
    result<void> begin_directory(std::string& text)
    {
        auto opened = walk_.open(*store_, request_.allowed);
        if (!opened)
            return opened.error();
        entries_ = std::move(*opened);
        if (!entries_)
            return {};
        if (request_.form == listing_form::unix_lines) {
            text.append("\r\n").append(request_.path.empty() ? "./" : request_.path).append(walk_.relative());
            text.pop_back();
            text.append(":\r\n");
        }
        append_dots(text);
        return {};
    }

    /// What -a adds in front of a directory's entries.
    void append_dots(std::string& text)
    {
        if (!request_.options.shows_dots)
            return;
        append_dot(text, ".", file_type::current_directory);
        append_dot(text, "..", file_type::parent_directory);
    }

    void append_dot(std::string& text, std::string_view name, file_type type)
    {
        const auto path = walk_.place().resolve(name);
        if (!path || !request_.allowed.at(*path).allows(permission::list))
            return;
        if (auto info = store_->stat(*path)) {
            info->name = name;
            info->type = type;
            append(text, *info);
        }
    }

    void append(std::string& text, const file_info& entry)
    {
        const auto mark = request_.options.marks_types ? type_mark(entry) : std::string_view{};
        switch (request_.form) {
        case listing_form::unix_lines: append_unix_line(text, entry, request_.now, mark); return;
        case listing_form::names:
            text.append(request_.path).append(walk_.relative()).append(entry.name).append(mark);
            break;
        case listing_form::facts:
            append_facts(text, entry, request_.facts, allowed_for_entry(request_.allowed, walk_.place(), entry.name),
                         entry.name);
            break;
        }
        text.append("\r\n");
    }

    std::shared_ptr<file_store> store_;
    listing_request request_; ///< Its path is what stands before names: empty, or ends with a slash.
    directory_walk walk_;
    std::unique_ptr<directory_reader> entries_;
    std::vector<file_info> window_;
    std::size_t shown_ = 0; ///< How many of the window are in the text already.
    bool is_begun_ = false;
};

/// What options leave of the choice between LIST and NLST.
listing_form form_of(const listing_request& request)
{
    if (request.form == listing_form::unix_lines && request.options.is_short)
        return listing_form::names;
    if (request.form == listing_form::names && request.options.is_long)
        return listing_form::unix_lines;
    return request.form;
}

} // namespace

result<std::unique_ptr<file_reader>> open_listing(const std::shared_ptr<file_store>& store,
                                                  const listing_request& request)
{
    auto wanted = request;
    wanted.form = form_of(request);
    if (wanted.form == listing_form::facts)
        wanted.options = {};
    if (wanted.path.empty())
        wanted.path = ".";
    const auto path = wanted.directory.resolve(wanted.path);
    if (!path)
        return path.error();
    if (!wanted.allowed.at(*path).allows(permission::list))
        return store_errc::permission_denied;

    std::error_code no_directory;
    if (!wanted.options.lists_itself) {
        auto directory = store->open_directory(*path);
        if (directory) {
            if (wanted.path == ".")
                wanted.path.clear();
            else if (!wanted.path.ends_with('/'))
                wanted.path += '/';
            return std::make_unique<listing_reader>(store, std::move(wanted), *path, std::move(*directory));
        }
        const auto refusal = to_store_errc(directory.error());
        const bool may_be_a_line = refusal == store_errc::not_a_directory || refusal == store_errc::not_found;
        if (wanted.form == listing_form::facts || !may_be_a_line)
            return directory.error();
        no_directory = directory.error();
    }

    std::unique_ptr<directory_reader> entries;
    auto place = wanted.directory;
    if (auto info = store->stat(*path)) {
        if (no_directory && info->is_directory()) // it has come since
            return no_directory;
        info->name = wanted.path;
        // A program that reads the line expects a name, not a path.
        if (wanted.form == listing_form::unix_lines && !info->is_directory()) {
            info->name = path->name();
            place = path->parent();
        }
        entries = make_single_entry(std::move(*info));
    } else {
        if (to_store_errc(info.error()) != store_errc::not_found || !is_glob(wanted.path))
            return info.error();
        auto matches = open_pattern(store, wanted);
        if (!matches)
            return matches.error();
        entries = std::move(*matches);
    }
    // Each line stands for itself, and its name is the path already.
    wanted.path.clear();
    wanted.options.is_recursive = false;
    wanted.options.shows_dots = false;
    return std::make_unique<listing_reader>(store, std::move(wanted), std::move(place), std::move(entries));
}

} // namespace libftp
