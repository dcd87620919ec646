// Finding the rule for a command, and what sessions and test tell each other.
#include "odd_state.hpp"

#include "../later.hpp"
#include "../protocol/ascii.hpp"

#include <libftp/protocol/command_parser.hpp>
#include <libftp/protocol/glob.hpp>

#include <algorithm>
#include <utility>

namespace libftp::testing {

namespace {

/// `pattern` is for the verb, unless it has a space: then it is for the verb and the argument.
bool fits(std::string_view pattern, std::string_view line)
{
    const auto spoken = parse_command(line);
    auto text = ascii::in_upper_case(spoken.name);
    if (pattern.find(' ') != std::string_view::npos)
        text.append(" ").append(spoken.argument);
    return glob_matches(pattern, text);
}

std::string without_secret(std::string_view line)
{
    const auto spoken = parse_command(line);
    const auto verb = ascii::in_upper_case(spoken.name);
    const bool is_secret = (verb == "PASS" || verb == "ACCT") && line.size() > verb.size();
    return is_secret ? std::string{spoken.name} + " ***" : std::string{line};
}

} // namespace

void odd_state::add(std::shared_ptr<odd_conduct> rule)
{
    const std::lock_guard lock{mutex_};
    rules_.push_back(std::move(rule));
}

void odd_state::forget_rules()
{
    const std::lock_guard lock{mutex_};
    rules_.clear();
}

odd_conduct odd_state::conduct_at(std::optional<std::string_view> line)
{
    const std::lock_guard lock{mutex_};
    for (const auto& rule : rules_) {
        const bool is_for_this =
            line ? !rule->is_for_connections && fits(rule->pattern, *line) : rule->is_for_connections;
        if (!is_for_this || rule->times_left == 0U)
            continue;
        if (rule->times_left)
            --*rule->times_left;
        return *rule;
    }
    return {};
}

void odd_state::lack(std::string_view verb)
{
    const std::lock_guard lock{mutex_};
    options.commands.forbid(ascii::in_upper_case(verb));
    if (ascii::equal_ignoring_case(verb, "MLSD"))
        options.commands.forbid("MLST");
}

session_options odd_state::session_options_now() const
{
    const std::lock_guard lock{mutex_};
    return options;
}

void odd_state::add_login(std::string_view user, std::string_view password, std::string_view account)
{
    const std::lock_guard lock{mutex_};
    logins_.push_back({std::string{user}, std::string{password}, std::string{account}});
}

result<account> odd_state::authenticate(const credentials& who, bool is_trusted) const
{
    const std::lock_guard lock{mutex_};
    account granted{.name = who.user, .store = files, .allowed = permissions::full()};
    if (is_trusted || logins_.empty())
        return granted;
    const auto known = std::ranges::find_if(
        logins_, [&](const login& each) { return each.user == who.user && each.password == who.password.reveal(); });
    if (known == logins_.end())
        return std::make_error_code(std::errc::permission_denied);
    if (known->account == who.account.reveal())
        return granted;
    if (who.account.empty())
        return login_errc::account_needed;
    return std::make_error_code(std::errc::permission_denied);
}

std::size_t odd_state::count_connection()
{
    const std::lock_guard lock{mutex_};
    return ++connections_;
}

std::size_t odd_state::connections() const
{
    const std::lock_guard lock{mutex_};
    return connections_;
}

void odd_state::hear(std::string_view line)
{
    {
        const std::lock_guard lock{mutex_};
        heard_.push_back(without_secret(line));
    }
    changed_.notify_all();
}

std::vector<std::string> odd_state::heard() const
{
    const std::lock_guard lock{mutex_};
    return heard_;
}

bool odd_state::wait_until_heard(std::string_view command, std::size_t count, std::chrono::seconds limit) const
{
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, bounded(limit), [&] {
        const auto is_meant = [command](const std::string& line) { return fits(command, line); };
        return static_cast<std::size_t>(std::ranges::count_if(heard_, is_meant)) >= count;
    });
}

void odd_state::say(std::string_view bytes)
{
    {
        const std::lock_guard lock{mutex_};
        said_ += bytes;
    }
    const std::lock_guard lock{listener_mutex_};
    if (listener_)
        listener_();
}

std::string odd_state::said() const
{
    const std::lock_guard lock{mutex_};
    return said_;
}

void odd_state::count_hold()
{
    {
        const std::lock_guard lock{mutex_};
        ++holds_;
    }
    changed_.notify_all();
}

bool odd_state::wait_until_held(std::size_t count, std::chrono::seconds limit) const
{
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, bounded(limit), [&] { return holds_ >= count; });
}

void odd_state::release()
{
    {
        const std::lock_guard lock{mutex_};
        ++releases_;
    }
    const std::lock_guard lock{listener_mutex_};
    if (listener_)
        listener_();
}

bool odd_state::take_release()
{
    const std::lock_guard lock{mutex_};
    if (releases_ == 0)
        return false;
    --releases_;
    return true;
}

void odd_state::on_change(std::function<void()> listener)
{
    const std::lock_guard lock{listener_mutex_};
    listener_ = std::move(listener);
}

} // namespace libftp::testing
