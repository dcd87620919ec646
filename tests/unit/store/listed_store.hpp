// A store that holds nothing but facts, exactly those that a test of listings gives it, in their order.
#pragma once

#include <doctest/doctest.h>

#include <libftp/store/listing.hpp>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace libftp {

inline store_path path(std::string_view text)
{
    return store_path{}.resolve(text).value();
}

class listed_store final : public file_store {
public:
    listed_store() { directories_["/"]; }

    void add(const std::string& directory, file_info entry)
    {
        const auto place = path(directory).resolve(entry.name);
        if (place && entry.type == file_type::directory)
            directories_[place->string()];
        directories_[directory].push_back(std::move(entry));
    }
    void fail_opening(const std::string& directory, std::error_code error) { not_opened_[directory] = error; }
    /// Once all entries have been read.
    void fail_reading(const std::string& directory, std::error_code error) { not_read_[directory] = error; }

    result<file_info> stat(const store_path& place) override
    {
        if (place.is_root())
            return file_info{.type = file_type::directory};
        const auto parent = directories_.find(place.parent().string());
        if (parent == directories_.end())
            return missing(place);
        for (const auto& entry : parent->second) {
            if (entry.name == place.name())
                return entry;
        }
        return missing(place);
    }

    result<std::unique_ptr<directory_reader>> open_directory(const store_path& place) override
    {
        if (const auto failure = not_opened_.find(place.string()); failure != not_opened_.end())
            return failure->second;
        const auto directory = directories_.find(place.string());
        if (directory == directories_.end())
            return stat(place) ? store_errc::not_a_directory : missing(place);
        ++opened;
        const auto failure = not_read_.find(place.string());
        return std::make_unique<reader>(directory->second,
                                        failure == not_read_.end() ? std::error_code{} : failure->second);
    }

    result<std::unique_ptr<file_reader>> open_read(const store_path&, std::uint64_t) override { return refused(); }
    result<std::unique_ptr<file_writer>> open_write(const store_path&, const write_options&) override
    {
        return refused();
    }
    result<void> make_directory(const store_path&, std::optional<std::uint32_t>) override { return refused(); }
    result<void> remove_directory(const store_path&) override { return refused(); }
    result<void> remove_file(const store_path&) override { return refused(); }
    result<void> rename(const store_path&, const store_path&) override { return refused(); }

    int opened = 0; ///< Directories, so far.

private:
    class reader final : public directory_reader {
    public:
        reader(const std::vector<file_info>& entries, std::error_code failure) : entries_(entries), failure_(failure) {}
        result<bool> next(file_info& entry) override
        {
            if (next_ < entries_.size()) {
                put(entries_[next_++], entry);
                return true;
            }
            if (failure_)
                return failure_;
            return false;
        }

    private:
        /// As stores do that say what they know, and nothing about the rest.
        static void put(const file_info& known, file_info& entry)
        {
            const auto size = known.size ? known.size : entry.size;
            const auto modified = known.modified ? known.modified : entry.modified;
            entry = known;
            entry.size = size;
            entry.modified = modified;
        }

        const std::vector<file_info>& entries_;
        std::error_code failure_;
        std::size_t next_ = 0;
    };

    static std::error_code refused() { return store_errc::not_supported; }

    /// As a disk has it: below a file there is no directory to look into.
    store_errc missing(const store_path& place)
    {
        const auto parent = place.parent();
        const bool is_below_file = !place.is_root() && directories_.count(parent.string()) == 0 && stat(parent);
        return is_below_file ? store_errc::not_a_directory : store_errc::not_found;
    }

    std::map<std::string, std::vector<file_info>> directories_;
    std::map<std::string, std::error_code> not_opened_;
    std::map<std::string, std::error_code> not_read_;
};

/// All that is still to be read, in pieces of an odd size.
inline std::string rest_of(file_reader& reader)
{
    std::string text;
    std::array<char, 7> piece{};
    while (const auto bytes = reader.read(piece).value())
        text.append(piece.data(), bytes);
    return text;
}

/// The request, for an account that may do all unless it says otherwise.
inline listing_request allowed_all(listing_request request)
{
    if (!request.allowed.allow_somewhere(permission::list))
        request.allowed = permissions::full();
    return request;
}

inline std::string listed(const std::shared_ptr<listed_store>& store, listing_request request)
{
    request.now = file_time{} + std::chrono::hours{24 * 365 * 10};
    CAPTURE(request.path);
    auto reader = open_listing(store, allowed_all(std::move(request)));
    REQUIRE(reader);
    return rest_of(**reader);
}

inline std::string names(const std::shared_ptr<listed_store>& store, std::string path, list_options options = {},
                         access_rules allowed = {})
{
    return listed(
        store,
        {.form = listing_form::names, .path = std::move(path), .options = options, .allowed = std::move(allowed)});
}

inline std::error_code error_of(const std::shared_ptr<listed_store>& store, listing_request request)
{
    auto reader = open_listing(store, allowed_all(std::move(request)));
    return reader ? std::error_code{} : reader.error();
}

/// The error that the reader of a listing ends with.
inline std::error_code reading_error_of(const std::shared_ptr<listed_store>& store, listing_request request)
{
    auto reader = open_listing(store, allowed_all(std::move(request)));
    REQUIRE(reader);
    std::array<char, 4096> piece{};
    while (true) {
        const auto bytes = (*reader)->read(piece);
        if (!bytes)
            return bytes.error();
        if (*bytes == 0)
            return {};
    }
}

} // namespace libftp
