// A mirror of a local directory, which is made and opened when the task's turn comes.
#pragma once

#include <libftp/session/mirror_task.hpp>
#include <libftp/store/file_store.hpp>

#include <memory>
#include <optional>
#include <string>

namespace libftp::net {

/// mirror_task over a disk_store that no link leads out of. A directory to download into is made if it is missing.
class local_tree_task final : public client_task {
public:
    using value_type = mirror_result;

    local_tree_task(std::string remote, std::string local_directory, mirror_options options);

    std::optional<client_task_step> next_step() override;
    void cancel() override;
    [[nodiscard]] bool is_done() const noexcept override;
    client_result<mirror_result> take_result();

private:
    /// Shared with the step that opens the directory.
    struct state {
        std::string remote;
        std::string local_directory;
        mirror_options options;
        bool has_begun = false;
        bool is_canceled = false;
        result<std::shared_ptr<file_store>> store{std::shared_ptr<file_store>{}};
        std::optional<operation_error> failure{};
        std::unique_ptr<mirror_task> mirror{}; ///< As soon as there is a store.

        void open();
        void opened();
    };
    std::shared_ptr<state> state_;
};

} // namespace libftp::net
