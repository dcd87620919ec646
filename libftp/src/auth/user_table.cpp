// Reads and writes users files, and checks logins against them.
#include <libftp/auth/user_table.hpp>

#include "../protocol/ascii.hpp"
#include "../throw_or_end.hpp"
#include "password_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <span>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace libftp {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF"; // some editors begin UTF-8 with it

bool holds_control_bytes(std::string_view text) noexcept
{
    return std::any_of(text.begin(), text.end(), ascii::is_control);
}

std::optional<std::string> fault_of_field(std::string_view field, std::string_view text)
{
    if (text.empty())
        return fmt::format("the {} is empty", field);
    if (text.find(':') != std::string_view::npos)
        return fmt::format("the {} holds a colon", field);
    if (holds_control_bytes(text))
        return fmt::format("the {} holds control bytes", field);
    return std::nullopt;
}

/// What keeps the entry from being written as a line and read back.
std::optional<std::string> fault_of(const user_entry& entry)
{
    if (auto fault = fault_of_field("name", entry.name))
        return fault;
    if (entry.name.front() == '#')
        return "the name begins like a comment";
    if (entry.name.starts_with(byte_order_mark))
        return "the name begins with a byte order mark";
    if (auto fault = fault_of_field("password hash", entry.password_hash))
        return fault;
    if (holds_control_bytes(entry.root))
        return "the root holds control bytes";
    return std::nullopt;
}

std::optional<std::string_view> take_field(std::string_view& rest)
{
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    const auto field = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
    return field;
}

/// What is nothing like a word may be a hash in the wrong place, and is not shown.
std::string naming(std::string_view word)
{
    constexpr auto may_be_of_word = [](char byte) { return ascii::is_letter(byte) || byte == '-'; };
    return std::ranges::all_of(word, may_be_of_word) ? fmt::format("'{}'", word) : "what stands there";
}

/// Names the word that is no permission, and those that are.
std::string fault_of_permissions(std::string_view words)
{
    std::string known = "full, read-only, none";
    for (auto p = permission::list; p <= permission::administer; p = static_cast<permission>(static_cast<int>(p) + 1))
        known += ", " + permissions{p}.to_string();
    while (true) {
        const auto comma = words.find(',');
        const auto word = words.substr(0, comma);
        if (!permissions::parse(word))
            return fmt::format("{} is no permission; there are {}", naming(word), known);
        if (comma == std::string_view::npos)
            return "none goes without other permissions";
        words.remove_prefix(comma + 1);
    }
}

result<user_entry, std::string> parse_line(std::string_view line)
{
    const auto name = take_field(line);
    const auto hash = take_field(line);
    const auto words = take_field(line);
    if (!name || !hash || !words)
        return std::string{"a line is name:hash:permissions:root"};
    const auto allowed = permissions::parse(*words);
    if (!allowed)
        return fault_of_permissions(*words);
    return user_entry{std::string{*name}, std::string{*hash}, *allowed, std::string{line}};
}

/// How it was made, and at what cost: `$1$`, `$y$j9T$`, `$6$rounds=5000$`, `$2b$12$`. Salt and hash are the last
/// fields, or follow a cost of a fixed size (crypt(5): bcrypt, scrypt, BSDi's DES).
std::string_view kind_of(std::string_view hash) noexcept
{
    for (const auto& [prefix, size] : {std::pair{"$2", 7}, {"$7$", 14}, {"_", 5}})
        if (hash.starts_with(prefix))
            return hash.substr(0, static_cast<std::size_t>(size));
    const auto hash_begins = hash.rfind('$');
    const auto salt_begins = hash_begins == 0 ? hash_begins : hash.rfind('$', hash_begins - 1);
    return hash_begins == std::string_view::npos ? std::string_view{} : hash.substr(0, salt_begins + 1);
}

/// The hash that is checked for a name of nobody: always the same one for a name, as it is for a user's, and only who
/// knows the table can tell which. Precondition: there are some.
const std::string& decoy_for(const std::string& name, std::span<const std::string> decoys)
{
    const auto choice = std::hash<std::string>{}(name + decoys.front());
    return decoys[choice % decoys.size()];
}

