// Lists the names that uploads were promised and do not have yet.
#include "promised_name.hpp"

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace libftp {
namespace {

using promised = std::set<std::pair<const file_store*, std::string>>;

struct promises {
    std::mutex mutex;
    promised names;
};

class promise {
public:
    explicit promise(std::shared_ptr<promises> all) : all_(std::move(all)) {}
    promise(const promise&) = delete;
    promise& operator=(const promise&) = delete;
    ~promise()
    {
        if (!mine_)
            return;
        const std::lock_guard lock{all_->mutex};
        all_->names.erase(*mine_);
    }

    bool take(const file_store& store, const store_path& path)
    {
        const std::lock_guard lock{all_->mutex};
        const auto [mine, is_new] = all_->names.emplace(&store, path.string());
        if (is_new)
            mine_ = mine;
        return is_new;
    }

private:
    std::shared_ptr<promises> all_;
    std::optional<promised::iterator> mine_;
};

} // namespace

std::shared_ptr<const void> promise_name(const file_store& store, const store_path& path)
{
    static const auto all = std::make_shared<promises>(); // sessions may outlive it
    auto made = std::make_shared<promise>(all);
    return made->take(store, path) ? made : nullptr;
}

} // namespace libftp
