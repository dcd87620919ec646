// Operations that are one command, or hardly more: any command, PASS, PWD, RNFR and RNTO (RFC 959 4.1).
#include "../protocol/ascii.hpp"
#include "client_replies.hpp"
#include "running_operation.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace libftp {

namespace {

/// A letter, and letters or digits behind it: XSHA256 is one too.
bool is_verb(std::string_view text) noexcept
{
    return !text.empty() && ascii::is_letter(text.front()) &&
           std::ranges::all_of(text, [](char byte) { return ascii::is_letter(byte) || ascii::is_digit(byte); });
}

/// They would have bytes follow that are no replies.
bool changes_connection(std::string_view verb) noexcept
{
    return verb == "AUTH" || verb == "CCC";
}

/// "Command not implemented, superfluous at this site": it was not done.
bool is_superfluous(const reply& answer) noexcept
{
    return answer.code == to_int(reply_code::superfluous);
}

class simple_command final : public running_operation {
public:
    simple_command(client_control& control, op_id id, std::string verb, secret argument)
        : running_operation(control, id), verb_(std::move(verb)), argument_(std::move(argument))
    {
    }

private:
    [[nodiscard]] bool logs_in() const noexcept override
    {
        return verb_ == "USER" || verb_ == "PASS" || verb_ == "ACCT";
    }

    /// Changes neither the session nor what later commands do.
    [[nodiscard]] bool changes_one_name() const noexcept { return verb_ == "DELE" || verb_ == "MKD" || verb_ == "RMD"; }
    [[nodiscard]] bool lets_next_ahead() const noexcept override { return changes_one_name() && awaits_reply(); }
    [[nodiscard]] bool may_begin_with_226() const noexcept override { return !is_whole(); }
    [[nodiscard]] std::vector<command_line> commands_ahead() override
    {
        if (!changes_one_name())
            return {};
        return {{verb_, std::string{argument_.reveal()}}};
    }

    /// Such a command does not begin a sequence: a reply that asks for more means that it was not done.
    [[nodiscard]] bool is_whole() const noexcept { return changes_one_name() || verb_ == "CWD" || verb_ == "CDUP"; }

    void begin() override
    {
        // It ends TLS with some servers and not with others (RFC 4217 13).
        if (verb_ == "REIN" && control().protection().control != control_security::in_clear)
            return fail({protocol_errc::argument_invalid});
        // What the command sets is unknown from now on, since its reply may never be seen.
        if (verb_ == "TYPE" || verb_ == "REIN")
            control().server().type.reset();
        if (verb_ == "MODE" || verb_ == "REIN")
            control().server().mode.reset();
        if (verb_ == "REIN")
            control().server().keeps_data = false;
        // The caller's data connections are as RFC 959 has them at first.
        if (is_about_data() && control().server().mode == transfer_mode::block) {
            control().server().mode.reset();
            return ask("MODE", "S", &simple_command::mode_answered);
        }
        if (verb_ == "OPTS" || verb_ == "REIN")
            control().server().hash.reset();
        ask(verb_, argument_.reveal(), &simple_command::command_answered, preliminary::allowed);
    }

    void mode_answered(const reply& answer)
    {
        if (!answer.is_completion())
            return fail(refusal(answer));
        control().server().mode = transfer_mode::stream;
        ask(verb_, argument_.reveal(), &simple_command::command_answered, preliminary::allowed);
    }

    void command_answered(const reply& answer)
    {
        if (answer.is_preliminary())
            return is_transfer() ? control().stop_waiting() : void();
        if (!answer.is_completion() && (!answer.is_intermediate() || is_whole()))
            return fail(refusal(answer));
        if (is_whole() && is_superfluous(answer))
            return fail({protocol_errc::not_supported, answer});
        if (verb_ == "SYST")
            control().server().manners.take(server_words::system, answer.text(), control().options().quirks);
        if (verb_ == "PROT" && control().protection().control != control_security::in_clear) {
            control().protection().data = !ascii::equal_ignoring_case(argument_.reveal(), "C");
            control().protection().awaits_login = false;
        }
        succeed(answer);
    }

    /// Between two other hosts it may take any time, and nothing of it is seen here.
    [[nodiscard]] bool is_transfer() const noexcept
    {
        return verb_ == "RETR" || verb_ == "STOR" || verb_ == "APPE" || verb_ == "STOU";
    }

    /// Each of these is a transfer of the caller's own, or comes before one.
    [[nodiscard]] bool is_about_data() const noexcept
    {
        constexpr std::string_view others[] = {"PASV", "EPSV", "PORT", "EPRT", "LIST", "NLST", "MLSD"};
        return is_transfer() || std::ranges::find(others, verb_) != std::end(others);
    }

    std::string verb_;
    secret argument_; ///< It may be a password.
};

class working_directory final : public running_operation {
public:
    using running_operation::running_operation;

private:
    void begin() override { ask("PWD", {}, &working_directory::told); }

    void told(const reply& answer)
    {
        if (!answer.is_completion())
            return fail(refusal(answer));
        if (auto path = parse_working_directory(answer))
            succeed(std::move(*path));
        else
            fail({protocol_errc::reply_unexpected, answer});
    }
};

class rename final : public running_operation {
public:
    rename(client_control& control, op_id id, operation::rename what)
        : running_operation(control, id), what_(std::move(what))
    {
    }

private:
    void begin() override { ask("RNFR", what_.from, &rename::source_answered); }

    void source_answered(const reply& answer)
    {
        if (answer.is_intermediate())
            ask("RNTO", what_.to, &rename::target_answered);
        else
            fail(refusal(answer));
    }

    void target_answered(const reply& answer)
    {
        if (is_superfluous(answer))
            fail({protocol_errc::not_supported, answer});
        else if (answer.is_completion())
            succeed(answer);
        else
            fail(refusal(answer));
    }

    operation::rename what_;
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::command what)
{
    auto verb = ascii::in_upper_case(what.verb);
    if (!is_verb(verb) || !is_sendable(what.argument) || changes_connection(verb))
        return protocol_errc::argument_invalid;
    secret argument{what.argument};
    wipe(what.argument.data(), what.argument.size());
    return std::make_unique<simple_command>(control, id, std::move(verb), std::move(argument));
}

prepared_operation prepare(client_control& control, op_id id, operation::password what)
{
    if (!is_sendable(what.text.reveal()))
        return protocol_errc::argument_invalid;
    return std::make_unique<simple_command>(control, id, "PASS", std::move(what.text));
}

prepared_operation prepare(client_control& control, op_id id, operation::working_directory /*what*/)
{
    return std::make_unique<working_directory>(control, id);
}

prepared_operation prepare(client_control& control, op_id id, operation::rename what)
{
    if (!is_sendable_path(what.from) || !is_sendable_path(what.to))
        return protocol_errc::argument_invalid;
    return std::make_unique<rename>(control, id, std::move(what));
}

} // namespace libftp
