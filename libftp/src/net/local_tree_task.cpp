// Opening the local directory of a mirror, and mirroring.
#include "local_tree_task.hpp"

#include <libftp/store/disk_store.hpp>
#include <libftp/store/memory_store.hpp>

#include <filesystem>
#include <system_error>
#include <utility>

namespace libftp::net {

local_tree_task::local_tree_task(std::string remote, std::string local_directory, mirror_options options)
    : state_(std::make_shared<state>(state{
          .remote = std::move(remote), .local_directory = std::move(local_directory), .options = std::move(options)}))
{
}

void local_tree_task::state::open()
{
    if (local_directory.find('\0') != std::string::npos) { // else what is in front of it would be made
        store = std::make_error_code(std::errc::invalid_argument);
        return;
    }
    const std::filesystem::path directory = std::u8string{local_directory.begin(), local_directory.end()};
    std::error_code error;
    if (options.direction == mirror_direction::download && options.is_dry_run &&
        !std::filesystem::exists(directory, error) && !error) {
        store = std::make_shared<memory_store>(); // what it would be made as
        return;
    }
    if (options.direction == mirror_direction::download && !options.is_dry_run) {
        std::filesystem::create_directories(directory, error);
        if (error) {
            store = error;
            return;
        }
    }
    // What is written never goes through a link. What is read may, where the links stay beneath the directory.
    const bool follows = options.direction == mirror_direction::upload && options.links == mirror_links::follow;
    if (auto opened = disk_store::open(local_directory, follows ? link_rule::follow : link_rule::refuse))
        store = std::shared_ptr<file_store>{*std::move(opened)};
    else
        store = opened.error();
}

void local_tree_task::state::opened()
{
    if (is_canceled)
        failure = operation_error{.code = protocol_errc::canceled};
    else if (!store)
        failure = operation_error{.code = store.error(), .step = operation_step::near_end};
    else
        mirror = std::make_unique<mirror_task>(std::move(remote), *std::move(store), store_path{}, std::move(options));
}

std::optional<client_task_step> local_tree_task::next_step()
{
    if (state_->mirror)
        return state_->mirror->next_step();
    if (std::exchange(state_->has_begun, true))
        return std::nullopt;
    return client_step::call{[state = state_] { state->open(); }, [state = state_] { state->opened(); }};
}

void local_tree_task::cancel()
{
    state_->is_canceled = true;
    if (state_->mirror)
        state_->mirror->cancel();
    else if (!std::exchange(state_->has_begun, true))
        state_->failure = operation_error{.code = protocol_errc::canceled};
}

bool local_tree_task::is_done() const noexcept
{
    return state_->failure || (state_->mirror && state_->mirror->is_done());
}

client_result<mirror_result> local_tree_task::take_result()
{
    if (state_->failure)
        return std::move(*state_->failure);
    return state_->mirror->take_result();
}

} // namespace libftp::net
