// Forgets rather too much than too little.
#include "remote_listings.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace {

constexpr auto longest_memory = std::chrono::minutes{1};
constexpr std::size_t most_directories = 32;
constexpr std::size_t most_names = 100'000;

/// Verbs after which a listing is as it was.
constexpr std::array<std::string_view, 26> harmless{
    "ABOR", "ALLO", "CDUP", "CWD",  "EPRT", "EPSV", "FEAT", "HASH", "HELP", "LIST", "MDTM", "MLSD", "MLST",
    "MODE", "NLST", "NOOP", "OPTS", "PASV", "PORT", "PWD",  "RANG", "REST", "RETR", "SIZE", "STAT", "TYPE"};

} // namespace

void remote_listings::remember(const std::string& directory, std::span<const libftp::listed_entry> entries,
                               clock::time_point now)
{
    if (entries.size() > most_names)
        return;
    if (seen_.size() >= most_directories)
        seen_.clear();
    auto& kept = seen_[directory];
    kept.seen_at = now;
    kept.names.clear();
    for (const auto& entry : entries)
        kept.names.push_back({entry.name, entry.is_directory()});
}

const std::vector<remote_name>* remote_listings::find(const std::string& directory, clock::time_point now) const
{
    const auto found = seen_.find(directory);
    return found == seen_.end() || now - found->second.seen_at > longest_memory ? nullptr : &found->second.names;
}

void remote_listings::heard(std::string_view line)
{
    const auto verb = line.substr(0, line.find(' '));
    if (std::ranges::find(harmless, verb) == harmless.end())
        forget();
}

std::string remote_listings::absolute(std::string_view working_directory, std::string_view directory)
{
    if (directory.starts_with('/'))
        return std::string{directory};
    std::string path{working_directory};
    if (!path.ends_with('/'))
        path.push_back('/');
    return path.append(directory);
}