/// Whether the hash is of a kind whose cost is small and always the same. A locked account's takes no time.
bool is_quick(std::string_view hash) noexcept
{
    constexpr std::size_t size_of_des = 13;
    const bool is_des = hash.size() == size_of_des && hash.front() != '$' && hash.front() != '_';
    const bool is_of_locked_account = hash.starts_with('!') || hash.starts_with('*');
    return hash.starts_with("$1$") || is_des || is_of_locked_account;
}

} // namespace

result<user_table, user_table_error> user_table::parse(std::string_view text)
{
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    user_table table;
    for (std::size_t line_number = 1; !text.empty(); ++line_number) {
        auto line = ascii::take_until(text, '\n');
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty() || line.starts_with('#'))
            continue;

        auto entry = parse_line(line);
        if (!entry)
            return user_table_error{line_number, std::move(entry.error())};
        if (table.find(entry->name))
            return user_table_error{line_number, "the user is there already"};
        if (auto added = table.put(*std::move(entry)); !added)
            return user_table_error{line_number, std::move(added.error())};
    }
    return table;
}

std::string user_table::to_string() const
{
    std::string text;
    for (const auto& entry : entries_)
        text += fmt::format("{}:{}:{}:{}\n", entry.name, entry.password_hash, entry.allowed.to_string(), entry.root);
    return text;
}

const user_entry* user_table::find(std::string_view name) const noexcept
{
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [name](const user_entry& entry) { return entry.name == name; });
    return found == entries_.end() ? nullptr : &*found;
}

result<void, std::string> user_table::put(user_entry entry)
{
    if (auto fault = fault_of(entry))
        return *std::move(fault);
    const auto same_name = [&](const user_entry& other) { return other.name == entry.name; };
    const auto old = std::find_if(entries_.begin(), entries_.end(), same_name);
    if (old == entries_.end())
        entries_.push_back(std::move(entry));
    else
        *old = std::move(entry);
    return {};
}

bool user_table::remove(std::string_view name)
{
    return std::erase_if(entries_, [name](const user_entry& entry) { return entry.name == name; }) != 0;
}

void throw_error(const user_table_error& error)
{
    throw_or_end(std::runtime_error(fmt::format("users file, line {}: {}", error.line, error.reason)));
}

bool verify_password(const secret& password, const std::string& hash)
{
    return compare_password(password.reveal(), hash).value_or(false);
}

user_table_authenticator::user_table_authenticator(user_table table, account_opener open_account)
    : table_(std::move(table)), open_account_(std::move(open_account))
{
    // All hashes that were made in the same way cost the same, so one of each kind is enough.
    std::set<std::string_view> kinds;
    for (const auto& entry : table_.entries()) {
        const auto kind = kind_of(entry.password_hash);
        if (kinds.contains(kind) || !compare_password("", entry.password_hash))
            continue;
        kinds.insert(kind);
        decoys_.push_back(entry.password_hash);
    }
    if (decoys_.empty())
        decoys_.push_back(hash_password(secret{}).value_or(""));
    blocks_ =
        !std::ranges::all_of(decoys_, is_quick) ||
        !std::ranges::all_of(table_.entries(), [](const user_entry& entry) { return is_quick(entry.password_hash); });
}

result<account> user_table_authenticator::authenticate(const credentials& who)
{
    const auto* user = table_.find(who.user);
    const auto password = who.password.reveal();
    const auto& decoy = decoy_for(who.user, decoys_);
    const auto matches = compare_password(password, user ? user->password_hash : decoy);
    // A locked account has no hash to check, and the time that this saves would give it away.
    if (!matches)
        static_cast<void>(compare_password(password, decoy));
    if (!user || !matches.value_or(false))
        return std::make_error_code(std::errc::permission_denied);

    auto opened = open_account_(*user);
    // A directory that may not be opened is no wrong password.
    if (!opened && opened.error() == std::errc::permission_denied)
        return std::make_error_code(std::errc::io_error);
    return opened;
}

} // namespace libftp
