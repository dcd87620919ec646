// Looks at what has come before it takes it, so that nothing behind the header is touched.
#include "proxy_greeting.hpp"

#include "../later.hpp"

#include <libftp/error.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace libftp::net {

proxy_greeting::proxy_greeting(tcp::socket socket, const endpoint& proxy, taker done)
    : socket_(std::move(socket)), timer_(socket_.get_executor()), proxy_(proxy), done_(std::move(done))
{
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
}

void proxy_greeting::await(std::chrono::seconds limit)
{
    timer_.expires_after(bounded(limit));
    timer_.async_wait([self = shared_from_this()](std::error_code canceled) {
        if (!canceled)
            self->finish(protocol_errc::timed_out);
    });
    read();
}

void proxy_greeting::give_up()
{
    finish(protocol_errc::canceled);
}

void proxy_greeting::read()
{
    using status = proxy_header_parser::status;
    auto outcome = status::need_more;
    while (outcome == status::need_more) {
        std::array<char, 256> seen;
        std::error_code error;
        const auto size = socket_.receive(asio::buffer(seen), asio::socket_base::message_peek, error);
        if (error == asio::error::would_block)
            return socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code failed) {
                if (self->done_ && !failed)
                    self->read();
            });
        if (error)
            return finish(reason_of(error));
        std::string_view input{seen.data(), size};
        outcome = parser_.read(input);
        socket_.receive(asio::buffer(seen.data(), size - input.size()), 0, error);
    }
    if (outcome == status::malformed)
        return finish(protocol_errc::proxy_header_malformed);
    const auto& told = parser_.value();
    finish(told ? told->client : proxy_);
}

std::error_code proxy_greeting::reason_of(const std::error_code& lost) const
{
    if (!parser_.has_begun())
        return protocol_errc::canceled;
    return lost == asio::error::eof ? make_error_code(protocol_errc::proxy_header_malformed) : from_asio(lost);
}

void proxy_greeting::finish(result<endpoint> client)
{
    if (!done_)
        return;
    timer_.cancel();
    std::error_code ignored;
    socket_.cancel(ignored);
    std::exchange(done_, nullptr)(std::move(socket_), std::move(client));
}

} // namespace libftp::net
