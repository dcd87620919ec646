// Opens, or looks closely at what was handed over.
#include "listening_socket.hpp"

#include "system_calls.hpp"

#include <asio/ip/v6_only.hpp>

#include <utility>

namespace libftp::net {

namespace {

std::shared_ptr<listening_socket> unopened(const asio::any_io_executor& executor, control_start start)
{
    return std::make_shared<listening_socket>(listening_socket{tcp::acceptor{executor}, {}, start, -1});
}

/// Notes where it listens.
result<std::shared_ptr<listening_socket>> complete(std::shared_ptr<listening_socket> opened)
{
    std::error_code error;
    opened->where = from_asio(opened->acceptor.local_endpoint(error));
    if (error)
        return from_asio(error);
    opened->descriptor = descriptor_of(opened->acceptor);
    prepare_socket(opened->descriptor);
    set_control_options(opened->acceptor); // Linux hands them on to what is accepted
    return opened;
}

} // namespace

result<std::shared_ptr<listening_socket>> open_listening_socket(const asio::any_io_executor& executor,
                                                                const endpoint& where, control_start start)
{
    auto opened = unopened(executor, start);
    auto& acceptor = opened->acceptor;
    const auto local = to_asio(where);
    std::error_code error;
    acceptor.open(local.protocol(), error);
    if (!error)
        claim_port(descriptor_of(acceptor));
    if (!error && local.address().is_v6())
        acceptor.set_option(asio::ip::v6_only{true}, error);
    if (!error)
        acceptor.bind(local, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return from_asio(error);
    return complete(std::move(opened));
}

result<std::shared_ptr<listening_socket>> adopt_listening_socket(const asio::any_io_executor& executor, int descriptor,
                                                                 control_start start)
{
    const auto protocol = protocol_of_listener(descriptor);
    if (!protocol)
        return protocol.error();
    auto adopted = unopened(executor, start);
    std::error_code error;
    assign(adopted->acceptor, *protocol, descriptor, error);
    if (error)
        return from_asio(error);
    return complete(std::move(adopted));
}

} // namespace libftp::net
