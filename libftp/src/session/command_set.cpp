// The standard commands with a program's changes to them.
#include <libftp/session/command_set.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

namespace libftp {

namespace {

constexpr std::string_view site_prefix = "SITE ";

} // namespace

command_set::command_set()
{
    const auto take = [](table& to, std::span<const command_row> standard) {
        to.rows.assign(standard.begin(), standard.end());
        to.handlers.resize(to.rows.size());
    };
    take(commands_, command_table());
    take(site_, site_command_table());
}

bool command_set::table::mean_the_same(std::string_view text, const command_row& row) const
{
    if (find_command(text, rows) == &row)
        return true;
    // A row that was replaced keeps its other names, but not its verb.
    const auto* named = find_command(text, command_table());
    const auto* standard = find_command(row.text, command_table());
    return named != nullptr && standard != nullptr && named->verb == standard->verb && named->verb != verb::unserved;
}

void command_set::table::put(command_row row, const command_handler& handler)
{
    row.verb = verb::own;
    row.support = support::served;
    row.ability = store_ability::none;
    row.during_transfer = transfer_rule::waits;
    const auto* named = find_command(row.text, rows);
    if (named == nullptr) {
        const auto comes_before = [](const command_row& each, std::string_view text) { return each.text < text; };
        const auto place = std::lower_bound(rows.begin(), rows.end(), row.text, comes_before);
        handlers.insert(handlers.begin() + (place - rows.begin()), handler);
        rows.insert(place, row);
        return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!mean_the_same(row.text, rows[i]))
            continue;
        auto replacing = row;
        replacing.text = rows[i].text;
        if (&rows[i] != named)
            replacing.feature = {}; // once is enough
        rows[i] = replacing;
        handlers[i] = handler;
    }
}

void command_set::table::forbid(std::string_view text)
{
    for (auto& row : rows) {
        if (mean_the_same(text, row))
            row.support = support::recognized;
    }
}

void command_set::add(const command_row& row, const command_handler& handler)
{
    commands_.put(row, handler);
}

void command_set::add_site(const command_row& row, const command_handler& handler)
{
    site_.put(row, handler);
}

void command_set::forbid(std::string_view text)
{
    if (text.starts_with(site_prefix))
        return forbid_site(text.substr(site_prefix.size()));
    commands_.forbid(text);
    if (text == "SITE") {
        for (auto& row : site_.rows)
            row.support = support::recognized;
    }
}

void command_set::forbid_site(std::string_view text)
{
    site_.forbid(text);
}

void command_set::before(std::string_view text, before_hook hook)
{
    before_.push_back({std::string{text}, std::move(hook)});
}

void command_set::after(std::string_view text, after_hook hook)
{
    after_.push_back({std::string{text}, std::move(hook)});
}

bool command_set::is_site(const command_row& row) const noexcept
{
    return std::less_equal<>{}(site_.rows.data(), &row) && std::less<>{}(&row, site_.rows.data() + site_.rows.size());
}

const command_handler& command_set::handler(const command_row& row) const noexcept
{
    const auto& from = is_site(row) ? site_ : commands_;
    return from.handlers[static_cast<std::size_t>(&row - from.rows.data())];
}

bool command_set::is_for(std::string_view text, const command_row& row) const
{
    if (text.empty())
        return true;
    if (!is_site(row))
        return commands_.mean_the_same(text, row);
    return text == "SITE" ||
           (text.starts_with(site_prefix) && site_.mean_the_same(text.substr(site_prefix.size()), row));
}

std::optional<reply> command_set::ask_before(const command_row& row, const command_context& context) const
{
    for (const auto& each : before_) {
        if (!is_for(each.text, row))
            continue;
        if (auto refusal = each.hook(context))
            return refusal;
    }
    return std::nullopt;
}

void command_set::tell_after(const command_row& row, const command_context& context, int reply_code) const
{
    for (const auto& each : after_) {
        if (is_for(each.text, row))
            each.hook(context, reply_code);
    }
}

} // namespace libftp
