// What must be true when a server says that something is done.
#include "errand.hpp"

#include <libftp/protocol/digest.hpp>

#include <algorithm>
#include <string_view>
#include <variant>

namespace libftp::simulation {

namespace {

using enum errand_kind;

std::string_view part_of(const std::string& content, const errand& done)
{
    std::string_view part{content};
    part.remove_prefix(std::min<std::size_t>(part.size(), done.offset));
    return done.kind == download_part ? part.substr(0, done.length) : part;
}

const char* wrong_with_download(const errand& done)
{
    if (!done.file->is_committed)
        return "a download is done and was not committed";
    const auto is_it = [&done](const tree_model::bytes& content) {
        const auto part = part_of(*content, done);
        // In TYPE A a CR of the file's own cannot be told from that of a line's end.
        const bool is_ambiguous = done.kind == download_text && part.find('\r') != std::string_view::npos;
        return is_ambiguous || done.file->bytes == part;
    };
    return std::ranges::any_of(done.read, is_it) ? nullptr : "a download has not the bytes of the file";
}

const char* wrong_with_list(const errand& done, const parsed_listing& listing, const tree_model& tree)
{
    if (done.listed.empty())
        return nullptr; // it was a file
    // Raw clients make names that no client may take for one.
    const auto is_readable = [](const refused_line& line) { return line.reason == refusal_reason::name_unsafe; };
    if (!std::ranges::all_of(listing.refused, is_readable))
        return "a listing has a line that cannot be read";
    std::set<std::string> told;
    for (const auto& entry : listing.entries) {
        if (!told.insert(entry.name).second)
            return "a listing tells a name twice";
        const auto path = done.path.resolve("./" + entry.name);
        if (!path || !tree.has_known(path->string()))
            return "a listing tells a name that has never been";
    }
    // What was read while the tree changed may be of both.
    const auto may_be = [&](const errand::names_told& names) {
        const bool is_whole = names.names.size() == told.size() + listing.refused.size();
        return names.generation != tree.generation() || (is_whole && std::ranges::includes(names.names, told));
    };
    return std::ranges::any_of(done.listed, may_be) ? nullptr : "a listing is not that of the directory";
}

const char* wrong_with_facts(const errand& done, const file_info& told)
{
    const auto agrees = [&told](const file_info& info) {
        return told.is_directory() == info.is_directory() && (told.is_directory() || told.size == info.size);
    };
    return std::ranges::any_of(done.described, agrees) ? nullptr : "the facts are not those of the file";
}

const char* wrong_with_digest(const errand& done, const file_digest& told)
{
    const auto agrees = [&told](const tree_model::bytes& content) {
        auto sum = digest::begin(told.algorithm);
        if (!sum)
            return false;
        sum->update(*content);
        return *sum->finish() == told.hexadecimal;
    };
    return std::ranges::any_of(done.read, agrees) ? nullptr : "the digest is not that of the file";
}

} // namespace

const char* errand::wrong_with(const operation_value& value, const tree_model& tree) const
{
    if (changes())
        return is_changed ? nullptr : "something is said to be done, and was not";
    switch (kind) {
    case download:
    case download_text:
    case resume_download:
    case download_part: return wrong_with_download(*this);
    case errand_kind::list: return wrong_with_list(*this, std::get<parsed_listing>(value), tree);
    case list_names: return file->is_committed ? nullptr : "a listing is done and was not committed";
    case errand_kind::size: {
        const auto told = std::get<std::uint64_t>(value);
        const bool is_so = std::ranges::any_of(described, [told](const auto& info) { return info.size == told; });
        return is_so ? nullptr : "the size is not that of the file";
    }
    case modified: {
        const auto told = std::get<file_time>(value);
        const bool is_so = std::ranges::any_of(described, [told](const auto& info) { return info.modified == told; });
        return is_so ? nullptr : "the time is not that of the file";
    }
    case errand_kind::stat: return wrong_with_facts(*this, std::get<listed_entry>(value));
    case hash: return wrong_with_digest(*this, std::get<file_digest>(value));
    default: return nullptr;
    }
}

} // namespace libftp::simulation
