// As little of HTTP as two pages need; a few connections at a time, so that nobody takes the server's descriptors.
#include "metrics_listener.hpp"

#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <sys/socket.h>

namespace {

using tcp = asio::ip::tcp;

constexpr std::size_t max_connections = 32;
constexpr std::size_t max_head_bytes = 8192;

std::error_code share_port(int socket)
{
    const int on = 1;
    if (::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0)
        return {};
    return {errno, std::system_category()};
}

std::string_view take_word(std::string_view& line)
{
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    return word;
}

std::string page(std::string_view status, std::string_view type, std::string_view text, std::string_view method)
{
    return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                       type, text.size(), method == "HEAD" ? "" : text);
}

} // namespace

std::string answer_http(std::string_view request, const metrics_source& source)
{
    constexpr std::string_view plain = "text/plain";
    auto line = request.substr(0, request.find("\r\n"));
    const auto method = take_word(line);
    auto target = take_word(line);
    target = target.substr(0, target.find('?'));
    if (!line.starts_with("HTTP/1."))
        return page("400 Bad Request", plain, "this is no request of HTTP/1\n", method);
    if (method != "GET" && method != "HEAD")
        return page("405 Method Not Allowed\r\nAllow: GET, HEAD", plain, "there is nothing but GET\n", method);
    if (target == "/metrics")
        return page("200 OK", "text/plain; version=0.0.4", source.metrics(), method);
    if (target == "/health")
        return source.is_healthy() ? page("200 OK", plain, "serving\n", method)
                                   : page("503 Service Unavailable", plain, "ending\n", method);
    return page("404 Not Found", plain, "there are /metrics and /health\n", method);
}

struct metrics_listener::engine {
    engine(asio::io_context& context, metrics_source from) : acceptor(context), source(std::move(from)) {}

    void open(const tcp::endpoint& at, rival other, std::error_code& error)
    {
        acceptor.open(at.protocol(), error);
        if (!error)
            acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
        if (!error && at.address().is_v6())
            acceptor.set_option(asio::ip::v6_only{true}, error);
        if (!error && other == rival::followed)
            error = share_port(acceptor.native_handle());
        if (!error)
            acceptor.bind(at, error);
        if (!error) // only now, so that another server's port is not shared by mistake
            error = share_port(acceptor.native_handle());
        if (!error)
            acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (!error)
            keep_from_programs(acceptor.native_handle());
    }

    tcp::acceptor acceptor;
    metrics_source source;
    std::optional<answer_loops<tcp>> loops{};
};

metrics_listener::metrics_listener(asio::io_context& context, const libftp::endpoint& where, rival other,
                                   metrics_source source)
    : engine_(std::make_unique<engine>(context, std::move(source)))
{
    std::error_code error;
    engine_->open({asio::ip::make_address(where.address.to_string()), where.port}, other, error);
    if (error)
        throw std::runtime_error(
            fmt::format("cannot offer metrics on {} (--metrics): {}", where.to_string(), error.message()));
}

metrics_listener::~metrics_listener() = default;

libftp::endpoint metrics_listener::where() const
{
    const auto at = engine_->acceptor.local_endpoint();
    return {*libftp::ip_address::parse(at.address().to_string()), at.port()};
}

void metrics_listener::serve()
{
    if (engine_->loops)
        return;
    engine_->loops.emplace(
        engine_->acceptor, request_form{"\r\n\r\n", max_head_bytes},
        [from = &engine_->source](std::string_view request) { return answer_http(request, *from); }, max_connections);
    engine_->loops->accept();
}
