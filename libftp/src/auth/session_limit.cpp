// Counts the sessions of each user who has any.
#include <libftp/auth/session_limit.hpp>

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace libftp {

class limited_authenticator::room {
public:
    bool take(const std::string& user, std::size_t most)
    {
        const std::lock_guard lock{mutex_};
        const auto taken = taken_.find(user);
        const auto count = taken == taken_.end() ? 0 : taken->second;
        if (count >= most)
            return false;
        taken_[user] = count + 1;
        return true;
    }

    void give_back(const std::string& user)
    {
        const std::lock_guard lock{mutex_};
        const auto taken = taken_.find(user);
        if (--taken->second == 0)
            taken_.erase(taken);
    }

private:
    std::mutex mutex_;
    std::map<std::string, std::size_t> taken_;
};

class limited_authenticator::seat {
public:
    /// `inner`: the seat that the inner authenticator gave, for as long as this one.
    seat(std::shared_ptr<room> where, std::string user, std::shared_ptr<const void> inner)
        : room_(std::move(where)), user_(std::move(user)), inner_(std::move(inner))
    {
    }
    seat(const seat&) = delete;
    seat& operator=(const seat&) = delete;
    ~seat() { room_->give_back(user_); }

private:
    std::shared_ptr<room> room_;
    std::string user_;
    std::shared_ptr<const void> inner_;
};

limited_authenticator::limited_authenticator(std::shared_ptr<authenticator> inner, std::size_t max_sessions_per_user,
                                             std::shared_ptr<room> seats)
    : inner_(std::move(inner)), max_sessions_per_user_(max_sessions_per_user),
      room_(seats ? std::move(seats) : std::make_shared<room>())
{
}

result<account> limited_authenticator::authenticate(const credentials& who)
{
    auto granted = inner_->authenticate(who);
    if (!granted)
        return granted;
    // No real user's name is empty.
    auto user = granted->is_anonymous ? std::string{} : granted->name;
    if (!room_->take(user, max_sessions_per_user_))
        return login_errc::too_many_sessions;
    granted->seat = std::make_shared<const seat>(room_, std::move(user), std::move(granted->seat));
    return granted;
}

} // namespace libftp
