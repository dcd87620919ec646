// Answers what a server session asks for.
#include "server_host.hpp"

#include <chrono>
#include <system_error>
#include <utility>

namespace libftp::simulation {

using namespace std::chrono_literals;

server_host::server_host(const surroundings& around, chance luck, const server_setup& setup,
                         std::unique_ptr<network_end> control, store_witness& witness, std::function<void()> suffered)
    : session_host(around, luck, "server " + std::to_string(setup.id), std::move(control), setup.local, setup.options,
                   end, setup.id, setup.peer, setup.local, around.events.now()),
      setup_(setup),
      store_(std::make_shared<judged_store>(setup.tree, who_, chance_.fork(), setup.one_store_fault_in, witness)),
      suffered_(std::move(suffered))
{
}

clock::duration server_host::draw_delay()
{
    if (!setup_.is_slow || chance_.one_in(3))
        return {};
    return 10us * chance_.below(chance_.one_in(16) ? 200'000 : 500);
}

void server_host::carry_out(action::authenticate asked)
{
    const bool fails = setup_.one_login_fault_in != 0 && chance_.one_in(setup_.one_login_fault_in);
    const bool is_right = asked.who.password.reveal() == right_password;
    if (fails)
        suffered_();
    ++unanswered_;
    around_.events.after(draw_delay(), [this, fails, is_right, id = asked.id, user = asked.who.user] {
        --unanswered_;
        if (fails)
            session_.authenticated(id, std::make_error_code(std::errc::io_error), now());
        else if (!is_right)
            session_.authenticated(id, std::make_error_code(std::errc::permission_denied), now());
        else
            session_.authenticated(id, account{.name = user, .store = store_, .allowed = permissions::full()}, now());
        wake();
    });
}

void server_host::carry_out(action::call_store asked)
{
    ++unanswered_;
    expect(unanswered_ <= 2, "the store is asked for a third thing while it does two");
    auto request = std::make_shared<store_request>(std::move(asked.request));
    around_.events.after(draw_delay(), [this, id = asked.id, request] {
        auto answer = perform(store_, *request);
        --unanswered_;
        session_.store_answered(id, std::move(answer), now());
        wake();
    });
}

/// A reply may be longer than what is left of the bound; the longest are the lines of FEAT and HELP, and what one step
/// of a listing gives.
std::size_t server_host::max_output_bytes() const noexcept
{
    return setup_.options.max_output_bytes + 3 * setup_.options.max_line_bytes + 65536;
}

bool server_host::has_peer_left() const
{
    return session_.wants_input() && (control().has_ended() || control().is_broken());
}

void server_host::check_end()
{
    expect(is_closed() && session_.finished(), "the session does not end");
    expect(end.reason().has_value(), "the observer hears nothing of the end");
    expect(unanswered_ == 0, "something was never answered");
    expect(end.open_transfers() == 0, "the observer hears nothing of a transfer's end");
}

} // namespace libftp::simulation
