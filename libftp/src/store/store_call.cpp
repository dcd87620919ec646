// Makes the calls of a store that a session asked for.
#include <libftp/store/store_call.hpp>

#include <utility>

namespace libftp {
namespace {

template <class T>
store_response answer(result<T> outcome)
{
    if (!outcome)
        return outcome.error();
    return *std::move(outcome);
}

store_response answer(const result<void>& outcome)
{
    if (!outcome)
        return outcome.error();
    return store_answer{};
}

struct caller {
    const std::shared_ptr<file_store>& store;

    store_response operator()(const store_call::stat& call) const { return answer(store->stat(call.path)); }
    store_response operator()(const store_call::find_directory& call) const
    {
        return answer(store->find_directory(call.path));
    }
    store_response operator()(const store_call::open_read& call) const
    {
        return answer(store->open_read(call.path, call.offset));
    }
    store_response operator()(const store_call::open_write& call) const
    {
        return answer(store->open_write(call.path, call.options));
    }
    store_response operator()(const store_call::open_directory& call) const
    {
        return answer(store->open_directory(call.path));
    }
    store_response operator()(const store_call::open_listing& call) const
    {
        return answer(open_listing(store, call.listing));
    }
    store_response operator()(const store_call::make_directory& call) const
    {
        return answer(store->make_directory(call.path, call.umask));
    }
    store_response operator()(const store_call::remove_directory& call) const
    {
        return answer(store->remove_directory(call.path));
    }
    store_response operator()(const store_call::remove_file& call) const
    {
        return answer(store->remove_file(call.path));
    }
    store_response operator()(const store_call::rename& call) const
    {
        return answer(call.replaces ? store->rename(call.from, call.to) : store->rename_to_new(call.from, call.to));
    }
    store_response operator()(const store_call::set_attributes& call) const
    {
        return answer(store->set_attributes(call.path, call.changes));
    }
    store_response operator()(const store_call::make_symbolic_link& call) const
    {
        return answer(store->make_symbolic_link(call.target, call.link));
    }
    store_response operator()(const store_call::available_space& call) const
    {
        return answer(store->available_space(call.path));
    }
    store_response operator()(const store_call::run_task& call) const { return answer(call.task->step()); }
};

} // namespace

store_response perform(const std::shared_ptr<file_store>& store, const store_request& request)
{
    return std::visit(caller{store}, request);
}

} // namespace libftp
