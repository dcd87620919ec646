// What the server says of itself: FEAT, HELP, STAT, OPTS (RFC 959 4.1.3, RFC 2389, RFC 2640 3.2, RFC 3659 7.9).
#include <libftp/session/server_session.hpp>

#include "../protocol/ascii.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

namespace libftp {

void server_session::handle_feat()
{
    multiline_reply lines{output_, reply_code::system_status, "Features:"};
    for (const auto& row : command_table()) {
        if (row.support != support::served || row.feature.empty())
            continue;
        if (row.verb == verb::mlst)
            lines.line(fmt::format("{} {}", row.feature, format_fact_choices(facts_chosen_)));
        else
            lines.line(row.feature);
    }
    lines.last("End.");
    observer_.replied(facts_, to_int(reply_code::system_status), "Features");
}

void server_session::handle_help(const command& c)
{
    if (!c.argument.empty()) {
        const auto* row = find_command(c.argument);
        if (row == nullptr)
            return reply(reply_code::parameter_not_implemented, "There is no such command; HELP lists all.");
        if (row->support != support::served)
            return reply(reply_code::not_implemented, "This command is not offered.");
        const auto* separator = row->syntax.empty() ? "" : " ";
        return reply(reply_code::help, fmt::format("{}{}{}: {}", row->text, separator, row->syntax, row->help));
    }
    constexpr std::size_t line_width = 64;
    multiline_reply lines{output_, reply_code::help, "Commands; HELP and a name tells more:"};
    std::string line;
    for (const auto& row : command_table()) {
        if (row.support != support::served)
            continue;
        fmt::format_to(std::back_inserter(line), "{:<6}", row.text);
        if (line.size() >= line_width) {
            lines.line(line);
            line.clear();
        }
    }
    if (!line.empty())
        lines.line(line);
    lines.last("End.");
    observer_.replied(facts_, to_int(reply_code::help), "Commands");
}

void server_session::handle_stat(const command& c)
{
    if (!c.argument.empty())
        return reply(reply_code::not_implemented, "STAT of a path is not offered; use MLST or LIST.");
    multiline_reply lines{output_, reply_code::system_status, "Status:"};
    lines.line(fmt::format("Connected from {}", facts_.peer.to_string()));
    lines.line(fmt::format("Logged in as {}", facts_.user));
    lines.line(fmt::format("TYPE {}, STRU F, MODE S", type_ == representation::ascii ? "A" : "I"));
    if (transfer_runs())
        lines.line(fmt::format("Transferring {}: {} bytes so far", job_->path.name(), job_->bytes));
    else if (data_ == data_state::none)
        lines.line("No data connection");
    else
        lines.line("A data connection is prepared");
    lines.last("End.");
    observer_.replied(facts_, to_int(reply_code::system_status), "Status");
}

void server_session::handle_opts(const command& c)
{
    const auto end = c.argument.find(' ');
    const auto name = c.argument.substr(0, end);
    const auto value = end == std::string_view::npos ? std::string_view{} : c.argument.substr(end + 1);
    if (ascii::equal_ignoring_case(name, "UTF8")) {
        if (value.empty() || ascii::equal_ignoring_case(value, "ON"))
            return reply(reply_code::ok, "Names are UTF-8.");
        return reply(reply_code::argument_error, "Names are always UTF-8.");
    }
    if (ascii::equal_ignoring_case(name, "MLST")) {
        facts_chosen_ = parse_fact_choices(value);
        const auto names = format_fact_names(facts_chosen_);
        return reply(reply_code::ok, names.empty() ? "MLST OPTS" : "MLST OPTS " + names);
    }
    reply(reply_code::argument_error, "There are options for MLST and UTF8.");
}

} // namespace libftp
