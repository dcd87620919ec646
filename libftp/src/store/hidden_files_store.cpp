// Keeps names that fit a pattern out of paths and listings.
#include <libftp/store/restricted_stores.hpp>

#include "../protocol/ascii.hpp"

#include <libftp/protocol/glob.hpp>
#include <libftp/store/store_decorator.hpp>

#include <algorithm>
#include <utility>

namespace libftp {
namespace {

class name_filter {
public:
    explicit name_filter(std::vector<std::string> list) : list_(std::move(list)) {}

    /// Whether one of the names in a path is hidden.
    [[nodiscard]] bool match(std::string_view path) const
    {
        while (!path.empty()) {
            const auto name = ascii::take_until(path, '/');
            if (!name.empty() && is_hidden(name))
                return true;
        }
        return false;
    }

    [[nodiscard]] bool match(const store_path& path) const { return match(path.relative()); }

    /// Why nothing can be made at a path: in a directory that does not exist, or under a name that may not exist.
    [[nodiscard]] std::error_code refusal_of_new(const store_path& path) const
    {
        if (!match(path))
            return {};
        return match(path.parent()) ? store_errc::not_found : store_errc::name_not_allowed;
    }

private:
    [[nodiscard]] bool is_hidden(std::string_view name) const
    {
        return std::any_of(list_.begin(), list_.end(),
                           [name](const std::string& pattern) { return glob_matches(pattern, name); });
    }

    std::vector<std::string> list_;
};

class visible_entries final : public directory_reader {
public:
    visible_entries(std::unique_ptr<directory_reader> inner, std::shared_ptr<const name_filter> hidden)
        : inner_(std::move(inner)), hidden_(std::move(hidden))
    {
    }

    result<bool> next(file_info& entry) override
    {
        while (true) {
            entry.clear();
            auto read = inner_->next(entry);
            if (!read || !*read)
                return read;
            if (hidden_->match(entry.name))
                continue;
            if (hidden_->match(entry.link_target))
                entry.link_target.clear();
            return true;
        }
    }

    void expect_only(fact_set facts) override { inner_->expect_only(facts); }

private:
    std::unique_ptr<directory_reader> inner_;
    std::shared_ptr<const name_filter> hidden_;
};

class hidden_files_store final : public store_decorator {
public:
    hidden_files_store(std::shared_ptr<file_store> inner, std::vector<std::string> patterns)
        : store_decorator(std::move(inner)), hidden_(std::make_shared<const name_filter>(std::move(patterns)))
    {
    }

    result<file_info> stat(const store_path& path) override
    {
        if (hidden_->match(path))
            return store_errc::not_found;
        return inner()->stat(path);
    }

    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override
    {
        if (hidden_->match(path))
            return store_errc::not_found;
        return inner()->open_read(path, offset);
    }

    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override
    {
        if (const auto refusal = hidden_->refusal_of_new(path))
            return refusal;
        return inner()->open_write(path, options);
    }

    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override
    {
        if (hidden_->match(path))
            return store_errc::not_found;
        auto opened = inner()->open_directory(path);
        if (!opened)
            return opened;
        return std::make_unique<visible_entries>(*std::move(opened), hidden_);
    }

    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override
    {
        if (const auto refusal = hidden_->refusal_of_new(path))
            return refusal;
        return inner()->make_directory(path, umask);
    }

    result<void> remove_directory(const store_path& path) override
    {
        if (hidden_->match(path))
            return store_errc::not_found;
        return inner()->remove_directory(path);
    }

    result<void> remove_file(const store_path& path) override
    {
        if (hidden_->match(path))
            return store_errc::not_found;
        return inner()->remove_file(path);
    }

    result<void> rename(const store_path& from, const store_path& to) override
    {
        if (hidden_->match(from))
            return store_errc::not_found;
        if (const auto refusal = hidden_->refusal_of_new(to))
            return refusal;
        return inner()->rename(from, to);
    }

    result<void> rename_to_new(const store_path& from, const store_path& to) override
    {
        if (hidden_->match(from))
            return store_errc::not_found;
        if (const auto refusal = hidden_->refusal_of_new(to))
            return refusal;
        return inner()->rename_to_new(from, to);
    }

    result<void> set_attributes(const store_path& path, const attribute_changes& changes) override
    {
        if (hidden_->match(path))
            return store_errc::not_found;
        return inner()->set_attributes(path, changes);
    }

    result<void> make_symbolic_link(const store_path& target, const store_path& link) override
    {
        // Through a link to it, a hidden name could be reached.
        if (hidden_->match(target))
            return store_errc::name_not_allowed;
        if (const auto refusal = hidden_->refusal_of_new(link))
            return refusal;
        return inner()->make_symbolic_link(target, link);
    }

    result<std::uint64_t> available_space(const store_path& path) override
    {
        if (hidden_->match(path))
            return store_errc::not_found;
        return inner()->available_space(path);
    }

private:
    std::shared_ptr<const name_filter> hidden_; ///< Listings may outlive the store.
};

} // namespace

std::shared_ptr<file_store> make_hidden_files_store(std::shared_ptr<file_store> inner,
                                                    std::vector<std::string> patterns)
{
    return std::make_shared<hidden_files_store>(std::move(inner), std::move(patterns));
}

} // namespace libftp
