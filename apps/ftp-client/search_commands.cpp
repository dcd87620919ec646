// Lists directory after directory; what cannot be listed is told, and the rest gone through.
#include "search_commands.hpp"

#include "../common/quantities.hpp"
#include "listing_commands.hpp"
#include "tree_commands.hpp"

#include <libftp/protocol/glob.hpp>
#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

#include <functional>

using namespace libftp;

namespace commands {

namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t most_entries = 10'000'000; // as a mirror

/// What is done with what is found. Bytes of a directory are those of all that is in it.
struct visitor {
    std::function<void(const std::string& path, const listed_entry& entry)> entry = [](const auto&, const auto&) {};
    std::function<void(const std::string& path, std::uint64_t bytes)> left_directory = [](const auto&, auto) {};
};

class tree_search {
public:
    tree_search(session& s, visitor found) : s_(s), found_(std::move(found)) {}

    /// The bytes in all.
    std::uint64_t go_through(const std::string& directory, std::size_t depth = 0)
    {
        const auto listed = s_.client.list(directory == "." ? "" : directory);
        if (!listed) {
            result_ = refuse_listing(s_, directory, listed.error());
            is_over_ = s_.is_interrupted() || !s_.client.is_connected();
            return 0;
        }
        if (const auto why = tell_refused(s_, *listed))
            result_ = s_.refuse(directory, *why);
        if (listed->entries.size() > entries_left_) {
            result_ = s_.refuse(cause::refused,
                                fmt::format("{}: with this there are more than {} entries.", directory, most_entries));
            is_over_ = true;
            return 0;
        }
        entries_left_ -= listed->entries.size();
        std::uint64_t bytes = 0;
        for (const auto& entry : listed->entries) {
            if (is_over_)
                return bytes;
            const auto path = path_in(directory == "." ? "" : directory, entry.name);
            found_.entry(path, entry);
            if (entry.type != file_type::directory)
                bytes += entry.type == file_type::file ? entry.size.value_or(0) : 0;
            else if (depth < deepest)
                bytes += go_through(path, depth + 1);
            else
                result_ =
                    s_.refuse(cause::refused, fmt::format("{}: this is deeper than {} directories.", path, deepest));
        }
        found_.left_directory(directory, bytes);
        return bytes;
    }

    [[nodiscard]] outcome result() const noexcept { return result_; }

private:
    session& s_;
    visitor found_;
    std::size_t entries_left_ = most_entries;
    outcome result_ = outcome::done;
    bool is_over_ = false;
};

void print_bytes(session& s, std::uint64_t bytes, const std::string& path)
{
    s.out.print(fmt::format("{:>7}  {}", format_size(bytes), escape_controls(path)));
}

char letter_of(file_type type)
{
    switch (type) {
    case file_type::file: return 'f';
    case file_type::symbolic_link: return 'l';
    case file_type::directory:
    case file_type::current_directory:
    case file_type::parent_directory: return 'd';
    case file_type::other: break;
    }
    return 'o';
}

std::string root_of(const typed_command& typed)
{
    return typed.arguments.empty() ? "." : typed.arguments[0];
}

} // namespace

outcome du(session& s, const typed_command& typed)
{
    const bool only_sums = typed.has("-s");
    tree_search search{
        s, {.left_directory = [&s, only_sums, root = root_of(typed)](const std::string& path, std::uint64_t bytes) {
            if (!only_sums || path == root)
                print_bytes(s, bytes, path);
        }}};
    search.go_through(root_of(typed));
    return search.result();
}

outcome find(session& s, const typed_command& typed)
{
    const auto name = typed.value_of("-name").value_or("*");
    const auto type = typed.value_of("-type").value_or("");
    if (!type.empty() && type != "f" && type != "d" && type != "l")
        return s.refuse(cause::usage, fmt::format("-type {}: this is none of f, d and l.", type));
    tree_search search{s, {.entry = [&](const std::string& path, const listed_entry& entry) {
                           if (glob_matches(name, entry.name) && (type.empty() || type[0] == letter_of(entry.type)))
                               s.out.print(escape_controls(path));
                       }}};
    search.go_through(root_of(typed));
    return search.result();
}

} // namespace commands
