// The oracle's idea of a file tree: paths and contents, written without a look at memory_store.
#pragma once

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::simulation {

/// Every function that changes something says whether it could.
class tree_model {
public:
    using file_id = std::uint64_t;
    using bytes = std::shared_ptr<const std::string>;

    struct node {
        file_id id = 0;
        bytes content{}; ///< Of a file; nullptr: a directory.
        [[nodiscard]] bool is_directory() const noexcept { return content == nullptr; }
    };

    tree_model();

    [[nodiscard]] const node* find(const store_path& path) const;
    [[nodiscard]] const std::map<std::string, node>& nodes() const noexcept { return nodes_; }
    /// Names in a directory.
    [[nodiscard]] std::set<std::string> names_in(const store_path& directory) const;
    /// Whether this path has ever named anything, or would have, had no directory above been renamed: whoever has
    /// opened one lists it on.
    [[nodiscard]] bool has_known(const std::string& path) const { return known_.contains(path); }
    /// Counts the changes.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

    bool make_directory(const store_path& path);
    bool remove_directory(const store_path& path);
    bool remove_file(const store_path& path);
    bool rename(const store_path& from, const store_path& to);
    /// Whether a writer can be opened. One that changes a file in place makes it if it is missing.
    bool begin_writing(const store_path& path, const write_options& options);
    /// A whole file appears in the directory of this number, wherever that is now.
    bool put(file_id directory, std::string_view name, std::string content, write_mode mode);
    /// A file changes in place, if it still has a name and reaches the offset. Without one: at its end.
    bool change(file_id file, std::optional<std::uint64_t> offset, std::string_view more);

private:
    [[nodiscard]] bool is_directory(const store_path& path) const;
    [[nodiscard]] bool has_children(const std::string& path) const;
    [[nodiscard]] std::map<std::string, node>::iterator find_by_id(file_id id);
    void set(std::string path, node made);

    struct move {
        std::string from;
        std::string to;
    };

    std::map<std::string, node> nodes_;
    std::set<std::string> known_;
    std::vector<move> moves_; ///< Of directories.
    file_id last_id_ = 0;
    std::uint64_t generation_ = 0;
};

} // namespace libftp::simulation
