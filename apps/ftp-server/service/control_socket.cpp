// One connection after the other.
#include "control_socket.hpp"

#include "../option_places.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

using stream = asio::local::stream_protocol;

constexpr std::size_t max_request_bytes = 256;
constexpr std::size_t max_path_bytes = sizeof(sockaddr_un::sun_path) - 1;

[[noreturn]] void fail(const std::string& path, const std::error_code& error)
{
    throw option_error("--control", fmt::format("cannot open the control socket '{}': {}", path, error.message()));
}

bool somebody_answers(const std::string& path)
{
    asio::io_context context;
    stream::socket socket{context};
    std::error_code error;
    socket.connect(path, error);
    return !error;
}

} // namespace

struct control_socket::engine {
    engine(asio::io_context& context, std::string where) : path(std::move(where)), acceptor(context) {}

    void open()
    {
        std::error_code error;
        acceptor.open({}, error);
        const auto mask = ::umask(0177);
        if (!error)
            acceptor.bind(path, error);
        ::umask(mask);
        if (!error)
            acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error)
            fail(path, error);
        keep_from_programs(acceptor.native_handle());
        struct stat status {};
        if (::stat(path.c_str(), &status) == 0)
            inode = status.st_ino;
    }

    std::string path;
    ino_t inode = 0; ///< Of the socket, whose name a server that follows may have taken.
    stream::acceptor acceptor;
};

control_socket::control_socket(asio::io_context& context, std::string path, rival other)
    : engine_(std::make_unique<engine>(context, std::move(path)))
{
    const auto& where = engine_->path;
    check(where);
    struct stat status {};
    if (::lstat(where.c_str(), &status) == 0) {
        if (other == rival::respected && somebody_answers(where))
            throw option_error("--control",
                               fmt::format("another server answers at '{}': choose another path for --control", where));
        ::unlink(where.c_str());
    }
    engine_->open();
}

void control_socket::check(const std::string& path)
{
    if (path.size() > max_path_bytes)
        throw option_error("--control",
                           fmt::format("the path of a socket has at most {} bytes: choose a shorter one than '{}' "
                                       "for --control",
                                       max_path_bytes, path));
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode))
        throw option_error("--control", fmt::format("'{}' is no socket: choose another path for --control", path));
}

control_socket::~control_socket()
{
    struct stat status {};
    if (::lstat(engine_->path.c_str(), &status) == 0 && status.st_ino == engine_->inode)
        ::unlink(engine_->path.c_str());
}

void control_socket::serve(answerer answer)
{
    std::make_shared<answer_loop<stream>>(engine_->acceptor, request_form{"\n", max_request_bytes}, std::move(answer))
        ->accept();
}

std::string ask_control_socket(const std::string& path, std::string_view request)
{
    asio::io_context context;
    stream::socket socket{context};
    std::error_code error;
    socket.connect(path, error);
    if (error == asio::error::access_denied) // which Asio 1.22 does not know as one of std::errc
        throw std::runtime_error(fmt::format("may not ask at '{}': the server's user and root may", path));
    if (error)
        throw std::runtime_error(
            fmt::format("no server answers at '{}': {}. It has to run with --control {}", path, error.message(), path));
    asio::write(socket, asio::buffer(fmt::format("{}\n", request)), error);
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    if (answer.empty())
        throw std::runtime_error(fmt::format("the server at '{}' gave no answer", path));
    return answer;
}
