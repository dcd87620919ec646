// From the name of a server to a connection with it.
#include "connector.hpp"

#include "../protocol/ascii.hpp"

#include <asio/ip/address.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <utility>

namespace libftp::net {

connector::connector(const asio::any_io_executor& executor, resolver_function resolver, handler done)
    : executor_(executor), resolver_(std::move(resolver)), done_(std::move(done)), limit_(executor)
{
}

void connector::begin(const server_address& server, clock::time_point until)
{
    limit_.expires_at(to_steady(until));
    limit_.async_wait([self = shared_from_this()](std::error_code canceled) {
        if (!canceled)
            self->finish(protocol_errc::timed_out, tcp::socket{self->executor_});
    });
    // The system takes an empty name for this host, and a NUL for the end of a name; no name has other control bytes.
    if (server.host.empty() || std::ranges::any_of(server.host, ascii::is_control)) {
        step_ = operation_step::arguments;
        return asio::post(executor_, [self = shared_from_this()] {
            self->finish(protocol_errc::argument_invalid, tcp::socket{self->executor_});
        });
    }
    std::error_code is_name;
    const auto address = asio::ip::make_address(server.host, is_name);
    if (!is_name)
        return connect({from_asio({address, server.port})});
    lookup_.emplace(executor_, resolver_, server.host, server.port,
                    [self = shared_from_this()](result<std::vector<endpoint>> found) {
                        self->resolved(std::move(found)); // the lookup is gone when this is over
                    });
}

void connector::stop()
{
    done_ = nullptr;
    limit_.cancel();
    lookup_.reset();
    if (attempts_)
        std::exchange(attempts_, nullptr)->stop();
}

void connector::resolved(result<std::vector<endpoint>> addresses)
{
    if (!done_)
        return;
    if (addresses)
        connect(interleave_families(*addresses));
    else
        finish(addresses.error(), tcp::socket{executor_});
}

void connector::connect(std::vector<endpoint> addresses)
{
    step_ = operation_step::connect;
    attempts_ = std::make_shared<happy_eyeballs>(
        executor_, std::move(addresses), [self = shared_from_this()](std::error_code error, tcp::socket socket) {
            self->finish(error, std::move(socket));
        });
    attempts_->begin();
}

void connector::finish(std::error_code error, tcp::socket socket)
{
    if (!done_)
        return;
    const auto done = std::move(done_);
    stop();
    if (error)
        done(operation_error{.code = error, .step = step_, .session = session_state::closed}, std::move(socket));
    else
        done({}, std::move(socket));
}

} // namespace libftp::net
