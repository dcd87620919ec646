// Compares paths as the system resolves them, so that links and `..` hide nothing.
#include "exposed_secrets.hpp"

#include <libftp/protocol/glob.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace {

using std::filesystem::path;

bool is_hidden(const path& name, const std::vector<std::string>& patterns)
{
    return std::ranges::any_of(patterns,
                               [&name](const auto& pattern) { return libftp::glob_matches(pattern, name.string()); });
}

bool shows(const std::string& directory, const std::string& file, const std::vector<std::string>& hidden)
{
    if (directory.empty() || file.empty())
        return false;
    std::error_code ignored; // whoever opens them has it
    const auto above = std::filesystem::canonical(directory, ignored);
    const auto below = std::filesystem::weakly_canonical(std::filesystem::absolute(file, ignored), ignored);
    if (above.empty() || below.empty())
        return false;
    const auto [end, rest] = std::mismatch(above.begin(), above.end(), below.begin(), below.end());
    return end == above.end() &&
           std::none_of(rest, below.end(), [&hidden](const auto& name) { return is_hidden(name, hidden); });
}

} // namespace

std::vector<std::string> warnings_of_exposed_secrets(const serve_options& options)
{
    const auto& accounts = options.accounts;
    std::vector<std::string> shared;
    if (accounts.root.empty() || accounts.anonymous != anonymous_access::none)
        shared.push_back(options.directory);
    if (accounts.root.find('{') == std::string::npos)
        shared.push_back(accounts.root);

    std::vector<std::string> warnings;
    const auto look_at = [&](const std::string& file, std::string_view secret) {
        if (std::ranges::any_of(shared, [&](const auto& each) { return shows(each, file, accounts.hidden); }))
            warnings.push_back(
                fmt::format("Whoever may read what is shared can read {} too, which holds {}.", file, secret));
    };
    look_at(accounts.users_file, "the hashes of all passwords");
    for (const auto& pair : options.tls.certificates)
        look_at(pair.key, "the private key of TLS");
    return warnings;
}
