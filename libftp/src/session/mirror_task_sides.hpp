// The two trees of a mirror, the server's and the store's, with the same questions and changes for both.
#pragma once

#include "mirror_task_steps.hpp"

#include <libftp/protocol/listing_parser.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/store/file_store.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace libftp {

struct tree_entry {
    std::string name{};
    file_type type = file_type::file;
    time_precision precision = time_precision::none;
    size_source by = size_source::none; ///< Who said the size.
    std::optional<std::uint64_t> size{};
    std::optional<file_time> modified{};

    [[nodiscard]] bool is_directory() const noexcept { return type == file_type::directory; }
};

operation_error why_refused(const refused_line& line);

/// What is in one directory. Each name is one path component.
struct tree_listing {
    std::vector<tree_entry> entries{};
    std::vector<refused_line> refused{};
    std::vector<tree_entry> unusable{}; ///< Those of the store whose names no command or no listing can carry.
    std::error_code doubt{};            ///< Why something may be there that is not among the entries.
    bool is_broken_off = false;         ///< It ends with a piece of a line.

    void add(tree_entry entry);
    void add_near(tree_entry entry);
    void refuse(refused_line line);
};

/// The path of what is called `name` in a directory; both are relative.
std::string path_within(const std::string& directory, std::string_view name);

/// Paths are relative to the root and made of names that were in its listings; the root is "".
class tree_side {
public:
    template <class T>
    using outcome_handler = task_steps::outcome_handler<T>;

    virtual ~tree_side() = default;

    /// Error: protocol_errc::limit_exceeded for more entries.
    virtual void list(const std::string& path, std::size_t max_entries, outcome_handler<tree_listing> then) = 0;
    /// What a link leads to.
    virtual void stat(const std::string& path, outcome_handler<tree_entry> then) = 0;
    /// Asks once more whether the root, listed as empty or as a file, is there at all, and a directory.
    virtual void confirm_root(outcome_handler<void> then) = 0;
    /// The root is made with the directories above it.
    virtual void make_directory(const std::string& path, outcome_handler<void> then) = 0;
    /// Also of links and whatever is no directory.
    virtual void remove_file(const std::string& path, outcome_handler<void> then) = 0;
    virtual void remove_directory(const std::string& path, outcome_handler<void> then) = 0;
};

class far_side final : public tree_side {
public:
    far_side(task_steps& steps, std::string root);

    void list(const std::string& path, std::size_t max_entries, outcome_handler<tree_listing> then) override;
    void stat(const std::string& path, outcome_handler<tree_entry> then) override;
    void confirm_root(outcome_handler<void> then) override;
    void make_directory(const std::string& path, outcome_handler<void> then) override;
    void remove_file(const std::string& path, outcome_handler<void> then) override;
    void remove_directory(const std::string& path, outcome_handler<void> then) override;

    void modified(const std::string& path, outcome_handler<file_time> then);
    void hash(const std::string& path, outcome_handler<file_digest> then);
    /// Whether the root may be a file: LIST of one tells of that file, as if it were in a directory of its name, and
    /// all else would be extra on the other side.
    [[nodiscard]] bool may_be_file(const tree_listing& listing) const;
    /// As the server is told it; empty for the working directory.
    [[nodiscard]] std::string full_path(const std::string& path) const;

private:
    void command(std::string verb, std::string argument, outcome_handler<void> then);
    void make_root(std::size_t made_bytes, outcome_handler<void> then);

    task_steps& steps_;
    std::string root_; ///< Empty: the working directory.
};

class near_side final : public tree_side {
public:
    near_side(task_steps& steps, std::shared_ptr<file_store> store, store_path root);

    void list(const std::string& path, std::size_t max_entries, outcome_handler<tree_listing> then) override;
    void stat(const std::string& path, outcome_handler<tree_entry> then) override;
    void confirm_root(outcome_handler<void> then) override;
    void make_directory(const std::string& path, outcome_handler<void> then) override;
    void remove_file(const std::string& path, outcome_handler<void> then) override;
    void remove_directory(const std::string& path, outcome_handler<void> then) override;

    void digest(const std::string& path, digest_algorithm algorithm, outcome_handler<std::string> then);
    [[nodiscard]] result<std::shared_ptr<file_place>> place(const std::string& path) const;

private:
    [[nodiscard]] result<store_path> full_path(const std::string& path) const;
    /// Calls `job` with the store and the path of the store.
    template <class T>
    void call(const std::string& path,
              std::function<result<T>(const std::shared_ptr<file_store>&, const store_path&)> job,
              outcome_handler<T> then);

    task_steps& steps_;
    std::shared_ptr<file_store> store_;
    store_path root_;
};

} // namespace libftp
