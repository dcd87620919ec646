// The nodes of a memory store: numbered files, directories and links, the shape of a Unix file system without the disk.
#pragma once

#include <libftp/store/memory_store.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace libftp {

/// Never used twice, so that a reader or writer finds its own node or none, whatever was renamed or removed meanwhile.
using memory_node_id = std::uint64_t;

struct memory_node {
    file_type type = file_type::directory;
    std::uint32_t mode = 0755;
    std::string group{};
    file_time modified{};
    file_time created{};
    memory_node_id parent{};                                    ///< The directory that holds it.
    std::shared_ptr<const std::string> content{};               ///< Of a file, and never null there.
    std::map<std::string, memory_node_id, std::less<>> names{}; ///< What a directory holds.
    store_path target{};                                        ///< Where a link leads.

    [[nodiscard]] bool is_directory() const noexcept { return type == file_type::directory; }
    [[nodiscard]] bool is_link() const noexcept { return type == file_type::symbolic_link; }
};

/// Whether a link that a path ends in stands for what it leads to or for itself. Those on the way are followed always.
enum class last_link : std::uint8_t { follow, keep };

/// Nodes by number: no member recurses, since clients may nest directories deeper than a stack allows. Whoever calls a
/// member holds the mutex.
struct memory_store::tree {
    using node_id = memory_node_id;
    static constexpr node_id root_id = 0;

    std::mutex mutex;
    std::function<file_time()> now;
    const link_rule links;
    std::map<node_id, memory_node> nodes;
    node_id next_id = root_id + 1;

    tree(std::function<file_time()> clock, link_rule rule);

    [[nodiscard]] file_time time() const { return now ? now() : file_time{}; }

    [[nodiscard]] result<node_id> find(const store_path& path, last_link last = last_link::follow) const;
    [[nodiscard]] result<node_id> find_directory(const store_path& path) const;
    [[nodiscard]] result<node_id> find_file(const store_path& path) const;
    /// Whether a node is `directory` or lies below it.
    [[nodiscard]] bool is_within(node_id directory, node_id node) const;

    /// Gives the node its times and its name. Precondition: `directory` is there, and nothing in it has that name.
    node_id add(node_id directory, std::string_view name, memory_node node);
    /// Makes what is missing of this path, in place of files and links too.
    node_id ensure_directory(const store_path& path);
    /// Removes a name, if there is one, and all that it leads to. Precondition: `directory` is there.
    void remove(node_id directory, std::string_view name);

    /// A new directory or link.
    result<void> make(const store_path& path, memory_node node);
    result<void> rename(const store_path& from, const store_path& to);
    /// A new file; with write_mode::replace, in place of one that has its name.
    result<void> put_file(node_id directory, std::string_view name, memory_node file, write_mode mode);
    /// Without an offset, at the end. Errors: store_errc::not_found if the file has lost its name meanwhile,
    /// store_errc::busy if somebody else has made it end before the offset.
    result<void> change_file(node_id file, std::optional<std::uint64_t> offset, std::string_view bytes);
};

} // namespace libftp
