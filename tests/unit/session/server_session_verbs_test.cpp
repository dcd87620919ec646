// Every verb, with and without an argument, in every phase of a session: which replies come, and in which order
// (RFC 959 5.4; RFC 1123 4.1.2.11; verb_rules.hpp).
#include "store_access.hpp"
#include "store_with_space.hpp"
#include "verb_rules.hpp"
#include "willing_host.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace libftp;
using namespace libftp::testing;

namespace {

using reply_sequence = std::vector<codes>; ///< For each reply the codes that it may have.

enum class identity { nobody, named, asked_for_account, logged_in };

constexpr std::size_t never = std::string_view::npos;

/// Where a session is when a verb comes, and what of it is still to be answered.
struct session_phase {
    std::string_view name;
    void (*begin)(willing_host& host);
    /// What holds when the verb is carried out, which may be later.
    identity who = identity::logged_in;
    bool has_data = false;
    bool has_rename_source = false;
    bool has_offset = false; ///< REST or RANG was said.
    bool is_in_tls = false;
    bool has_buffer_size = false; ///< PBSZ was said.
    /// The replies that are due to commands from before.
    reply_sequence due{};
    /// From which of these on NOOP, STAT, QUIT and unknown commands may be answered before: those behind 150.
    std::size_t overtaken_from = never;
    /// Due instead, if ABOR comes; empty: it has nothing to abort.
    reply_sequence due_if_aborted{};
    bool ends = false;    ///< No command is read any more.
    bool is_deaf = false; ///< What comes now is dropped.
};

void log_in_and(willing_host& host, std::string_view lines)
{
    host.log_in();
    host.receive(lines);
}

void log_in_over_tls(willing_host& host)
{
    host.receive("AUTH TLS\r\n");
    host.log_in();
    host.receive("PBSZ 0\r\nPROT P\r\n");
}

const std::vector<session_phase>& phases()
{
    using enum identity;
    static const std::vector<session_phase> all{
        {.name = "just connected", .begin = [](willing_host&) {}, .who = nobody},
        {.name = "after USER", .begin = [](willing_host& h) { h.receive("USER ann\r\n"); }, .who = named},
        {.name = "asked for ACCT",
         .begin = [](willing_host& h) { h.wanted_account_ = "books", h.log_in(); },
         .who = asked_for_account},
        {.name = "authenticating",
         .begin = [](willing_host& h) { h.receive("USER ann\r\n"), h.hold("PASS secret\r\n"); },
         .due = {{230}}},
        {.name = "denying",
         .begin = [](willing_host& h) { h.receive("USER ann\r\nPASS wrong\r\n"); },
         .who = nobody,
         .due = {{530}}},
        {.name = "logged in", .begin = [](willing_host& h) { h.log_in(); }},
        {.name = "in TLS",
         .begin = [](willing_host& h) { h.receive("AUTH TLS\r\n"); },
         .who = nobody,
         .is_in_tls = true},
        {.name = "TLS begins",
         .begin = [](willing_host& h) { h.holds_tls_ = true, h.receive("AUTH TLS\r\n"); },
         .who = nobody,
         .is_deaf = true},
        {.name = "logged in over TLS",
         .begin = [](willing_host& h) { log_in_over_tls(h); },
         .is_in_tls = true,
         .has_buffer_size = true},
        {.name = "TLS ends",
         .begin = [](willing_host& h) { log_in_over_tls(h), h.holds_tls_ = true, h.receive("CCC\r\n"); },
         .has_buffer_size = true},
        {.name = "in clear after CCC",
         .begin = [](willing_host& h) { log_in_over_tls(h), h.receive("CCC\r\n"); },
         .has_buffer_size = true},
        {.name = "after RNFR",
         .begin = [](willing_host& h) { log_in_and(h, "RNFR b.txt\r\n"); },
         .has_rename_source = true},
        {.name = "after REST",
         .begin = [](willing_host& h) { h.log_in(), h.passive_connection(), h.receive("TYPE I\r\nREST 1\r\n"); },
         .has_data = true,
         .has_offset = true},
        {.name = "after RANG",
         .begin = [](willing_host& h) { h.log_in(), h.passive_connection(), h.receive("TYPE I\r\nRANG 0 1\r\n"); },
         .has_data = true,
         .has_offset = true},
        {.name = "a listener is being opened",
         .begin = [](willing_host& h) { log_in_and(h, "PASV\r\n"); },
         .has_data = true,
         .due = {{227}}},
        {.name = "listening",
         .begin = [](willing_host& h) { log_in_and(h, "PASV\r\n"), h.listener_opens(); },
         .has_data = true},
        {.name = "connected to",
         .begin = [](willing_host& h) { h.log_in(), h.passive_connection(); },
         .has_data = true},
        {.name = "after PORT",
         .begin = [](willing_host& h) { log_in_and(h, "PORT 192,0,2,7,156,65\r\n"); },
         .has_data = true},
        {.name = "a store call runs",
         .begin = [](willing_host& h) { h.log_in(), h.hold("MKD held\r\n"); },
         .due = {{257}}},
        {.name = "a task runs",
         .begin = [](willing_host& h) { h.log_in(), h.hold("HASH b.txt\r\n"); },
         .due = {{213}},
         .due_if_aborted = {{426, 213}}},
        {.name = "a listing goes over the control connection",
         .begin = [](willing_host& h) { h.log_in(), h.hold("STAT d\r\n"), h.answer_call(); },
         .due = {{213}},
         .due_if_aborted = {{213}}},
        {.name = "an own command runs",
         .begin = [](willing_host& h) { h.log_in(), h.hold("XOWN\r\n"); },
         .due = {{250}},
         .due_if_aborted = {{426, 250}}},
        {.name = "a task is being aborted",
         .begin = [](willing_host& h) { h.log_in(), h.hold("HASH b.txt\r\nABOR\r\n"); },
         .due = {{426, 213}, {226}}},
        {.name = "a transfer is being opened",
         .begin = [](willing_host& h) { h.log_in(), h.passive_connection(), h.hold("RETR b.txt\r\n"); },
         .due = {{150}, {226}},
         .overtaken_from = 1,
         .due_if_aborted = {{150}, {426, 226}}},
        {.name = "a transfer waits for the client to connect",
         .begin = [](willing_host& h) { log_in_and(h, "PASV\r\n"), h.listener_opens(), h.receive("RETR b.txt\r\n"); },
         .due = {{226}},
         .overtaken_from = 0,
         .due_if_aborted = {{426}}},
        {.name = "a transfer connects to the client",
         .begin = [](willing_host& h) { log_in_and(h, "PORT 192,0,2,7,156,65\r\nRETR b.txt\r\n"); },
         .due = {{150}, {226}},
         .due_if_aborted = {{426}}},
        {.name = "a download moves",
         .begin = [](willing_host& h) { h.log_in(), h.passive_connection(), h.receive("RETR b.txt\r\n"); },
         .due = {{226}},
         .overtaken_from = 0,
         .due_if_aborted = {{426, 226}}},
        {.name = "an upload moves",
         .begin = [](willing_host& h) { h.log_in(), h.passive_connection(), h.receive("STOR up.txt\r\n"); },
         .due = {{226}},
         .overtaken_from = 0,
         .due_if_aborted = {{426, 226}}},
        {.name = "TLS begins on a data connection",
         .begin =
             [](willing_host& h) {
                 log_in_over_tls(h), h.passive_connection(), h.holds_tls_ = true, h.receive("RETR b.txt\r\n");
             },
         .is_in_tls = true,
         .has_buffer_size = true,
         .due = {{226}},
         .overtaken_from = 0,
         .due_if_aborted = {{426}}},
        {.name = "a transfer is being aborted",
         .begin = [](willing_host& h) { h.log_in(), h.passive_connection(), h.receive("RETR b.txt\r\nABOR\r\n"); },
         .due = {{426, 226}, {226}}},
        {.name = "after QUIT during a transfer",
         .begin = [](willing_host& h) { h.log_in(), h.passive_connection(), h.receive("RETR b.txt\r\nQUIT\r\n"); },
         .due = {{226}},
         .ends = true},
        {.name = "closing",
         .begin = [](willing_host& h) { h.log_in(), h.reads_output_ = false, h.receive("QUIT\r\n"); },
         .due = {{221}},
         .ends = true},
    };
    return all;
}

/// The files that the arguments in verb_rules() are about, and leave for everything.
script_setup one_of_everything()
{
    static const command_set commands = [] {
        command_set with_own;
        with_own.add({.text = "XOWN", .argument = argument_rule::optional}, [](const command_context&) {
            return reply{250, {"Done."}};
        });
        return with_own;
    }();
    auto store = std::make_shared<store_with_space>();
    for (const auto* const name : {"/d", "/empty"})
        REQUIRE(store->make_directory(at(name), {}));
    for (const auto* const name : {"/a.txt", "/b.txt", "/d/c.txt"})
        REQUIRE(write_file(*store, name, "0123456789"));
    using enum permission;
    return {.allowed = permissions{list, read, write, append, delete_file, remove_directory, rename, make, times, mode,
                                   administer},
            .options = {.commands = commands,
                        .tls = {.is_offered = true},
                        .list_sessions = [] { return std::vector<session_facts>{}; }},
            .store = std::move(store)};
}

enum class given { good_argument, no_argument, nonsense };

/// A verb with what stands behind it.
struct sent_command {
    const verb_rule& rule;
    given argument;

