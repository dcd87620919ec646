// PBSZ, PROT and CCC (RFC 4217 5 and 9).
#include "client_protection.hpp"

#include <libftp/error.hpp>

#include <memory>
#include <utility>

namespace libftp {

void protecting_operation::protect_data(reply value)
{
    value_ = std::move(value);
    ask("PBSZ", "0", &protecting_operation::buffer_size_answered);
}

void protecting_operation::buffer_size_answered(const reply& answer)
{
    if (answer.is_completion())
        return ask("PROT", is_private() ? "P" : "C", &protecting_operation::level_answered);
    // Some servers accept nothing before the login.
    const bool wants_login =
        answer.code == to_int(reply_code::not_logged_in) || answer.code == to_int(reply_code::bad_sequence);
    put_off(answer, wants_login);
}

void protecting_operation::level_answered(const reply& answer)
{
    if (!answer.is_completion())
        return put_off(answer, answer.code == to_int(reply_code::not_logged_in));
    control().protection().data = is_private();
    control().protection().awaits_login = false;
    succeed(value_);
}

/// Only once: after the login there is nothing left to wait for.
void protecting_operation::put_off(const reply& answer, bool wants_login)
{
    if (!wants_login || std::exchange(control().protection().awaits_login, true))
        return refuse_protection(answer);
    succeed(value_);
}

bool protecting_operation::is_private() const noexcept
{
    return control().options().data_protection == data_protection::private_level;
}

void protecting_operation::refuse_protection(const reply& answer)
{
    control().end_session({protocol_errc::tls_refused, answer});
}

namespace {

class clear_control final : public decisive_operation {
public:
    using decisive_operation::decisive_operation;

private:
    void begin() override
    {
        if (control().protection().control != control_security::in_tls)
            return fail({tls_errc::not_available});
        ask("CCC", {}, &clear_control::command_answered);
    }

    void command_answered(const reply& answer)
    {
        if (!answer.is_completion())
            return fail(refusal(answer));
        value_ = answer;
        stop_id_ = control().next_id();
        control().request(action::stop_tls{stop_id_});
        control().wait(control().options().reply_limit);
    }

    void tls_ended(op_id id, const result<void>& outcome) override
    {
        if (id != stop_id_ || stop_id_ == op_id::none)
            return;
        if (!outcome)
            return control().end_session({outcome.error()});
        // How data connections are protected stays as it is.
        control().protection().control = control_security::lifted;
        control().protection().facts.reset();
        succeed(value_);
    }

    reply value_;
    op_id stop_id_ = op_id::none;
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::clear_control /*what*/)
{
    return std::make_unique<clear_control>(control, id);
}

} // namespace libftp
