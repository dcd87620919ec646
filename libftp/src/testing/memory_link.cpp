// Two sessions in memory, and the time they have.
#include <libftp/testing/memory_link.hpp>

#include "memory_end.hpp"
#include "memory_wire.hpp"

#include <libftp/error.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace libftp::testing {

namespace {

const endpoint client_address{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 7}}, 40000};
const endpoint server_address{ip_address{std::array<std::uint8_t, 4>{192, 0, 2, 1}}, 21};
constexpr clock::time_point beginning{std::chrono::hours{24 * 365 * 30}};

struct observed {
    session_observer nobody{};
};

/// The observer is a base, so that it outlives the session.
class server_end final : observed, public memory_end_of<server_session> {
public:
    server_end(const session_options& options, authenticator& logins)
        : memory_end_of(&logins, options, nobody, std::uint64_t{1}, client_address, server_address, beginning)
    {
    }
};

} // namespace

struct memory_link::ends {
    ends(client_options from, std::unique_ptr<memory_end> its_server)
        : options(std::move(from)), client(nullptr, options, server_address, client_address, beginning),
          server(std::move(its_server)), wire(client, client_address, *server, server_address, beginning)
    {
    }

    void run_until_idle()
    {
        server->script_changed(wire.now_);
        while (wire.move_something()) {
        }
    }

    [[nodiscard]] std::optional<clock::time_point> deadline() const
    {
        const auto of_client = client.deadline();
        const auto of_server = server->deadline();
        if (of_client && of_server)
            return std::min(*of_client, *of_server);
        return of_client ? of_client : of_server;
    }

    /// Whether there was a deadline to go to, and it made a difference.
    bool pass_to_deadline()
    {
        const auto before = deadline();
        if (!before)
            return false;
        wire.now_ = std::max(wire.now_, *before);
        client.deadline_passed(wire.now_);
        server->deadline_passed(wire.now_);
        run_until_idle();
        return deadline() != before;
    }

    /// The end of this operation, if it has come.
    std::optional<event::operation_done> end_of(op_id operation)
    {
        while (auto news = client.session.next_event()) {
            auto* const done = std::get_if<event::operation_done>(&*news);
            if (done != nullptr && done->operation == operation)
                return std::move(*done);
        }
        return std::nullopt;
    }

    client_options options;
    memory_end_of<client_session> client;
    std::unique_ptr<memory_end> server;
    memory_wire wire;
};

memory_link::memory_link(odd_script& script, client_options options)
    : ends_(std::make_unique<ends>(std::move(options), std::make_unique<memory_end_of<odd_session>>(
                                                           nullptr, script, client_address, server_address, beginning)))
{
}

memory_link::memory_link(const session_options& server, authenticator& logins, client_options options)
    : ends_(std::make_unique<ends>(std::move(options), std::make_unique<server_end>(server, logins)))
{
}

memory_link::~memory_link() = default;

memory_link& memory_link::in_pieces_of(std::size_t bytes)
{
    ends_->wire.piece_ = std::max<std::size_t>(bytes, 1);
    return *this;
}

memory_link& memory_link::in_order(link_order order)
{
    ends_->wire.order_ = order;
    return *this;
}

client_session& memory_link::client() noexcept
{
    return ends_->client.session;
}

clock::time_point memory_link::now() const noexcept
{
    return ends_->wire.now_;
}

void memory_link::run_until_idle()
{
    ends_->run_until_idle();
}

void memory_link::advance(clock::duration time)
{
    const auto until = now() + time;
    ends_->run_until_idle();
    for (auto at = ends_->deadline(); at && *at <= until && ends_->pass_to_deadline(); at = ends_->deadline()) {
    }
    ends_->wire.now_ = std::max(now(), until);
}

void memory_link::break_connection()
{
    ends_->wire.break_connection();
    ends_->run_until_idle();
}

bool memory_link::is_closed() const noexcept
{
    return ends_->client.control != control_end::open && ends_->server->control != control_end::open;
}

event::operation_done memory_link::run_operation(client_operation what)
{
    auto& client = ends_->client.session;
    const auto id = client.start(std::move(what), now());
    ends_->run_until_idle();
    for (;;) {
        if (auto done = ends_->end_of(id))
            return std::move(*done);
        if (!ends_->pass_to_deadline())
            break;
    }
    client.cancel(id, now()); // it would wait for ever
    ends_->run_until_idle();
    if (auto done = ends_->end_of(id))
        return std::move(*done);
    return {id, operation_error{.code = protocol_errc::canceled}, {}};
}

} // namespace libftp::testing
