// The words in which a test tells an odd server what to do.
#include <libftp/testing/odd_script.hpp>

#include "odd_state.hpp"

#include <algorithm>
#include <utility>

namespace libftp::testing {

namespace {

/// What is said about the reply of this code; said anew if nothing is yet.
odd_reply& reply_of(odd_conduct& conduct, int code)
{
    const auto found = std::ranges::find(conduct.replies, code, &odd_reply::code);
    return found != conduct.replies.end() ? *found : conduct.replies.emplace_back(odd_reply{.code = code});
}

std::string as_replies(std::string_view text)
{
    std::string ended{text};
    if (!ended.empty() && !ended.ends_with('\n'))
        ended += "\r\n";
    return ended;
}

} // namespace

odd_rule::odd_rule(std::shared_ptr<odd_state> script, std::shared_ptr<odd_conduct> conduct)
    : script_(std::move(script)), conduct_(std::move(conduct))
{
}

template <class Change>
odd_rule& odd_rule::set(Change change)
{
    script_->change([&] { change(*conduct_); });
    return *this;
}

odd_rule& odd_rule::times(std::size_t count)
{
    return set([&](odd_conduct& c) { c.times_left = count; });
}

odd_rule& odd_rule::answers(std::string_view text)
{
    return answers_exactly(as_replies(text));
}

odd_rule& odd_rule::answers_exactly(std::string_view bytes)
{
    return set([&](odd_conduct& c) { c.answer = bytes; });
}

odd_rule& odd_rule::replaces(int code, std::string_view text)
{
    return set([&](odd_conduct& c) { reply_of(c, code).text = as_replies(text); });
}

odd_rule& odd_rule::omits(int code)
{
    return replaces(code, {});
}

odd_rule& odd_rule::cuts_replies_after(std::size_t bytes)
{
    return set([&](odd_conduct& c) { c.reply_bytes = bytes; });
}

odd_rule& odd_rule::sends(std::string_view bytes)
{
    return set([&](odd_conduct& c) { c.data.bytes = bytes; });
}

odd_rule& odd_rule::cuts_data_after(std::uint64_t bytes)
{
    return set([&](odd_conduct& c) { c.data.cut_at = bytes; });
}

odd_rule& odd_rule::resets_data_after(std::uint64_t bytes)
{
    return set([&](odd_conduct& c) {
        c.data.cut_at = bytes;
        c.data.cut_resets = true;
    });
}

odd_rule& odd_rule::resets_data()
{
    return set([](odd_conduct& c) { c.data.end = connection_end::reset; });
}

odd_rule& odd_rule::leaves_data_open()
{
    return set([](odd_conduct& c) { c.data.end = connection_end::none; });
}

odd_rule& odd_rule::refuses_connections()
{
    return set([](odd_conduct& c) { c.listener = listener_manner::refuses; });
}

odd_rule& odd_rule::ignores_connections()
{
    return set([](odd_conduct& c) { c.listener = listener_manner::ignores; });
}

odd_rule& odd_rule::holds()
{
    return set([](odd_conduct& c) { c.is_held = true; });
}

odd_rule& odd_rule::holds_reply(int code)
{
    return set([&](odd_conduct& c) { reply_of(c, code).is_held = true; });
}

odd_rule& odd_rule::holds_data_after(std::uint64_t bytes)
{
    return set([&](odd_conduct& c) { c.data.hold_at = bytes; });
}

odd_rule& odd_rule::then_closes()
{
    return set([](odd_conduct& c) { c.then = connection_end::close; });
}

odd_rule& odd_rule::then_resets()
{
    return set([](odd_conduct& c) { c.then = connection_end::reset; });
}

odd_script::odd_script() : state_(std::make_shared<odd_state>())
{
    // A client's limits are tested against a server that has more patience than any client.
    constexpr std::chrono::hours patience{24};
    auto& options = state_->options;
    options.login_limit = patience;
    options.idle_limit = patience;
    options.data_connect_limit = patience;
    options.stall_limit = patience;
    options.denial_delay = {};
}

odd_script::~odd_script() = default;

memory_store& odd_script::files() noexcept
{
    return *state_->files;
}

session_options& odd_script::options() noexcept
{
    return state_->options;
}

void odd_script::logs_in(std::string_view user, std::string_view password, std::string_view account)
{
    state_->add_login(user, password, account);
}

void odd_script::lacks(std::initializer_list<std::string_view> verbs)
{
    for (const auto verb : verbs)
        state_->lack(verb);
}

odd_rule odd_script::on(std::string_view command)
{
    auto conduct = std::make_shared<odd_conduct>();
    conduct->pattern = command;
    state_->add(conduct);
    return {state_, std::move(conduct)};
}

odd_rule odd_script::on_connection()
{
    auto conduct = std::make_shared<odd_conduct>();
    conduct->is_for_connections = true;
    state_->add(conduct);
    return {state_, std::move(conduct)};
}

void odd_script::forget_rules()
{
    state_->forget_rules();
}

void odd_script::says(std::string_view bytes)
{
    state_->say(bytes);
}

void odd_script::release()
{
    state_->release();
}

std::vector<std::string> odd_script::heard() const
{
    return state_->heard();
}

std::size_t odd_script::connections() const
{
    return state_->connections();
}

} // namespace libftp::testing
