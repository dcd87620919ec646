// The nodes of a memory store: numbered files and directories, the shape of a Unix file system without the disk.
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
    file_time modified{};
    std::shared_ptr<const std::string> content{};               ///< Null: a directory.
    std::map<std::string, memory_node_id, std::less<>> names{}; ///< What a directory holds.

    [[nodiscard]] bool is_directory() const noexcept { return !content; }
};

/// Nodes by number: no member recurses, since clients may nest directories deeper than a stack allows. Whoever calls a
/// member holds the mutex.
struct memory_store::tree {
    using node_id = memory_node_id;
    static constexpr node_id root_id = 0;

    std::mutex mutex;
    std::function<file_time()> now;
    std::map<node_id, memory_node> nodes;
    node_id next_id = root_id + 1;

    explicit tree(std::function<file_time()> clock);

    [[nodiscard]] file_time time() const { return now ? now() : file_time{}; }

    [[nodiscard]] result<node_id> find(const store_path& path) const;
    [[nodiscard]] result<node_id> find_directory(const store_path& path) const;
    [[nodiscard]] result<node_id> find_file(const store_path& path) const;

    /// Without content, a directory. Precondition: `directory` is there, and nothing in it has that name.
    node_id add(node_id directory, std::string_view name, std::shared_ptr<const std::string> content);
    /// Makes what is missing of this path, in place of files too.
    node_id ensure_directory(const store_path& path);
    /// Removes a name, if there is one, and all that it leads to. Precondition: `directory` is there.
    void remove(node_id directory, std::string_view name);
    /// Precondition: the directories and `from_name` are there, and nothing has the name `to_name`.
    void move(node_id from, std::string_view from_name, node_id to, std::string_view to_name);

    result<void> replace_file(node_id directory, std::string_view name, std::string bytes);
    /// Without an offset, at the end. A file that has lost its name meanwhile takes the bytes with it.
    void change_file(node_id file, std::optional<std::uint64_t> offset, std::string_view bytes);
};

} // namespace libftp