    [[nodiscard]] std::string line() const
    {
        std::string text{rule.text};
        if (argument == given::good_argument)
            text.append(" ").append(rule.argument);
        if (argument == given::nonsense)
            text += R"( "7;|* -q)";
        return text;
    }
    [[nodiscard]] bool is(std::string_view text) const { return rule.text == text; }
    /// Its argument is not what the verb takes, whatever it says.
    [[nodiscard]] bool is_misused() const
    {
        return argument == given::no_argument ? rule.takes == argument_rule::required
                                              : rule.takes == argument_rule::none;
    }
    /// During a transfer these need not wait; the others do.
    [[nodiscard]] bool may_overtake() const
    {
        return is("NOOP") || is("QUIT") || is("ABOR") || (is("STAT") && argument == given::no_argument) ||
               find_rule(rule.text) == nullptr;
    }
    [[nodiscard]] bool aborts() const { return is("ABOR") && argument == given::no_argument; }
    [[nodiscard]] bool begins_tls() const { return is("AUTH") && argument == given::good_argument; }
    [[nodiscard]] bool quits() const { return is("QUIT") && argument == given::no_argument; }
};

/// The reply that the verb must get in this phase whatever its argument is, if there is one.
std::optional<codes> fixed_reply(const session_phase& phase, const sent_command& sent)
{
    const auto needs = sent.rule.needs;
    const bool is_logged_in = phase.who == identity::logged_in;
    const bool needs_login = needs == precondition::login || needs == precondition::rename_source ||
                             needs == precondition::copy_source || needs == precondition::data;
    if (needs_login && !is_logged_in)
        return codes{530};
    if (sent.is_misused())
        return codes{501};
    if (needs == precondition::login_over_tls && !phase.is_in_tls)
        return codes{533};
    if (needs == precondition::account_question && phase.who != identity::asked_for_account)
        return is_logged_in ? codes{202} : codes{503};
    if (needs == precondition::data && !phase.has_data && !phase.has_offset)
        return codes{425};
    const bool is_out_of_order =
        (needs == precondition::no_login && is_logged_in) ||
        (needs == precondition::user && phase.who != identity::named) ||
        (needs == precondition::rename_source && !phase.has_rename_source) ||
        (needs == precondition::no_tls && phase.is_in_tls) || (needs == precondition::tls && !phase.is_in_tls) ||
        (needs == precondition::buffer_size && !(phase.is_in_tls && phase.has_buffer_size)) ||
        (needs == precondition::login_over_tls && !is_logged_in) || needs == precondition::copy_source;
    return is_out_of_order ? std::optional{codes{503}} : std::nullopt;
}

