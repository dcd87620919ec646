// The public face of a removal, which is a walk through one tree; mirror_task_walk.hpp does the work.
#include "mirror_task_walk.hpp"

#include <utility>

namespace libftp {

struct removal_task::state final : tree_walk {
    using tree_walk::tree_walk;
};

removal_task::removal_task(std::string path, removal_options options)
    : state_(std::make_shared<state>(std::move(options), std::move(path)))
{
}

removal_task::~removal_task()
{
    state_->cancel();
}

std::optional<client_task_step> removal_task::next_step()
{
    return state_->next_step();
}

void removal_task::cancel()
{
    state_->cancel();
}

bool removal_task::is_done() const noexcept
{
    return state_->is_done();
}

client_result<mirror_result> removal_task::take_result()
{
    return state_->take_result();
}

} // namespace libftp
