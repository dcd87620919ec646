// One thing that a simulated client wants, and what must be true when it is done.
#pragma once

#include "chance.hpp"
#include "judged_store.hpp"
#include "near_file.hpp"

#include <libftp/session/client_operation.hpp>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace libftp::simulation {

enum class errand_kind : std::uint8_t {
    upload,
    upload_text,
    upload_unique,
    append,
    resume_upload,
    download,
    download_text,
    resume_download,
    download_part,
    rename,
    remove_file,
    make_directory,
    remove_directory,
    list,
    list_names,
    size,
    modified,
    stat,
    hash,
    enter,
    say,
};

class errand {
public:
    /// `name` makes what it uploads unlike everything else.
    static errand draw(chance& luck, const std::string& name);

    /// To be called once.
    [[nodiscard]] client_operation make(chance& luck, near_faults& faults);

    /// Whether this change of the tree is the one that is wanted, as a whole.
    [[nodiscard]] bool is(const tree_change& change) const;
    /// Whether this change is a beginning of the one that is wanted.
    [[nodiscard]] bool is_begun_by(const tree_change& change) const;
    /// Whether a change that is the one wanted here is the one wanted there, too.
    [[nodiscard]] bool wants_the_change_of(const errand& other) const;
    [[nodiscard]] bool changes() const noexcept;
    [[nodiscard]] bool reads(const store_path& path) const;
    [[nodiscard]] bool asks_about(const store_path& path) const;

    /// What is wrong with this success; nullptr: nothing.
    [[nodiscard]] const char* wrong_with(const operation_value& value, const tree_model& tree) const;
    [[nodiscard]] std::string describe() const;

    errand_kind kind = errand_kind::say;
    store_path path{};
    store_path to{};       ///< Of a renaming.
    std::string content{}; ///< Of an upload; of errand_kind::say, the command.
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::shared_ptr<near_file> file{}; ///< Of a download.

    // What the store has told meanwhile.
    bool is_changed = false;
    bool may_be_anothers = false;          ///< The change: another one wanted the same.
    std::vector<tree_model::bytes> read{}; ///< One of these is what was asked for, others may be of a canceled errand.
    std::vector<file_info> described{};
    struct names_told {
        std::uint64_t generation = 0; ///< Of the tree, when they were read.
        std::set<std::string> names{};
    };
    std::vector<names_told> listed{};

    // What the client knows.
    op_id id = op_id::none;
    std::uint64_t excuses = 0; ///< For a failure, when it was begun.
    bool is_over = false;

private:
    [[nodiscard]] write_options way_to_write() const;
};

} // namespace libftp::simulation
