// What the server says of itself and of files on the control connection: FEAT, HELP, STAT (RFC 959 4.1.3, RFC 2389).
#include <libftp/session/server_session.hpp>

#include "../protocol/ascii.hpp"

#include <libftp/protocol/reply.hpp>

#include <fmt/format.h>

namespace libftp {

namespace {

std::string format_hash_choices(digest_algorithm chosen)
{
    std::string text;
    for (const auto each : digest_algorithms())
        text.append(to_string(each)).append(each == chosen ? "*;" : ";");
    return text;
}

std::string format_settable_facts(const file_store* store)
{
    const auto can = [store](store_ability ability) { return store != nullptr && store->can(ability); };
    std::string text = "Modify;";
    if (can(store_ability::set_created))
        text += "Create;";
    if (store == nullptr || can(store_ability::set_group))
        text += "UNIX.group;";
    if (store == nullptr || can(store_ability::set_mode))
        text += "UNIX.mode;";
    return text;
}

std::string describe(const tls_facts* tls)
{
    return tls == nullptr ? "in clear" : fmt::format("in {} with {}", tls->version, tls->cipher);
}

std::string_view letter_of(transfer_mode mode) noexcept
{
    switch (mode) {
    case transfer_mode::block: return "B";
    case transfer_mode::compressed: return "C";
    case transfer_mode::deflate: return "Z";
    default: return "S";
    }
}

} // namespace

void server_session::handle_feat()
{
    append_first_line(output_, reply_code::system_status, "Features:");
    const auto append_features = [this](std::span<const command_row> rows) {
        for (const auto& row : rows) {
            const bool is_always_refused = row.verb == verb::ccc && needed_tls().login;
            if (row.feature.empty() || !serves(row) || is_always_refused)
                continue;
            switch (row.verb) {
            case verb::hash: append_inner_line(output_, fmt::format("HASH {}", format_hash_choices(digest_))); break;
            case verb::mff:
                append_inner_line(
                    output_, fmt::format("MFF {}", format_settable_facts(account_ ? account_->store.get() : nullptr)));
                break;
            case verb::mlst:
                append_inner_line(output_, fmt::format("MLST {}", format_fact_choices(facts_chosen_)));
                break;
            case verb::mode:
                if (options_.keeps_data_connections)
                    append_inner_line(output_, "MODE B KEEP");
                append_inner_line(output_, row.feature);
                break;
            default: append_inner_line(output_, row.feature);
            }
        }
    };
    append_features(options_.commands.rows());
    append_features(options_.commands.site_rows());
    append_reply(output_, reply_code::system_status, "End.");
    replied(to_int(reply_code::system_status), "Features:");
}

void server_session::handle_help(const command& c)
{
    auto name = c.argument;
    constexpr std::string_view site = "SITE";
    if (name.empty())
        return list_commands(options_.commands.rows(), "Commands; HELP and a name tells more:");
    const bool is_site =
        ascii::starts_with_ignoring_case(name, site) && (name.size() == site.size() || name[site.size()] == ' ');
    const auto* const row = find_command(is_site ? site : name, options_.commands.rows());
    if (!is_site || row == nullptr || !serves(*row))
        return explain(row, "");
    name.remove_prefix(std::min(site.size() + 1, name.size()));
    explain_site(name);
}

void server_session::explain_site(std::string_view name)
{
    if (name.empty())
        list_commands(options_.commands.site_rows(), "Commands behind SITE; SITE HELP and a name tells more:");
    else
        explain(find_command(name, options_.commands.site_rows()), "SITE ");
}

void server_session::explain(const command_row* row, std::string_view prefix)
{
    if (row == nullptr)
        return reply(reply_code::not_implemented, "There is no such command; HELP lists all.");
    if (!serves(*row))
        return reply(reply_code::not_implemented, "This command is not offered.");
    reply(reply_code::help,
          fmt::format("{}{}{}{}: {}", prefix, row->text, row->syntax.empty() ? "" : " ", row->syntax, row->help));
}

void server_session::list_commands(std::span<const command_row> rows, std::string_view first_line)
{
    constexpr std::size_t line_width = 64;
    append_first_line(output_, reply_code::help, first_line);
    std::string line;
    for (const auto& row : rows) {
        if (!serves(row))
            continue;
        fmt::format_to(std::back_inserter(line), "{:<7} ", row.text);
        if (line.size() >= line_width) {
            append_inner_line(output_, line);
            line.clear();
        }
    }
    if (!line.empty())
        append_inner_line(output_, line);
    append_reply(output_, reply_code::help, "End.");
    replied(to_int(reply_code::help), first_line);
}

void server_session::handle_stat(const command& c)
{
    if (!c.argument.empty()) {
        const auto named = parse_list_argument(c.argument).path;
        text_ = c.argument;
        if (resolve(named.empty() ? "." : named, permission::list))
            call_store(store_call::open_listing{listing_of(listing_form::unix_lines, c.argument)},
                       &server_session::begin_status);
        return;
    }
    append_first_line(output_, reply_code::system_status, "Status:");
    append_inner_line(output_, fmt::format("Connected from {}", facts_.peer.to_string()));
    append_inner_line(output_, fmt::format("Logged in as {}", facts_.user));
    append_inner_line(output_, fmt::format("Control connection {}", describe(facts_.tls.get())));
    append_inner_line(output_, protects_data_ ? "Data connections in TLS" : "Data connections in clear");
    append_inner_line(output_,
                      fmt::format("TYPE {}, STRU {}, MODE {}", coding_.type == representation_type::ascii ? "A" : "I",
                                  coding_.structure == file_structure::file ? "F" : "R", letter_of(coding_.mode)));
    if (transfer_runs())
        append_inner_line(output_, fmt::format("Transferring {}: {} bytes so far", job_->path.name(), job_->bytes));
    else
        append_inner_line(output_, data_ == data_state::none ? "No data connection" : "A data connection is prepared");
    append_reply(output_, reply_code::system_status, "End.");
    replied(to_int(reply_code::system_status), "Status:");
}

/// The listing comes as the reply itself, piece by piece as the client takes it.
void server_session::begin_status(store_answer& answer)
{
    auto* const reader = std::get_if<std::unique_ptr<file_reader>>(&answer);
    if (reader == nullptr || !*reader)
        return reply(reply_code::local_error, "The store gave no listing.");
    append_first_line(output_, reply_code::file_status, fmt::format("Status of {}:", text_));
    text_.clear();
    start_work({.task = make_reading_task(std::move(*reader)), .lists = true});
    next_step();
}

/// `lines` may end in the middle of one.
void server_session::append_status(std::string_view lines)
{
    for (auto end = lines.find("\r\n"); end != std::string_view::npos; end = lines.find("\r\n")) {
        text_.append(lines.substr(0, end));
        append_bare_line(output_, text_);
        text_.clear();
        lines.remove_prefix(end + 2);
    }
    text_.append(lines);
}

void server_session::end_status(std::string_view text)
{
    append_reply(output_, reply_code::file_status, text);
    replied(to_int(reply_code::file_status), text);
}

} // namespace libftp
