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
    return store_answer{*std::move(outcome)};
}

store_response answer(const result<void>& outcome)
{
    if (!outcome)
        return outcome.error();
    return store_answer{};
}

struct caller {
    file_store& store;

    store_response operator()(const store_call::stat& call) const { return answer(store.stat(call.path)); }
    store_response operator()(const store_call::open_read& call) const
    {
        return answer(store.open_read(call.path, call.offset));
    }
    store_response operator()(const store_call::open_write& call) const
    {
        return answer(store.open_write(call.path, call.mode, call.offset));
    }
    store_response operator()(const store_call::open_directory& call) const
    {
        return answer(store.open_directory(call.path));
    }
    store_response operator()(const store_call::make_directory& call) const
    {
        return answer(store.make_directory(call.path));
    }
    store_response operator()(const store_call::remove_directory& call) const
    {
        return answer(store.remove_directory(call.path));
    }
    store_response operator()(const store_call::remove_file& call) const
    {
        return answer(store.remove_file(call.path));
    }
    store_response operator()(const store_call::rename& call) const { return answer(store.rename(call.from, call.to)); }
};

} // namespace

store_response perform(file_store& store, const store_request& request)
{
    return std::visit(caller{store}, request);
}

} // namespace libftp
