// What is known of files, and setting it: SIZE, MDTM, MLST, MFMT, MFCT, MFF, AVBL, DSIZ, HASH, XCRC, XMD5, XSHA...
// (RFC 3659 3, 4, 7; draft-somers-ftp-mfxx; draft-bryan-ftpext-hash).
#include <libftp/session/server_session.hpp>

#include "../protocol/ascii.hpp"
#include "quoted_words.hpp"

#include <libftp/protocol/reply.hpp>
#include <libftp/store/store_error.hpp>

#include <fmt/format.h>

#include <utility>

namespace libftp {

namespace {

/// `<time> <name>`, if the time is valid.
struct time_and_name {
    file_time time{};
    std::string_view name{};
};

std::optional<time_and_name> split_time_and_name(std::string_view text)
{
    const auto space = text.find(' ');
    if (space == std::string_view::npos || space + 1 == text.size())
        return std::nullopt;
    const auto time = parse_timestamp(text.substr(0, space));
    if (!time)
        return std::nullopt;
    return time_and_name{*time, text.substr(space + 1)};
}

/// `<name> [<first> [<end>]]`: one or two numbers behind a name in quotes, none or two behind one without.
struct name_and_range {
    std::string name{};
    byte_range range{};
};

std::optional<name_and_range> split_name_and_range(std::string_view text)
{
    const auto number = [](std::string_view digits) { return ascii::parse_number<std::uint64_t>(digits); };
    name_and_range split;
    if (text.starts_with('"')) {
        auto name = take_quoted_word(text);
        if (!name)
            return std::nullopt;
        split.name = std::move(*name);
    } else {
        split.name = text;
        const auto end = text.rfind(' ');
        const auto first = end == 0 || end == std::string_view::npos ? end : text.rfind(' ', end - 1);
        if (first == 0 || first == std::string_view::npos || !number(text.substr(end + 1)) ||
            !number(text.substr(first + 1, end - first - 1)))
            return split;
        split.name = text.substr(0, first);
        text.remove_prefix(first + 1);
    }
    if (text.empty())
        return split;
    const auto space = text.find(' ');
    const auto first = number(text.substr(0, space));
    const auto end = space == std::string_view::npos ? split.range.end : number(text.substr(space + 1));
    if (!first || !end || *first > *end)
        return std::nullopt;
    split.range = {*first, *end};
    return split;
}

digest_algorithm algorithm_of(verb asked, digest_algorithm chosen) noexcept
{
    switch (asked) {
    case verb::xcrc: return digest_algorithm::crc32;
    case verb::xmd5: return digest_algorithm::md5;
    case verb::xsha1: return digest_algorithm::sha1;
    case verb::xsha256: return digest_algorithm::sha256;
    case verb::xsha512: return digest_algorithm::sha512;
    default: return chosen;
    }
}

} // namespace

void server_session::handle_size(const command& c)
{
    auto path = resolve(c.argument, permission::list);
    if (!path)
        return;
    // What headers, marks and runs of bytes add shows only when the file is sent. Clients that use MODE Z want the
    // file's own size.
    if (coding_.structure == file_structure::record || coding_.mode == transfer_mode::block ||
        coding_.mode == transfer_mode::compressed)
        return reply(reply_code::file_unavailable, "Its size as it travels is not known; use STRU F and MODE S.");
    if (coding_.type == representation_type::image)
        return call_store(store_call::stat{std::move(*path)}, &server_session::answer_size);
    // In TYPE A a line end counts as it travels: only the content tells, so the client must be allowed to read it.
    if (!may(permission::read, *path))
        return;
    path_ = *path;
    call_store(store_call::stat{std::move(*path)}, &server_session::count_ascii_size);
}

void server_session::count_ascii_size(store_answer& answer)
{
    const auto& info = std::get<file_info>(answer);
    if (info.type == file_type::file && info.size.value_or(0) > options_.max_ascii_size_bytes)
        return reply(reply_code::file_unavailable, "The file is too large to count its lines; use TYPE I.");
    start_task(make_ascii_size_task(account_->store, path_), &server_session::answer_byte_count);
}

void server_session::answer_size(store_answer& answer)
{
    const auto& info = std::get<file_info>(answer);
    if (info.type != file_type::file)
        return reply(reply_code::file_unavailable, to_reply_text(store_errc::not_a_file));
    if (!info.size)
        return reply(reply_code::file_unavailable, "Its size is not known.");
    reply(reply_code::file_status, fmt::format("{}", *info.size));
}

void server_session::answer_byte_count(const task_step& step)
{
    reply(reply_code::file_status, fmt::format("{}", step.bytes));
}

/// Some clients set the time by MDTM: `MDTM <time> <name>`. A file with such a name is reached as `./<name>`.
void server_session::handle_mdtm(const command& c)
{
    if (const auto wanted = split_time_and_name(c.argument)) {
        if (auto path = resolve(wanted->name, permission::times))
            set_attributes(std::move(*path), {.modified = wanted->time}, reply_code::file_status,
                           format_timestamp(wanted->time));
        return;
    }
    if (auto path = resolve(c.argument, permission::list))
        call_store(store_call::stat{std::move(*path)}, &server_session::answer_mdtm);
}

void server_session::answer_mdtm(store_answer& answer)
{
    const auto& info = std::get<file_info>(answer);
    if (!info.modified)
        return reply(reply_code::file_unavailable, "Its time is not known.");
    reply(reply_code::file_status, format_timestamp(*info.modified));
}

void server_session::handle_mlst(const command& c)
{
    auto path = resolve(c.argument.empty() ? facts_.directory.string() : c.argument, permission::list);
    if (!path)
        return;
    path_ = *path;
    call_store(store_call::stat{std::move(*path)}, &server_session::answer_mlst);
}

void server_session::answer_mlst(store_answer& answer)
{
    append_first_line(output_, reply_code::file_action_ok, "Facts of " + path_.string());
    std::string facts;
    append_facts(facts, std::get<file_info>(answer), facts_chosen_, account_->allowed.at(path_), path_.string());
    append_inner_line(output_, facts);
    append_reply(output_, reply_code::file_action_ok, "End.");
    replied(to_int(reply_code::file_action_ok), "Facts of " + path_.string());
}

void server_session::set_attributes(store_path path, attribute_changes changes, reply_code code, std::string text)
{
    // Nobody might get back in to undo it.
    if (path.is_root() && (changes.mode || !changes.group.empty()))
        return reply(reply_code::file_unavailable, "Permission denied.");
    change_report change{change_kind::attributes_set, path, {}};
    call_store(store_call::set_attributes{std::move(path), std::move(changes)}, code, std::move(text),
               std::move(change));
}

void server_session::handle_time_setting(const command& c)
{
    const auto wanted = split_time_and_name(c.argument);
    if (!wanted)
        return reply(reply_code::argument_error, "This takes a time as YYYYMMDDHHMMSS, from 1678 to 2261, and a name.");
    auto path = resolve(wanted->name, permission::times);
    if (!path)
        return;
    const bool is_creation = c.row->verb == verb::mfct;
    attribute_changes changes;
    (is_creation ? changes.created : changes.modified) = wanted->time;
    set_attributes(
        std::move(*path), std::move(changes), reply_code::file_status,
        fmt::format("{}={}; {}", is_creation ? "Create" : "Modify", format_timestamp(wanted->time), wanted->name));
}

/// `MFF Modify=20020717210715;UNIX.mode=0644; name`: nothing is set where one of the facts cannot be.
void server_session::handle_mff(const command& c)
{
    const auto space = c.argument.find(' ');
    auto facts = c.argument.substr(0, space);
    if (space == std::string_view::npos || !facts.ends_with(';'))
        return reply(reply_code::argument_error, "MFF takes facts as name=value; and a name.");
    const auto path = resolve(c.argument.substr(space + 1), permission::none);
    if (!path)
        return;
    const auto& store = *account_->store;
    attribute_changes changes;
    bool needs_times = false;
    bool needs_mode = false;
    std::string text;
    while (!facts.empty()) {
        const auto fact = ascii::take_until(facts, ';');
        auto value = fact;
        const auto name = ascii::take_until(value, '=');
        const bool is_modify = ascii::equal_ignoring_case(name, "modify");
        bool is_valid = false;
        if (is_modify || (ascii::equal_ignoring_case(name, "create") && store.can(store_ability::set_created))) {
            const auto time = parse_timestamp(value);
            is_valid = needs_times = time.has_value();
            if (time)
                (is_modify ? changes.modified : changes.created) = *time;
        } else if (ascii::equal_ignoring_case(name, "UNIX.mode") && store.can(store_ability::set_mode)) {
            changes.mode = ascii::parse_number<std::uint32_t>(value, 8);
            is_valid = needs_mode = changes.mode && *changes.mode <= 0777;
        } else if (ascii::equal_ignoring_case(name, "UNIX.group") && store.can(store_ability::set_group)) {
            changes.group = value;
            is_valid = needs_mode = !value.empty();
        } else {
            return reply(reply_code::parameter_not_implemented, fmt::format("The fact {} cannot be set.", name));
        }
        if (!is_valid)
            return reply(reply_code::argument_error, fmt::format("This is no value for the fact {}.", name));
        text.append(fact).append(";");
    }
    if ((needs_times && !may(permission::times, *path)) || (needs_mode && !may(permission::mode, *path)))
        return;
    set_attributes(*path, std::move(changes), reply_code::file_status,
                   text.append(" ").append(c.argument.substr(space + 1)));
}

void server_session::handle_avbl(const command& c)
{
    auto path = resolve(c.argument.empty() ? facts_.directory.string() : c.argument, permission::list);
    if (path)
        call_store(store_call::available_space{std::move(*path)}, &server_session::answer_space);
}

void server_session::answer_space(store_answer& answer)
{
    reply(reply_code::file_status, fmt::format("{}", std::get<std::uint64_t>(answer)));
}

void server_session::handle_dsiz(const command& c)
{
    auto path = resolve(c.argument.empty() ? facts_.directory.string() : c.argument, permission::list);
    if (path)
        start_task(make_tree_size_task(account_->store, std::move(*path), account_->allowed),
                   &server_session::answer_byte_count);
}

/// HASH takes a name, and its range from RANG; the others take both, and their end is not part of the range.
void server_session::handle_digest(const command& c)
{
    const auto chosen = std::exchange(range_, std::nullopt);
    const bool is_hash = c.row->verb == verb::hash;
    const auto wanted = is_hash ? name_and_range{std::string{c.argument}, chosen.value_or(byte_range{})}
                                : split_name_and_range(c.argument);
    if (!wanted)
        return reply(reply_code::argument_error, "This takes a name, and perhaps where to begin and to end.");
    auto path = resolve(wanted->name, permission::read);
    if (!path)
        return;
    const auto algorithm = algorithm_of(c.row->verb, digest_);
    digest_of_.reset();
    if (is_hash)
        digest_of_ = std::make_unique<hashed_part>(hashed_part{algorithm, wanted->range.first, wanted->name});
    start_task(make_digest_task(account_->store, std::move(*path), algorithm, wanted->range),
               &server_session::answer_digest);
}

void server_session::answer_digest(const task_step& step)
{
    const auto of = std::move(digest_of_);
    if (!of)
        return reply(reply_code::file_action_ok, step.text);
    if (step.bytes == 0 && of->first != 0) // only an empty file has a digest of no bytes
        return reply(reply_code::restart_invalid, to_reply_text(store_errc::offset_invalid));
    const auto last = of->first + step.bytes - (step.bytes == 0 ? 0 : 1);
    reply(reply_code::file_status,
          fmt::format("{} {}-{} {} {}", to_string(of->algorithm), of->first, last, step.text, of->name));
}

} // namespace libftp
