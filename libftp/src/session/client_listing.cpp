// Listings as a client asks for them: MLSD or LIST, raw or read (RFC 959 4.1.3, RFC 3659 7).
#include "../protocol/ascii.hpp"
#include "client_replies.hpp"
#include "client_transfer.hpp"

#include <libftp/error.hpp>
#include <libftp/store/single_file.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace libftp {

namespace {

/// Whether the text has these words, and no digit right in front of them.
bool has_words(std::string_view text, std::string_view words)
{
    const auto at = text.find(words);
    return at != std::string_view::npos && (at == 0 || !ascii::is_digit(text[at - 1]));
}

/// Some servers answer an empty directory with a failure. The words may also be part of the directory's own name, where
/// they mean nothing.
bool says_empty(const reply& answer, std::string_view path)
{
    static constexpr std::array phrases{
        std::string_view{"no files"},           std::string_view{"no members"},
        std::string_view{"directory empty"},    std::string_view{"empty directory"},
        std::string_view{"directory is empty"}, std::string_view{"no data sets"},
        std::string_view{"no datasets"},        std::string_view{"0 files"},
    };
    if (answer.code != to_int(reply_code::file_busy) && answer.code != to_int(reply_code::file_unavailable))
        return false;
    const auto text = ascii::in_lower_case(answer.text());
    const auto name = ascii::in_lower_case(path);
    // VxWorks: `No files found or invalid directory or permission problem`.
    if (has_words(text, "permission") || has_words(text, "invalid"))
        return false;
    return std::ranges::any_of(
        phrases, [&](auto phrase) { return has_words(text, phrase) && name.find(phrase) == std::string::npos; });
}

/// vsftpd even confirms what it could not read: `226 Transfer done (but failed to open directory).`
bool says_unreadable(const reply& answer)
{
    return answer.text().find("failed to open directory") != std::string_view::npos;
}

/// Pure-FTPd confirms what it has stopped at its limit: `226-Output truncated to 10000 matches`. Returns that line.
const std::string* find_truncation(const reply& answer, std::string_view path)
{
    static constexpr std::string_view phrase = "truncated";
    if (ascii::in_lower_case(path).find(phrase) != std::string::npos)
        return nullptr;
    const auto found = std::ranges::find_if(answer.lines, [](std::string_view line) {
        return ascii::in_lower_case(line).find(phrase) != std::string::npos;
    });
    return found == answer.lines.end() ? nullptr : &*found;
}

/// LIST and NLST of most servers take what begins with `-` for options.
std::string list_path(const std::string& path)
{
    return path.starts_with('-') ? "./" + path : path;
}

/// Many servers list a file under the path that was asked for: all but its last component is taken out of `text`.
void name_file(std::string& text, std::string_view path)
{
    const auto end = text.find_last_not_of("\r\n") + 1;
    const auto line = std::string_view{text}.substr(0, end);
    if (path.ends_with('/') || !line.ends_with(path) || line.find('\n') != std::string_view::npos)
        return;
    const auto before = line.substr(0, line.size() - path.size());
    if (before.ends_with(' ') && !before.ends_with("-> "))
        text.erase(before.size(), path.size() - last_component(path).size());
}

class listing : public transfer {
public:
    listing(client_control& control, op_id id, operation::listing what, bool is_one_of_many = false)
        : transfer(
              control, id,
              {.type = representation_type::ascii, .sink = std::move(what.sink), .is_one_of_many = is_one_of_many}),
          path_(std::move(what.path)), verb_(what.verb)
    {
    }

protected:
    void begin() override
    {
        choose_command();
        transfer::begin();
    }

    [[nodiscard]] std::vector<command_line> commands_ahead() override
    {
        choose_command();
        return transfer::commands_ahead();
    }

    [[nodiscard]] std::vector<command_line> commands_at_once() override
    {
        choose_command();
        return transfer::commands_at_once();
    }

    /// The listing is complete.
    virtual void listed(transfer_result result) { transfer::transferred(std::move(result)); }

