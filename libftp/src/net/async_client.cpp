// The asynchronous client: an engine on the program's executor.
#include <libftp/net/async_client.hpp>

#include "client_engine.hpp"

#include <asio/dispatch.hpp>
#include <asio/execution/context.hpp>
#include <asio/execution_context.hpp>
#include <asio/query.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace libftp::net {

namespace {

constexpr auto no_limit = clock::duration::max();

/// The clients of a loop, which ends them when it goes itself. Where a client belongs to its own handlers, as a
/// variable of a coroutine does, nobody else can: each would keep the other, and the client's thread would go on, and
/// report to a loop that is no more.
class clients_of_loop final : public asio::execution_context::service {
public:
    static asio::execution_context::id id;

    explicit clients_of_loop(asio::execution_context& loop) : service(loop) {}

    void add(const std::shared_ptr<client_engine>& engine)
    {
        const std::lock_guard lock{mutex_};
        if (engines_.size() >= most_) {
            std::erase_if(engines_, [](const auto& each) { return each.expired(); });
            most_ = std::max(most_, 2 * engines_.size());
        }
        engines_.push_back(engine);
    }

private:
    void shutdown() override
    {
        for (const auto& each : std::exchange(engines_, {}))
            if (const auto engine = each.lock())
                engine->shut_down();
    }

    std::mutex mutex_;
    std::vector<std::weak_ptr<client_engine>> engines_;
    std::size_t most_ = 64; ///< Before those that are gone are left out.
};

asio::execution_context::id clients_of_loop::id;

} // namespace

struct async_client_state {
    async_client_state(asio::any_io_executor executor, client_options options)
        : context(std::make_shared<client_context>(client_context{
              .executor = std::move(executor), .options = std::move(options), .files = file_work::on_thread})),
          engine(std::make_shared<client_engine>(context))
    {
        asio::use_service<clients_of_loop>(asio::query(context->executor, asio::execution::context)).add(engine);
    }

    std::shared_ptr<client_context> context;
    std::shared_ptr<client_engine> engine;
    std::atomic<clock::duration> limit = no_limit; ///< Of what is begun from now on, from any thread.
};

namespace detail {

namespace {

/// An initiated operation. Only touched on the client's executor.
struct initiated {
    canceler cancel{};
    bool is_canceled = false;
};

} // namespace

asio::any_io_executor executor_of(const async_client_state& client) noexcept
{
    return client.context->executor;
}

void begin(std::shared_ptr<async_client_state> client, std::function<canceler(client_engine&)> what,
           const std::function<void(canceler)>& let_cancel)
{
    const auto operation = std::make_shared<initiated>();
    const auto executor = client->context->executor;
    let_cancel([executor, operation] {
        asio::dispatch(executor, [operation] {
            operation->is_canceled = true;
            if (operation->cancel)
                operation->cancel();
        });
    });
    const auto limit = client->limit.load();
    asio::dispatch(executor, [client = std::move(client), what = std::move(what), operation, limit] {
        client->engine->set_time_limit(limit == no_limit ? std::nullopt : std::optional{limit});
        operation->cancel = what(*client->engine);
        if (operation->is_canceled && operation->cancel)
            operation->cancel();
    });
}

} // namespace detail

async_client::async_client(executor_type executor, client_options options)
    : state_(std::make_shared<async_client_state>(std::move(executor), std::move(options)))
{
}

async_client::~async_client()
{
    if (state_)
        state_->engine->shut_down();
}

async_client::async_client(async_client&&) noexcept = default;

async_client& async_client::operator=(async_client&& other) noexcept
{
    if (this != &other && state_)
        state_->engine->shut_down();
    state_ = std::move(other.state_);
    return *this;
}

void async_client::on_event(std::function<void(const client_event&)> listener)
{
    state_->context->set_listener(std::move(listener));
}

void async_client::set_time_limit(std::optional<clock::duration> limit) noexcept
{
    state_->limit = limit.value_or(no_limit);
}

result<void, tls_fault> async_client::use_tls(tls_client_options options)
{
    auto made = tls_client_context::make(std::move(options));
    if (!made)
        return std::move(made.error());
    state_->context->tls = *std::move(made);
    return {};
}

std::shared_ptr<const tls_facts> async_client::tls() const
{
    const auto* session = state_->engine->main_link()->session();
    return session != nullptr ? session->tls() : nullptr;
}

bool async_client::is_connected() const noexcept
{
    return state_->engine->main_link()->is_open();
}

server_features async_client::features() const
{
    const auto* session = state_->engine->main_link()->session();
    return session != nullptr ? session->features() : server_features{};
}

void async_client::use_data_mode(data_mode mode) noexcept
{
    state_->context->options.data_mode = mode;
}

void async_client::close()
{
    state_->engine->close();
}

std::shared_ptr<client_engine> async_client::engine_of(const async_client& of) noexcept
{
    return of.state_->engine;
}

} // namespace libftp::net
