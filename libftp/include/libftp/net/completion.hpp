// The way from an asynchronous client's engine to a handler of whatever type, by Asio's rules.
#pragma once

#include <libftp/net/client_request.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/dispatch.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace libftp::net {

/// What an async_client and its initiated operations share.
struct async_client_state;

namespace detail {

/// Where the client's handlers run unless they have an executor of their own.
asio::any_io_executor executor_of(const async_client_state& client) noexcept;

/// Begins on the client's executor, at once if that is where it is called. Before that, while nothing can have ended
/// yet, `let_cancel` gets what cancels it from anywhere.
void begin(std::shared_ptr<async_client_state> client, std::function<canceler(client_engine&)> what,
           const std::function<void(canceler)>& let_cancel);

/// A handler that waits, and the work that its executors and the client's have until it was called.
template <class T, class Handler>
class pending_handler : public std::enable_shared_from_this<pending_handler<T, Handler>> {
public:
    /// `home` is the client's executor.
    pending_handler(Handler&& handler, const asio::any_io_executor& home)
        : handler_(std::move(handler)), home_(home), away_(asio::get_associated_executor(handler_, home))
    {
    }

    /// Never calls the handler itself.
    void complete(client_result<T> outcome)
    {
        outcome_.emplace(std::move(outcome));
        asio::post(home_.get_executor(), [self = this->shared_from_this()]() mutable {
            const auto executor = self->away_.get_executor();
            asio::dispatch(executor, [self = std::move(self)] { self->call(); });
        });
    }

private:
    void call()
    {
        auto handler = std::move(handler_);
        away_.reset();
        home_.reset();
        std::move(handler)(*std::move(outcome_));
    }

    Handler handler_;
    // Kept here until the end: of one in what is posted, or in call(), g++ 12 says in the user's program, wrongly, that
    // it may be uninitialized.
    std::optional<client_result<T>> outcome_;
    asio::executor_work_guard<asio::any_io_executor> home_;
    asio::executor_work_guard<asio::associated_executor_t<Handler, asio::any_io_executor>> away_;
};

/// Begins `request`, whose outcome goes to `handler`.
template <class T, class Handler>
void initiate(Handler handler, const std::shared_ptr<async_client_state>& client, client_request<T> request)
{
    auto slot = asio::get_associated_cancellation_slot(handler);
    const auto pending = std::make_shared<pending_handler<T, Handler>>(std::move(handler), executor_of(*client));
    const auto let_cancel = [&slot](canceler cancel) {
        if (slot.is_connected())
            slot.assign([cancel = std::move(cancel)](asio::cancellation_type_t /*any*/) { cancel(); });
    };
    begin(
        client,
        [request = std::move(request), pending](client_engine& engine) {
            return request(engine, [pending](client_result<T> outcome) { pending->complete(std::move(outcome)); });
        },
        let_cancel);
}

} // namespace detail

} // namespace libftp::net