    [[nodiscard]] bool is_facts() const noexcept { return is_facts_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    void list_working_directory() noexcept { path_.clear(); }

    [[nodiscard]] bool may_send_more() const noexcept override
    {
        return !has_begun() && verb_ == operation::listing_verb::best && is_facts_;
    }

    bool finds_another_way(const reply& refusal) override
    {
        if (verb_ != operation::listing_verb::best || !is_facts_ || !says_unknown(refusal))
            return false;
        // 501 may only mean that this path is a file (RFC 3659 7.2.1).
        if (refusal.code != to_int(reply_code::argument_error))
            control().server().refuses_facts = true;
        are_facts_refused_ = true;
        choose_command();
        begin_anew();
        return true;
    }

    void session_ended(const operation_error& why) override
    {
        // Where MLSD was not answered, the next session had better not send it.
        auto& server = control().server();
        const bool is_about_facts =
            verb_ == operation::listing_verb::best && is_facts_ && is_command_out() && awaits_reply() && !has_begun();
        if (is_about_facts && !server.serves_facts)
            server.manners.effects = server.manners.effects | server_effect::no_mlsd;
        transfer::session_ended(why);
    }

private:
    void transferred(transfer_result result) override
    {
        control().server().serves_facts = control().server().serves_facts || is_facts_;
        if (result.bytes != 0 || !says_unreadable(last_answer()))
            return listed(std::move(result));
        come_to(operation_step::confirmation); // nothing here is at fault
        failed({protocol_errc::refused_permanently, last_answer()});
    }

    void choose_command()
    {
        const auto& server = control().server();
        const bool has_facts = server.features.mlst && !server.refuses_facts && !are_facts_refused_ &&
                               !has(server.manners.effects, server_effect::no_mlsd);
        is_facts_ = verb_ == operation::listing_verb::mlsd || (verb_ == operation::listing_verb::best && has_facts);
        if (is_facts_)
            return set_command("MLSD", path_);
        if (verb_ == operation::listing_verb::nlst)
            return set_command("NLST", list_path(path_));
        auto argument = list_path(path_);
        if (verb_ == operation::listing_verb::best && has(server.manners.effects, server_effect::list_all))
            argument = argument.empty() ? "-a" : "-a " + argument;
        set_command("LIST", std::move(argument));
    }

    std::string path_;
    operation::listing_verb verb_;
    bool is_facts_ = false;
    bool are_facts_refused_ = false; ///< For this path.
};

class list final : public listing {
public:
    list(client_control& control, op_id id, operation::list what)
        : list(control, id, std::move(what), std::make_shared<std::string>())
    {
    }

private:
    list(client_control& control, op_id id, operation::list what, const std::shared_ptr<std::string>& text)
        : listing(control, id,
                  {std::move(what.path), operation::listing_verb::best,
                   make_text_writer(text, control.options().max_listing_bytes)},
                  what.is_one_of_many),
          text_(text)
    {
    }

    /// Or not: it saves the connection even if it is long.
    [[nodiscard]] bool is_small() const override { return true; }

    void begin() override
    {
        if (goes_there())
            ask("PWD", {}, &list::home_told);
        else
            listing::begin();
    }

    [[nodiscard]] std::vector<command_line> commands_ahead() override
    {
        return goes_there() ? std::vector<command_line>{} : listing::commands_ahead();
    }

    [[nodiscard]] std::vector<command_line> commands_at_once() override
    {
        return goes_there() ? std::vector<command_line>{} : listing::commands_at_once();
    }

    [[nodiscard]] bool goes_there() const noexcept
    {
        return !path().empty() && has(control().server().manners.effects, server_effect::list_by_directory);
    }

    void home_told(const reply& answer)
    {
        home_ = answer.is_completion() ? parse_working_directory(answer) : std::nullopt;
        if (!home_)
            return listing::begin();
        is_away_ = true;
        ask("CWD", path(), &list::entered);
    }

    void entered(const reply& answer)
    {
        if (!answer.is_completion()) {
            is_away_ = false;
            return fail(refusal(answer));
        }
        list_working_directory();
        listing::begin();
    }

    [[nodiscard]] bool may_send_more() const noexcept override { return is_away_ || listing::may_send_more(); }

    bool finds_another_way(const reply& refusal) override
    {
        if (listing::finds_another_way(refusal))
            return true;
        if (!says_empty(refusal, path()))
            return false;
        close_data();
        listed({});
        return true;
    }

    void listed(transfer_result /*result*/) override
    {
        const auto& options = control().options();
        const auto& manners = control().server().manners;
        const bool is_utc = has(manners.effects, server_effect::listing_times_are_utc);
        const listing_context context{.now = file_time{control().now().time_since_epoch()},
                                      .time_zone = is_utc ? std::chrono::minutes{0} : options.server_time_zone,
                                      .hint = is_facts() ? listing_style::facts : manners.listings,
                                      .max_entries = options.max_listing_entries};
        if (!is_facts())
            name_file(*text_, list_path(path()));
        auto parsed = parse_listing(*text_, context);
        if (const auto* line = find_truncation(last_answer(), path())) {
            parsed.is_cut_off = true;
            parsed.refused.push_back({*line, refusal_reason::error_message});
        }
        outcome_ = std::move(parsed);
        end();
    }

    void failed(operation_error why) override
    {
        outcome_ = std::move(why);
        end();
    }

    void session_ended(const operation_error& why) override
    {
        is_away_ = false;
        if (!is_done())
            listing::session_ended(why);
    }

    /// If the session has changed directory for this, it goes back first.
    void end()
    {
        if (std::exchange(is_away_, false))
            return ask("CWD", *home_, &list::returned);
        if (outcome_)
            succeed(*std::move(outcome_));
        else
            fail(std::move(outcome_.error()));
    }

    void returned(const reply& answer)
    {
        const bool is_back = answer.is_completion();
        if (!is_back)
            outcome_ = refusal(answer);
        end();
        // The next commands would be about files of the same names elsewhere.
        if (!is_back)
            control().end_session(refusal(answer));
    }

    const std::shared_ptr<std::string> text_; ///< Shared with the host, which may write when this is over.
    std::optional<std::string> home_;         ///< The working directory, to be returned to.
    bool is_away_ = false;
    client_result<parsed_listing> outcome_ = parsed_listing{};
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::listing what)
{
    if (!is_sendable(what.path) || !what.sink)
        return protocol_errc::argument_invalid;
    return std::make_unique<listing>(control, id, std::move(what));
}

prepared_operation prepare(client_control& control, op_id id, operation::list what)
{
    if (!is_sendable(what.path))
        return protocol_errc::argument_invalid;
    return std::make_unique<list>(control, id, std::move(what));
}

} // namespace libftp
