// How and what the next transfers send: TYPE, STRU, MODE, ALLO, REST, RANG, LANG, OPTS (RFC 959 3.1 to 3.5, 4.1.2;
// RFC 2389 4; RFC 2640 4; RFC 3659 5, 7.9).
#include <libftp/session/server_session.hpp>

#include "../protocol/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>

namespace libftp {

namespace {

std::string_view without_trailing_spaces(std::string_view text) noexcept
{
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> known) noexcept
{
    return std::ranges::any_of(known, [text](auto each) { return ascii::equal_ignoring_case(text, each); });
}

} // namespace

void server_session::handle_type(const command& c)
{
    const auto type = without_trailing_spaces(c.argument);
    if (is_one_of(type, {"A", "A N", "A T"})) {
        // Files hold no vertical format controls here, so T (Telnet's) is the same as N (none).
        coding_.type = representation_type::ascii;
        reply(reply_code::ok, "TYPE is now A.");
    } else if (is_one_of(type, {"I", "L 8", "L8"})) {
        coding_.type = representation_type::image;
        reply(reply_code::ok, "TYPE is now I.");
    } else if (is_one_of(type, {"A C", "E", "E N", "E T", "E C"}) ||
               (ascii::starts_with_ignoring_case(type, "L ") && ascii::parse_number<unsigned>(type.substr(2)))) {
        reply(reply_code::parameter_not_implemented, "TYPE can be A, I or L 8.");
    } else {
        reply(reply_code::argument_error, "TYPE can be A, I or L 8.");
    }
}

void server_session::handle_stru(const command& c)
{
    const auto structure = without_trailing_spaces(c.argument);
    if (is_one_of(structure, {"F"})) {
        coding_.structure = file_structure::file;
        reply(reply_code::ok, "STRU is now F.");
    } else if (is_one_of(structure, {"R"})) {
        coding_.structure = file_structure::record;
        reply(reply_code::ok, "STRU is now R.");
    } else {
        reply(is_one_of(structure, {"P"}) ? reply_code::parameter_not_implemented : reply_code::argument_error,
              "STRU can be F or R.");
    }
}

void server_session::handle_mode(const command& c)
{
    struct named_mode {
        std::string_view letter;
        transfer_mode mode;
    };
    static constexpr std::array<named_mode, 4> modes{{{"S", transfer_mode::stream},
                                                      {"B", transfer_mode::block},
                                                      {"C", transfer_mode::compressed},
                                                      {"Z", transfer_mode::deflate}}};
    const auto wanted = without_trailing_spaces(c.argument);
    const auto* const named = std::ranges::find_if(
        modes, [wanted](const auto& each) { return ascii::equal_ignoring_case(wanted, each.letter); });
    if (named == modes.end()) {
        const bool is_letter = wanted.size() == 1 && ascii::is_letter(wanted[0]);
        return reply(is_letter ? reply_code::parameter_not_implemented : reply_code::argument_error,
                     "MODE can be S, B, C or Z.");
    }
    coding_.mode = named->mode;
    if (coding_.mode != transfer_mode::block)
        drop_kept_connection(); // in other modes its end is that of a file
    reply(reply_code::ok, fmt::format("MODE is now {}.", named->letter));
}

/// Room is not reserved: `ALLO <bytes> [R <bytes>]` is checked and otherwise superfluous (RFC 959 4.1.3).
void server_session::handle_allo(const command& c)
{
    const auto is_number = [](std::string_view text) {
        return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    auto rest = c.argument;
    bool is_valid = is_number(ascii::take_until(rest, ' '));
    if (!rest.empty())
        is_valid = ascii::equal_ignoring_case(ascii::take_until(rest, ' '), "R") && is_number(rest) && is_valid;
    if (is_valid)
        reply(reply_code::superfluous, "No allocation is needed.");
    else
        reply(reply_code::argument_error, "ALLO takes a number of bytes.");
}

/// The markers that MODE B and C carry are offsets, too.
void server_session::handle_rest(const command& c)
{
    const auto offset = ascii::parse_number<std::uint64_t>(c.argument);
    restart_offset_ = offset.value_or(0); // whoever was refused goes on as if nothing had been asked for
    range_.reset();
    if (!offset)
        return reply(reply_code::argument_error, "REST takes a number of bytes.");
    reply(reply_code::file_action_pending, fmt::format("Restarting at {}. Send RETR or STOR.", *offset));
}

void server_session::handle_rang(const command& c)
{
    auto rest = c.argument;
    const auto first = ascii::parse_number<std::uint64_t>(ascii::take_until(rest, ' '));
    const auto last = ascii::parse_number<std::uint64_t>(rest);
    range_.reset();
    restart_offset_ = 0;
    if (!first || !last || *last == std::numeric_limits<std::uint64_t>::max())
        return reply(reply_code::argument_error, "RANG takes the numbers of the first and the last byte.");
    if (*first == 1 && *last == 0)
        return reply(reply_code::file_action_pending, "The range is the whole file.");
    if (*first > *last)
        return reply(reply_code::argument_error, "The range ends before it begins.");
    range_ = byte_range{*first, *last + 1};
    reply(reply_code::file_action_pending,
          fmt::format("Restarting at {}. End byte range at {}. Send RETR or HASH.", *first, *last));
}

void server_session::handle_lang(const command& c)
{
    const bool is_english = is_one_of(c.argument, {"", "en"}) || ascii::starts_with_ignoring_case(c.argument, "en-");
    if (is_english)
        reply(reply_code::ok, "The language is English.");
    else
        reply(reply_code::parameter_not_implemented, "The only language is EN.");
}

void server_session::handle_opts(const command& c)
{
    auto value = c.argument;
    const auto name = ascii::take_until(value, ' ');
    if (ascii::equal_ignoring_case(name, "UTF8")) {
        if (is_one_of(value, {"", "ON"}))
            return reply(reply_code::ok, "Names are UTF-8.");
        return reply(reply_code::argument_error, "Names are always UTF-8.");
    }
    const auto is_for = [&](std::string_view command) { return ascii::equal_ignoring_case(name, command); };
    const auto is_served = [this](std::string_view command) {
        const auto* const row = find_command(command, options_.commands.rows());
        return row != nullptr && serves(*row);
    };
    if (is_for("MLST") && (is_served("MLST") || is_served("MLSD"))) {
        const auto holds = [value](std::string_view text) { return value.find(text) != std::string_view::npos; };
        if (value.starts_with(';') || holds(";;") || holds(" "))
            return reply(reply_code::argument_error, "Invalid MLST options: they are names with a semicolon each.");
        facts_chosen_ = parse_fact_choices(value);
        const auto names = format_fact_names(facts_chosen_);
        return reply(reply_code::ok, names.empty() ? "MLST OPTS" : "MLST OPTS " + names);
    }
    if (is_for("HASH") && is_served("HASH")) {
        const auto algorithm = value.empty() ? digest_ : parse_digest_algorithm(value);
        if (!algorithm)
            return reply(reply_code::argument_error, "There is no such algorithm; FEAT lists all.");
        digest_ = *algorithm;
        return reply(reply_code::ok, to_string(digest_));
    }
    constexpr std::string_view level = "Z LEVEL ";
    if (is_for("MODE") && is_served("MODE") && ascii::starts_with_ignoring_case(value, level)) {
        const auto wanted = ascii::parse_number<unsigned>(without_trailing_spaces(value.substr(level.size())));
        if (!wanted || *wanted < 1 || *wanted > 9)
            return reply(reply_code::argument_error, "The level of MODE Z is from 1 to 9.");
        coding_.deflate_level = static_cast<int>(*wanted);
        return reply(reply_code::ok, fmt::format("MODE Z LEVEL set to {}.", *wanted));
    }
    // An extension: RFC 959 3.3 leaves to the server whether it closes, but clients that do not ask wait for that.
    if (is_for("MODE") && is_served("MODE") && options_.keeps_data_connections &&
        is_one_of(without_trailing_spaces(value), {"B KEEP"})) {
        keeps_data_connection_ = true;
        return reply(reply_code::ok, "MODE B will keep its data connections.");
    }
    reply(reply_code::argument_error, "There are no such options; FEAT lists what there is.");
}

/// As they are at the beginning of a session.
void server_session::reset_parameters()
{
    coding_ = {};
    facts_chosen_ = fact_set::standard();
    digest_ = digest_algorithm::sha256;
    restart_offset_ = 0;
    range_.reset();
    extended_only_ = false;
    keeps_data_connection_ = false;
}

} // namespace libftp
