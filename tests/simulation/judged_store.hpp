// The store of a simulated server: memory_store with a model beside it that must agree, and with faults.
#pragma once

#include "chance.hpp"
#include "journal.hpp"
#include "tree_model.hpp"

#include <libftp/store/memory_store.hpp>
#include <libftp/store/store_decorator.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace libftp::simulation {

/// Something that a session has done to the tree.
struct tree_change {
    enum class kind : std::uint8_t { written, made, removed_file, removed_directory, renamed };

    kind what = kind::written;
    store_path path{};
    store_path to{};       ///< Of a renaming.
    write_options how{};   ///< Of a file that was written.
    std::string content{}; ///< What was written.
};

/// Hears, for one session, what the store has done and answered.
class store_witness {
public:
    virtual ~store_witness() = default;
    virtual void changed(const tree_change& change) = 0;
    virtual void described(const store_path& path, const file_info& info) = 0;
    virtual void read(const store_path& path, const tree_model::bytes& content) = 0;
    virtual void listed(const store_path& directory) = 0;
    /// Something was refused, by the tree as it is or by a fault.
    virtual void refused() = 0;
};

/// What all sessions of a world share: the real files, the model, and how many files are open.
struct shared_tree {
    using maker = std::function<std::shared_ptr<file_store>(std::shared_ptr<file_store>)>;

    shared_tree(event_queue& events, journal& log, const maker& make);

    journal& log;
    std::shared_ptr<file_store> files;
    tree_model model;
    std::int64_t open_files = 0;

    /// Whether files and model are the same now.
    void compare();
};

/// The tree as one session has it.
class judged_store final : public store_decorator {
public:
    judged_store(shared_tree& tree, std::string who, chance luck, std::uint64_t one_fault_in, store_witness& witness);

    [[nodiscard]] bool blocks() const noexcept override { return true; }
    result<file_info> stat(const store_path& path) override;
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override;
    result<std::unique_ptr<file_writer>> open_write(const store_path& path, const write_options& options) override;
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override;
    result<void> make_directory(const store_path& path, std::optional<std::uint32_t> umask) override;
    result<void> remove_directory(const store_path& path) override;
    result<void> remove_file(const store_path& path) override;
    result<void> rename(const store_path& from, const store_path& to) override;
    result<void> rename_to_new(const store_path& from, const store_path& to) override;

private:
    friend class judged_writer;
    friend class judged_reader;

    /// An error, if there is to be a fault now.
    [[nodiscard]] std::error_code draw_fault();
    /// What both have to agree about.
    result<void> judge(result<void> real, bool modelled, const tree_change& change);
    void expect(bool is_so, std::string_view what) { tree_.log.expect(is_so, who_, what); }

    shared_tree& tree_;
    std::string who_;
    chance chance_;
    std::uint64_t one_fault_in_; ///< 0: none.
    store_witness& witness_;
};

} // namespace libftp::simulation
