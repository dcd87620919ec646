// Turns what a store knows into the lines of a listing, a window of entries at a time.
#include <libftp/store/listing.hpp>

#include "generated_reader.hpp"
#include "listing_walk.hpp"
#include "pattern_reader.hpp"
#include "sorted_lines.hpp"

#include <libftp/protocol/glob.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace libftp {

namespace {

/// What a line of this form and order is made of, so that a store need not look for more.
fact_set facts_of(const listing_request& request)
{
    if (request.form == listing_form::facts)
        return request.facts;
    if (request.form == listing_form::unix_lines)
        return {fact::type, fact::size, fact::modify, fact::unix_mode, fact::unix_owner, fact::unix_group};
    fact_set wanted;
    if (request.options.is_recursive)
        wanted.insert(fact::type);
    if (request.options.marks_types) {
        wanted.insert(fact::type);
        wanted.insert(fact::unix_mode);
    }
    if (request.options.order == list_order::by_time)
        wanted.insert(fact::modify);
    if (request.options.order == list_order::by_size)
        wanted.insert(fact::size);
    return wanted;
}

/// No line says "total", as ls has it before each directory: only the disk knows its blocks, the common servers leave
/// it out, and some clients take it for an entry.
class listing_reader final : public generated_reader {
public:
    /// `place`: what the names of `entries` are relative to.
    listing_reader(std::shared_ptr<file_store> store, listing_request request, store_path place,
                   std::unique_ptr<directory_reader> entries)
        : store_(std::move(store)), request_(std::move(request)), walk_(std::move(place), request_.limits),
          entries_(std::move(entries)), wanted_(facts_of(request_)), allowed_here_(request_.allowed, walk_.place())
    {
        entries_->expect_only(wanted_);
    }

private:
    result<bool> fill(std::string& text) override
    {
        constexpr std::size_t piece_bytes = 16 * 1024;
        if (!std::exchange(is_begun_, true))
            append_dots(text);
        while (text.size() < piece_bytes) {
            if (window_.has_more()) {
                text.append(window_.take());
            } else if (entries_) {
                if (auto loaded = has_order() ? load_window() : append_next(text); !loaded)
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

    /// What comes in the store's order need not wait for others.
    [[nodiscard]] bool has_order() const noexcept { return request_.form != listing_form::facts; }

    /// Puts the next entry that may be shown into entry_; false: there is none, and the directory is done.
    result<bool> read_entry()
    {
        while (true) {
            entry_.clear();
            auto more = entries_->next(entry_);
            if (!more)
                return more;
            if (!*more) {
                entries_.reset();
                return false;
            }
            if (request_.options.is_recursive) {
                if (auto counted = walk_.count_entry(); !counted)
                    return counted.error();
            }
            if (is_listable_name(entry_.name) && allowed_here_.at(entry_.name) != permissions{})
                return true;
        }
    }

    result<void> append_next(std::string& text)
    {
        const auto more = read_entry();
        if (!more)
            return more.error();
        if (*more)
            append(text, entry_);
        return {};
    }

    result<void> load_window()
    {
        const auto& options = request_.options;
        const auto most = std::max<std::size_t>(1, request_.limits.max_sorted_entries);
        window_.clear();
        while (window_.size() < most) {
            const auto more = read_entry();
            if (!more)
                return more.error();
            if (!*more)
                break;
            window_.add(entry_, options.order, [this](std::string& line) { append(line, entry_); });
        }
        window_.sort(options);
        return options.is_recursive ? add_directories() : result<void>{};
    }

    /// Those of the window are to be listed too.
    result<void> add_directories()
    {
        for (const auto& line : window_.lines()) {
            if (!line.is_directory)
                continue;
            if (auto added = walk_.add(window_.name_of(line)); !added)
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
        entries_->expect_only(wanted_);
        allowed_here_ = {request_.allowed, walk_.place()};
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
            append_facts(text, entry, request_.facts, allowed_here_.at(entry.name), entry.name);
            break;
        }
        text.append("\r\n");
    }

    std::shared_ptr<file_store> store_;
    listing_request request_; ///< Its path is what stands before names: empty, or ends with a slash.
    directory_walk walk_;
    std::unique_ptr<directory_reader> entries_;
    fact_set wanted_;
    entry_permissions allowed_here_;
    file_info entry_; ///< Used again and again, so that its strings keep their memory.
    sorted_lines window_;
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
