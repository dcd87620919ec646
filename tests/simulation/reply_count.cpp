// Holds each reply against the commands that wait for one.
#include "reply_count.hpp"

#include "support/verb_rules.hpp"

#include <algorithm>
#include <utility>

namespace libftp::simulation {

void reply_count::said(std::string_view line)
{
    const auto first = line.substr(0, line.find(' '));
    auto verb = std::string{first};
    if (first == "SITE" && line.size() > first.size()) {
        const auto rest = line.substr(first.size() + 1);
        verb.append(" ").append(rest.substr(0, rest.find(' ')));
    }
    waiting_.push_back({std::move(verb)});
}

bool reply_count::fits(const command& asked, int code) const
{
    const auto* const rule = testing::find_rule(asked.verb);
    if (rule == nullptr)
        return (code >= 500 && code < 505) || code == 530;
    const auto has = [code](const testing::codes& codes) { return std::ranges::find(codes, code) != codes.end(); };
    // A transfer that is complete has begun.
    if (rule->needs == testing::precondition::data && code < 300 && !asked.has_begun)
        return false;
    const bool is_refusal = code >= 400;
    const bool is_not_offered = code == 502; // as all of TLS here
    return has(rule->done) || has(rule->refused) || has(rule->also) || is_not_offered ||
           (is_refusal && allowed_ == refusals::any);
}

const char* reply_count::heard(int code)
{
    if (is_closing_)
        return "a reply comes behind the one that ends the session";
    if (code == 421) {
        is_closing_ = true;
        return nullptr;
    }
    if (!is_greeted_) {
        is_greeted_ = code == 220;
        return is_greeted_ ? nullptr : "the greeting is none";
    }
    if (waiting_.empty())
        return "a reply comes that nobody asked for";
    if (code == 110)
        return waiting_.front().has_begun ? nullptr : "a marker comes before the transfer";
    if (code < 200) {
        const bool is_transfer = std::ranges::any_of(testing::verb_rules(), [&](const auto& rule) {
            return rule.text == waiting_.front().verb && rule.needs == testing::precondition::data;
        });
        if (!is_transfer || std::exchange(waiting_.front().has_begun, true))
            return "a preliminary reply comes that no command can have";
        return nullptr;
    }
    // During a transfer some commands are answered at once, in their order, and ABOR before those that wait for its
    // end.
    auto answered = waiting_.begin();
    const bool may_be_aborted = has_said_all_ || std::ranges::find(waiting_, "ABOR", &command::verb) != waiting_.end();
    if (code == 426 && may_be_aborted) { // whatever it was
        waiting_.pop_front();
        return nullptr;
    }
    if (!fits(*answered, code) && answered->has_begun)
        ++answered;
    if (answered == waiting_.end() || !fits(*answered, code))
        answered = std::ranges::find(waiting_, "ABOR", &command::verb);
    if (answered != waiting_.end() && fits(*answered, code)) {
        waiting_.erase(answered);
        return nullptr;
    }
    return "a reply comes that the command cannot have";
}

} // namespace libftp::simulation
