// Opens, or looks closely at what was handed over.
#include "listening_socket.hpp"

#include <asio/ip/v6_only.hpp>

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace libftp::net {

namespace {

result<int> socket_option(int descriptor, int name)
{
    int value = 0;
    socklen_t size = sizeof(value);
    if (::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0)
        return value;
    return std::error_code{errno, std::system_category()};
}

/// That it is a TCP socket which listens. Error: std::errc::invalid_argument if it is another.
result<tcp> protocol_of_listener(int descriptor)
{
    const auto family = socket_option(descriptor, SO_DOMAIN);
    const auto protocol = socket_option(descriptor, SO_PROTOCOL);
    const auto listens = socket_option(descriptor, SO_ACCEPTCONN);
    if (!family)
        return family.error() == std::errc::not_a_socket ? std::make_error_code(std::errc::invalid_argument)
                                                         : family.error();
    const bool is_ip = *family == AF_INET || *family == AF_INET6;
    if (!is_ip || !protocol || *protocol != IPPROTO_TCP || !listens || *listens == 0)
        return std::make_error_code(std::errc::invalid_argument);
    return *family == AF_INET ? tcp::v4() : tcp::v6();
}

std::shared_ptr<listening_socket> unopened(asio::io_context& context, control_start start)
{
    return std::make_shared<listening_socket>(listening_socket{tcp::acceptor{context}, {}, start, -1});
}

/// Notes where it listens.
result<std::shared_ptr<listening_socket>> complete(std::shared_ptr<listening_socket> opened)
{
    std::error_code error;
    opened->where = from_asio(opened->acceptor.local_endpoint(error));
    if (error)
        return from_asio(error);
    opened->descriptor = opened->acceptor.native_handle();
    close_on_exec(opened->descriptor);
    set_control_options(opened->acceptor); // Linux hands them on to what is accepted
    return opened;
}

} // namespace

result<listening_socket::newcomer> listening_socket::accept() const
{
    newcomer found;
    auto size = static_cast<socklen_t>(found.peer.capacity());
    found.descriptor = ::accept4(descriptor, found.peer.data(), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (found.descriptor < 0)
        return std::error_code{errno, std::system_category()};
    found.peer.resize(size);
    return found;
}

result<std::shared_ptr<listening_socket>> open_listening_socket(asio::io_context& context, const endpoint& where,
                                                                control_start start)
{
    auto opened = unopened(context, start);
    auto& acceptor = opened->acceptor;
    const auto local = to_asio(where);
    std::error_code error;
    acceptor.open(local.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
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

result<std::shared_ptr<listening_socket>> adopt_listening_socket(asio::io_context& context, int descriptor,
                                                                 control_start start)
{
    const auto protocol = protocol_of_listener(descriptor);
    if (!protocol)
        return protocol.error();
    auto adopted = unopened(context, start);
    std::error_code error;
    adopted->acceptor.assign(*protocol, descriptor, error);
    if (error)
        return from_asio(error);
    return complete(std::move(adopted));
}

} // namespace libftp::net
