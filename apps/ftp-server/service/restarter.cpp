// The process apart, which reads sockets with their names and starts a process that has them as LISTEN_FDS.
#include "restarter.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int first_descriptor = 3; // where LISTEN_FDS begins
constexpr std::size_t max_sockets = 250;
constexpr std::size_t max_names = 8 * 1024;
constexpr std::array signals_of_servers{SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

[[noreturn]] void fail(const char* what)
{
    throw std::system_error{errno, std::generic_category(), what};
}

using room_for_sockets = std::array<char, CMSG_SPACE(sizeof(int) * max_sockets)>;

struct request {
    std::string names{}; ///< As LISTEN_FDNAMES has them: `ftp:ftps:ready`.
    std::vector<int> sockets{};
};

void send(int channel, const request& what)
{
    iovec text{const_cast<char*>(what.names.data()),
               what.names.size()}; // NOLINT(cppcoreguidelines-pro-type-const-cast)
    alignas(cmsghdr) room_for_sockets room{};
    const auto bytes = what.sockets.size() * sizeof(int);
    msghdr message{};
    message.msg_iov = &text;
    message.msg_iovlen = 1;
    message.msg_control = room.data();
    message.msg_controllen = CMSG_SPACE(bytes);
    auto* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(bytes);
    std::memcpy(CMSG_DATA(header), what.sockets.data(), bytes);
    if (::sendmsg(channel, &message, MSG_NOSIGNAL) < 0)
        fail("the process that restarts the server is gone");
}

/// False: the server has ended.
bool receive(int channel, request& what)
{
    what.names.resize(max_names);
    what.sockets.clear();
    iovec text{what.names.data(), what.names.size()};
    alignas(cmsghdr) room_for_sockets room{};
    msghdr message{};
    message.msg_iov = &text;
    message.msg_iovlen = 1;
    message.msg_control = room.data();
    message.msg_controllen = room.size();
    const auto length = ::recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    if (length < 0)
        return errno == EINTR;
    what.names.resize(static_cast<std::size_t>(length));
    if (const auto* header = CMSG_FIRSTHDR(&message); header != nullptr && header->cmsg_type == SCM_RIGHTS) {
        what.sockets.resize((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(what.sockets.data(), CMSG_DATA(header), what.sockets.size() * sizeof(int));
    }
    return length > 0;
}

/// In the process that becomes the server.
[[noreturn]] void run(const std::string& program, char** arguments, const request& what)
{
    const auto count = static_cast<int>(what.sockets.size());
    // First out of the way of one another.
    std::vector<int> moved;
    for (const int socket : what.sockets)
        moved.push_back(::fcntl(socket, F_DUPFD_CLOEXEC, first_descriptor + count));
    for (int i = 0; i < count; ++i)
        ::dup2(moved[static_cast<std::size_t>(i)], first_descriptor + i);
    ::close_range(static_cast<unsigned>(first_descriptor + count), ~0U, 0);
    const auto number = std::to_string(::getpid());
    ::setenv("LISTEN_PID", number.c_str(), 1);
    ::setenv("LISTEN_FDS", std::to_string(count).c_str(), 1);
    ::setenv("LISTEN_FDNAMES", what.names.c_str(), 1);
    if (std::getenv("WATCHDOG_PID") != nullptr)
        ::setenv("WATCHDOG_PID", number.c_str(), 1);
    for (const int signal : signals_of_servers)
        std::signal(signal, SIG_DFL);
    ::execv(program.c_str(), arguments);
    fmt::print(stderr, "ftp-server: cannot start '{}' anew: {}\n", program,
               std::error_code{errno, std::generic_category()}.message());
    ::_exit(127);
}

[[noreturn]] void wait_for_requests(int channel, const std::string& program, char** arguments)
{
    ::prctl(PR_SET_NAME, "ftp-restarter");
    for (const int signal : signals_of_servers)
        std::signal(signal, SIG_IGN); // a terminal sends them to all its processes
    request asked;
    while (receive(channel, asked)) {
        if (asked.sockets.empty())
            continue;
        // A child of a child, so that it becomes one of the service manager and not of this process.
        const auto child = ::fork();
        if (child == 0) {
            if (::fork() == 0)
                run(program, arguments, asked);
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
        for (const int socket : asked.sockets)
            ::close(socket);
    }
    ::_exit(0);
}

} // namespace

restarter::restarter(char** arguments)
{
    const auto program = std::filesystem::read_symlink("/proc/self/exe").string();
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        fail("cannot make a socket pair");
    const auto child = ::fork();
    if (child < 0)
        fail("cannot start a process");
    if (child == 0) {
        const auto own = static_cast<unsigned>(ends[1]);
        ::close_range(first_descriptor, own - 1, 0);
        ::close_range(own + 1, ~0U, 0);
        wait_for_requests(ends[1], program, arguments);
    }
    ::close(ends[1]);
    channel_ = ends[0];
}

restarter::~restarter()
{
    ::close(channel_);
}

int restarter::start(const service_manager::inheritance& given) const
{
    std::array<int, 2> ready{};
    if (::pipe2(ready.data(), O_CLOEXEC) != 0)
        fail("cannot make a pipe");
    request what;
    for (const auto& listener : given.listeners) {
        const bool is_in_tls = listener.start == libftp::control_start::in_tls;
        what.names.append(is_in_tls ? service_manager::name_in_tls : service_manager::name_in_clear).append(":");
        what.sockets.push_back(listener.descriptor);
    }
    what.names.append(given.are_own ? service_manager::name_of_ready_pipe_with_own
                                    : service_manager::name_of_ready_pipe);
    what.sockets.push_back(ready[1]);
    std::exception_ptr fault;
    try {
        if (what.sockets.size() > max_sockets)
            throw std::system_error{std::make_error_code(std::errc::argument_list_too_long), "too many sockets"};
        send(channel_, what);
    } catch (...) {
        fault = std::current_exception();
    }
    ::close(ready[1]);
    if (fault) {
        ::close(ready[0]);
        std::rethrow_exception(fault);
    }
    return ready[0];
}
