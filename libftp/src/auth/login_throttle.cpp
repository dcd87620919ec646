// Remembers which addresses failed to log in, and for how long they are not heard.
#include <libftp/auth/login_throttle.hpp>

#include "../address_origin.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace libftp {

class throttled_authenticator::failure_log {
public:
    bool is_paused(const std::string& origin, clock::time_point now)
    {
        const std::lock_guard lock{mutex_};
        const auto found = by_origin_.find(origin);
        return found != by_origin_.end() && now < found->second->paused_until;
    }

    void add(const std::string& origin, const std::string& user, clock::time_point now,
             const login_throttle_options& options)
    {
        if (options.max_addresses == 0)
            return;
        const std::lock_guard lock{mutex_};
        auto& failed = latest(origin, now, options);
        failed.last_failure = now;
        const auto name = std::hash<std::string>{}(user);
        failed.is_of_several = failed.is_of_several || failed.user.value_or(name) != name;
        failed.user = name;
        if (++failed.failures < options.failures_to_pause)
            return;
        failed.failures = 0;
        failed.paused_until = now + failed.next_pause;
        failed.next_pause = std::min<clock::duration>(failed.next_pause * 2, options.longest_pause);
    }

    /// After a login somebody who mistyped is forgiven, but not one who has tried several names.
    void clear(const std::string& origin, const std::string& user)
    {
        const std::lock_guard lock{mutex_};
        const auto found = by_origin_.find(origin);
        if (found == by_origin_.end() || found->second->is_of_several ||
            found->second->user != std::hash<std::string>{}(user))
            return;
        records_.erase(found->second);
        by_origin_.erase(found);
    }

private:
    struct record {
        std::string origin{};
        std::optional<std::size_t> user{}; ///< The hash of the last name that failed.
        clock::duration next_pause{};
        clock::time_point last_failure{};
        clock::time_point paused_until{};
        unsigned failures = 0;      ///< Since the last pause.
        bool is_of_several = false; ///< Users.
    };

    /// The record of `origin`, a new one if there is none or it is too old, moved behind all others.
    record& latest(const std::string& origin, clock::time_point now, const login_throttle_options& options)
    {
        const auto found = by_origin_.find(origin);
        if (found != by_origin_.end()) {
            auto& known = *found->second;
            records_.splice(records_.end(), records_, found->second);
            if (now - std::max(known.last_failure, known.paused_until) > options.forget_after)
                known = new_record(origin, options);
            return known;
        }
        while (records_.size() >= options.max_addresses) {
            by_origin_.erase(records_.front().origin);
            records_.pop_front();
        }
        records_.push_back(new_record(origin, options));
        by_origin_.emplace(origin, std::prev(records_.end()));
        return records_.back();
    }

    static record new_record(const std::string& origin, const login_throttle_options& options)
    {
        return {.origin = origin, .next_pause = std::min(options.first_pause, options.longest_pause)};
    }

    std::mutex mutex_;
    std::list<record> records_; ///< The one that failed longest ago first.
    std::map<std::string, std::list<record>::iterator> by_origin_;
};

throttled_authenticator::throttled_authenticator(std::shared_ptr<authenticator> inner,
                                                 std::function<clock::time_point()> now, login_throttle_options options,
                                                 std::shared_ptr<failure_log> failures)
    : inner_(std::move(inner)), now_(std::move(now)), options_(options),
      failures_(failures ? std::move(failures) : std::make_shared<failure_log>())
{
}

result<account> throttled_authenticator::authenticate(const credentials& who)
{
    if (who.is_by_certificate)
        return inner_->authenticate(who);
    const auto origin = origin_of(who.peer.address);
    if (failures_->is_paused(origin, now_()))
        return std::make_error_code(std::errc::permission_denied);
    auto granted = inner_->authenticate(who);
    if (granted && !granted->is_anonymous)
        failures_->clear(origin, who.user);
    else if (!granted && granted.error() == std::errc::permission_denied)
        failures_->add(origin, who.user, now_(), options_);
    return granted;
}

} // namespace libftp
