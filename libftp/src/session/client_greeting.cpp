// The greeting, and how a session becomes protected before a name is sent: AUTH and the handshake (RFC 959 5.4,
// RFC 4217 4).
#include "client_protection.hpp"

#include <memory>
#include <utility>

namespace libftp {

namespace {

/// The server wants more security data (RFC 2228), which TLS does not have.
constexpr int security_data_wanted = 334;

class greeting final : public protecting_operation {
public:
    using protecting_operation::protecting_operation;

private:
    [[nodiscard]] bool may_lack_tls() const noexcept override { return true; }
    [[nodiscard]] bool awaits_greeting() const noexcept override
    {
        return where() == operation_step::greeting && awaits_reply();
    }

    void begin() override
    {
        if (control().awaits_tls())
            start_tls();
        else
            await_greeting();
    }

    void await_greeting()
    {
        come_to(operation_step::greeting);
        expect(&greeting::greeted, preliminary::allowed);
    }

    void greeted(const reply& answer)
    {
        if (answer.is_preliminary())
            return;
        auto& server = control().server();
        // What greets in the same words is taken for the server that it was.
        if (const auto* const elder = control().elder(); elder && elder->greeting == answer)
            server.take_over(*elder);
        for (const auto& line : answer.lines)
            server.manners.take(server_words::greeting, line, control().options().quirks);
        server.greeting = answer;
        // A greeting that claims a login (230) may be an attacker's.
        const bool is_refusal = answer.is_transient_failure() || answer.is_permanent_failure();
        if (control().is_tls_demanded() && !is_refusal && answer.code != to_int(reply_code::service_ready))
            return refuse_protection(answer);
        if (!answer.is_completion())
            return control().end_session(refusal(answer));

        greeting_ = answer;
        if (answer.code == to_int(reply_code::logged_in))
            server.welcome = answer;
        if (control().options().tls == tls_use::off)
            succeed(greeting_);
        else if (control().protection().control == control_security::in_tls)
            protect_data(std::move(greeting_));
        else
            ask("AUTH", "TLS", &greeting::mechanism_answered);
    }

    void mechanism_answered(const reply& answer)
    {
        if (refuses_mechanism(answer))
            ask("AUTH", "SSL", &greeting::old_mechanism_answered); // the same, under its name in the drafts
        else
            old_mechanism_answered(answer);
    }

    void old_mechanism_answered(const reply& answer)
    {
        if (answer.code == to_int(reply_code::security_accepted))
            start_tls();
        else if (refuses_mechanism(answer) && !control().is_tls_demanded())
            succeed(greeting_);
        else
            refuse_protection(answer);
    }

    [[nodiscard]] static bool refuses_mechanism(const reply& answer) noexcept
    {
        return answer.is_transient_failure() || answer.is_permanent_failure() || answer.code == security_data_wanted;
    }

    void start_tls()
    {
        come_to(operation_step::tls);
        control().protection().control = control_security::starting;
        start_id_ = control().next_id();
        control().request(action::start_tls{start_id_});
        control().wait(control().options().reply_limit);
    }

    void tls_held(op_id id, clock::duration for_how_long) override
    {
        if (id == start_id_ && control().protection().control == control_security::starting)
            control().wait_longer(for_how_long);
    }

    void tls_started(op_id id, const result<tls_facts>& outcome) override
    {
        const auto so_far = control().protection().control;
        if (id != start_id_ || so_far == control_security::in_clear)
            return;
        // With TLS 1.3 a server looks at this side's certificate when the handshake is over here.
        if (!outcome)
            return control().end_session({outcome.error()});
        if (so_far != control_security::starting)
            return;
        control().protection().control = control_security::in_tls;
        control().protection().facts = std::make_shared<const tls_facts>(*outcome);
        if (control().options().tls == tls_use::implicit)
            await_greeting();
        else
            protect_data(std::move(greeting_));
    }

    reply greeting_;
    op_id start_id_ = op_id::none;
};

} // namespace

prepared_operation prepare(client_control& control, op_id id, operation::greeting /*what*/)
{
    return std::make_unique<greeting>(control, id);
}

} // namespace libftp
