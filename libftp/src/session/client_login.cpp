// The login and the end of a session: USER, PASS and ACCT, QUIT (RFC 959 4.1.1, 5.4).
#include "client_protection.hpp"
#include "client_replies.hpp"

#include <libftp/error.hpp>

#include <optional>
#include <utility>

namespace libftp {

namespace {

class login final : public protecting_operation {
public:
    login(client_control& control, op_id id, operation::login what)
        : protecting_operation(control, id), what_(std::move(what))
    {
    }

private:
    [[nodiscard]] bool logs_in() const noexcept override { return true; }

    void begin() override
    {
        ask("USER", what_.user, &login::user_answered);
        const auto& server = control().server();
        is_password_out_ = server.wants_password && control().may_go_ahead() == commands_ahead_of::everything;
        if (is_password_out_)
            control().send("PASS", what_.password.reveal());
    }

    void user_answered(const reply& answer)
    {
        // A server that lets everybody in may know no login, or none that comes twice.
        const auto welcome = std::exchange(control().server().welcome, std::nullopt);
        const bool wants_password = answer.is_intermediate() && answer.code != to_int(reply_code::account_needed);
        if (is_password_out_ && !wants_password)
            control().disown_reply();
        if (welcome && (says_unknown(answer) || answer.code == to_int(reply_code::bad_sequence)))
            account_answered(*welcome);
        else if (!wants_password)
            account_wanted(answer);
        else if (is_password_out_)
            await_password_reply();
        else
            ask("PASS", what_.password.reveal(), &login::password_answered);
    }

    void await_password_reply()
    {
        come_to(operation_step::password);
        expect(&login::password_answered);
    }

    void password_answered(const reply& answer)
    {
        control().server().wants_password = answer.is_completion();
        account_wanted(answer);
    }

    void account_wanted(const reply& answer)
    {
        if (answer.code != to_int(reply_code::account_needed))
            account_answered(answer);
        else if (what_.account.empty())
            fail({protocol_errc::refused_permanently, answer});
        else
            ask("ACCT", what_.account.reveal(), &login::account_answered);
    }

    void account_answered(const reply& answer)
    {
        if (!answer.is_completion())
            fail(refusal(answer));
        else if (control().protection().awaits_login)
            protect_data(answer);
        else
            succeed(answer);
    }

    operation::login what_;
    bool is_password_out_ = false; ///< It went out together with the name.
};

class quit final : public decisive_operation {
public:
    using decisive_operation::decisive_operation;

private:
    [[nodiscard]] bool may_lack_tls() const noexcept override { return true; }

    void begin() override
    {
        if (control().awaits_tls())
            return control().end_session({protocol_errc::not_connected}); // nobody would understand it
        ask("QUIT", {}, &quit::answered_somehow);
    }

    void answered_somehow(const reply& /*answer*/) { control().end_session({protocol_errc::not_connected}); }

    void session_ended(const operation_error& why) override
    {
        // The session was to end, however the server puts it.
        if (why.code == protocol_errc::not_connected || why.code == protocol_errc::connection_closed ||
            why.code == protocol_errc::service_closing)
            succeed();
        else
            fail(why);
    }
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::login what)
{
    if (what.user.empty() || !is_sendable(what.user) || !is_sendable(what.password.reveal()) ||
        !is_sendable(what.account.reveal()))
        return protocol_errc::argument_invalid;
    return std::make_unique<login>(control, id, std::move(what));
}

prepared_operation prepare(client_control& control, op_id id, operation::quit /*what*/)
{
    return std::make_unique<quit>(control, id);
}

} // namespace libftp