/// What the verb itself may be answered, one sequence for each way it can go.
std::vector<reply_sequence> own_replies(const session_phase& phase, const sent_command& sent)
{
    if (sent.aborts() && !phase.due_if_aborted.empty())
        return {{{226}}};
    if (const auto fixed = fixed_reply(phase, sent))
        return {{*fixed}};
    const auto& rule = sent.rule;
    codes refused = rule.refused;
    refused.insert(refused.end(), rule.also.begin(), rule.also.end());
    // PASS alone is an empty password, and that is wrong here. REST and RANG do not go with every transfer.
    const bool goes_well = sent.argument != given::nonsense && !phase.has_offset &&
                           !(sent.argument == given::no_argument && sent.is("PASS"));
    if (rule.needs == precondition::data) {
        const codes begin{125, 150};
        std::vector<reply_sequence> ways{{begin, rule.done}};
        if (!goes_well) {
            ways.push_back({begin, refused});
            ways.push_back({refused});
        }
        return ways;
    }
    if (goes_well)
        return {{rule.done}};
    codes any = rule.done;
    any.insert(any.end(), refused.begin(), refused.end());
    return {{any}};
}

/// What is sent right behind the command.
enum class behind { nothing, noop, malformed_line };

constexpr std::string_view malformed{"NO\0P", 4};

reply_sequence inserted(reply_sequence into, std::size_t place, const reply_sequence& what)
{
    into.insert(into.begin() + static_cast<std::ptrdiff_t>(std::min(place, into.size())), what.begin(), what.end());
    return into;
}

