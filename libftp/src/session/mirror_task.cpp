// The public face of a mirror; mirror_task_walk.hpp does the work.
#include "mirror_task_walk.hpp"

#include <utility>

namespace libftp {

struct mirror_task::state final : tree_walk {
    using tree_walk::tree_walk;
};

std::string_view to_string(mirror_deed deed) noexcept
{
    switch (deed) {
    case mirror_deed::transfer: return "transfer";
    case mirror_deed::make_directory: return "make directory";
    case mirror_deed::remove_file: return "remove file";
    case mirror_deed::remove_directory: return "remove directory";
    case mirror_deed::skip: return "skip";
    case mirror_deed::fail: return "fail";
    }
    return "unknown";
}

mirror_task::mirror_task(std::string remote, std::shared_ptr<file_store> store, store_path local,
                         mirror_options options)
    : state_(std::make_shared<state>(std::move(options), std::move(remote), std::move(store), std::move(local)))
{
}

mirror_task::~mirror_task()
{
    state_->cancel();
}

std::optional<client_task_step> mirror_task::next_step()
{
    return state_->next_step();
}

void mirror_task::cancel()
{
    state_->cancel();
}

bool mirror_task::is_done() const noexcept
{
    return state_->is_done();
}

client_result<mirror_result> mirror_task::take_result()
{
    return state_->take_result();
}

} // namespace libftp