/// All that may come in a phase after the command and what is right behind it.
std::vector<reply_sequence> allowed_replies(const session_phase& phase, const sent_command& sent, behind next)
{
    const bool aborts = sent.aborts() && !phase.due_if_aborted.empty();
    const auto& due = aborts ? phase.due_if_aborted : phase.due;
    if (phase.ends || phase.is_deaf)
        return {due};
    std::vector<std::size_t> places{due.size()};
    if (!aborts && sent.may_overtake() && phase.overtaken_from < due.size())
        places.push_back(phase.overtaken_from);
    if (sent.is("ABOR") && !aborts && phase.overtaken_from == never && !phase.due_if_aborted.empty())
        places.push_back(0);

    std::vector<reply_sequence> allowed;
    for (const auto& own : own_replies(phase, sent)) {
        for (const auto place : places) {
            const auto both = inserted(due, place, own);
            const bool is_dropped = sent.begins_tls() && !phase.is_in_tls; // it was said in clear
            if (next == behind::nothing || sent.quits() || is_dropped) {
                allowed.push_back(both);
                continue;
            }
            // It comes at the end, or overtakes what the command overtook or leaves running.
            const codes last{next == behind::noop ? 200 : 500};
            for (const auto after : {both.size(), place + 1})
                allowed.push_back(inserted(both, after, {last}));
        }
    }
    return allowed;
}

bool fits(const codes& came, const reply_sequence& allowed)
{
    return std::ranges::equal(came, allowed,
                              [](int code, const codes& any) { return std::ranges::find(any, code) != any.end(); });
}

codes take_codes(willing_host& host)
{
    codes came;
    for (const auto& each : host.replies_)
        came.push_back(each.code);
    host.replies_.clear();
    return came;
}

std::string to_text(const codes& list)
{
    std::string text;
    for (const auto code : list)
        text += std::to_string(code) + " ";
    return text;
}

std::string to_text(const std::vector<reply_sequence>& allowed)
{
    std::string text;
    for (const auto& sequence : allowed) {
        text += "\n  ";
        for (const auto& each : sequence)
            text += "{ " + to_text(each) + "} ";
    }
    return text;
}

void try_command(const session_phase& phase, const sent_command& sent, behind next)
{
    willing_host host{one_of_everything()};
    phase.begin(host);
    host.replies_.clear();

    const auto line = sent.line();
    const std::string after{next == behind::nothing ? "" : next == behind::noop ? "NOOP" : malformed};
    INFO("phase: ", std::string{phase.name}, "; sent: ", line.substr(0, 60), "; behind it: ", after);
    host.receive(line + "\r\n" + (after.empty() ? after : after + "\r\n"));
    host.go_on();
    const auto came = take_codes(host);
    const auto allowed = allowed_replies(phase, sent, next);
    const bool is_allowed = std::ranges::any_of(allowed, [&came](const auto& each) { return fits(came, each); });
    CHECK_MESSAGE(is_allowed, "came: ", to_text(came), "\nallowed: ", to_text(allowed));

    if (!phase.ends && (!sent.quits() || phase.is_deaf)) {
        host.receive("NOOP\r\n");
        host.go_on();
        CHECK(take_codes(host) == codes{200});
        host.receive("QUIT\r\n");
        host.go_on();
        CHECK(take_codes(host) == codes{221});
    }
    CHECK(host.is_over());
}

/// Lines that name no verb.
const std::vector<verb_rule>& lines_without_verb()
{
    static const std::string too_long(5000, 'x');
    static const auto without_verb = [](std::string_view line) {
        return verb_rule{line, argument_rule::optional, "", precondition::nothing, {500}, {}};
    };
    static const std::vector<verb_rule> rules{without_verb(""), without_verb("NONSENSE"), without_verb(malformed),
                                              without_verb(too_long)};
    return rules;
}

void try_all_commands(behind next)
{
    for (const auto& phase : phases()) {
        for (const auto& rule : verb_rules()) {
            for (const auto argument : {given::good_argument, given::no_argument, given::nonsense}) {
                if (argument != given::good_argument || !rule.argument.empty())
                    try_command(phase, {rule, argument}, next);
            }
        }
        for (const auto& rule : lines_without_verb())
            try_command(phase, {rule, given::no_argument}, next);
    }
}

} // namespace

TEST_CASE("Every row of the command tables has its replies written down, and nothing else has")
{
    std::vector<std::string> texts;
    for (const auto& row : command_table())
        texts.emplace_back(row.text);
    for (const auto& row : site_command_table())
        texts.push_back("SITE " + std::string{row.text});
    for (const auto& text : texts)
        CHECK_MESSAGE(find_rule(text) != nullptr, "verb_rules() in verb_rules.hpp needs the replies of ", text);
    for (const auto& rule : verb_rules())
        CHECK_MESSAGE(std::ranges::count(texts, rule.text) == 1, "no command has this rule: ", rule.text);
    CHECK(texts.size() == verb_rules().size());
}

TEST_CASE("Every verb gets one of its replies in every phase, in its turn, and leaves the session usable")
{
    try_all_commands(behind::nothing);
}

TEST_CASE("Every verb gets its replies before those of what is right behind it, a transfer's end aside")
{
    try_all_commands(behind::noop);
    try_all_commands(behind::malformed_line);
}
