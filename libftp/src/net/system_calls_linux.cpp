// The network layer's system calls, as Linux has them.
#include "system_calls.hpp"

#include "sigpipe_guard.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef TCP_ULP
#define TCP_ULP 31
#endif

namespace libftp::net {

namespace {

tls_step step_of(ssize_t moved, tls_wait would_wait) noexcept
{
    if (moved >= 0)
        return {.bytes = static_cast<std::size_t>(moved)};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return {.waits = would_wait};
    return {.error = last_system_error()};
}

void set_option(int socket, int level, int name, int value) noexcept
{
    ::setsockopt(socket, level, name, &value, sizeof value);
}

result<int> option(int socket, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    if (::getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0)
        return value;
    return last_system_error();
}

/// Repeats a call that a signal came between.
template <class Call>
result<std::size_t> uninterrupted(Call call)
{
    auto moved = call();
    while (moved < 0 && errno == EINTR)
        moved = call();
    if (moved < 0)
        return last_system_error();
    return static_cast<std::size_t>(moved);
}

/// Of the calling thread.
struct sigpipe_state {
    bool is_held = false; ///< By block_sigpipe().
    bool was_pending = false;
    bool was_blocked = false;
};
thread_local sigpipe_state sigpipe;

sigset_t only_sigpipe() noexcept
{
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGPIPE);
    return signals;
}

result<int> opened(int file)
{
    if (file == -1)
        return last_system_error();
    return file;
}

} // namespace

std::error_code last_system_error() noexcept
{
    return system_error(errno);
}

std::error_code system_error(int number) noexcept
{
    return {number, std::system_category()};
}

void forget_system_error() noexcept
{
    errno = 0;
}

void close_socket(int socket) noexcept
{
    ::close(socket);
}

void prepare_socket(int socket) noexcept
{
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}

void claim_port(int socket) noexcept
{
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
}

tls_step receive_now(int socket, std::span<char> room) noexcept
{
    auto step = step_of(::recv(socket, room.data(), room.size(), MSG_DONTWAIT), tls_wait::readable);
    step.has_ended = step.bytes == 0 && step.waits == tls_wait::nothing && !step.error;
    return step;
}

tls_step send_now(int socket, std::string_view bytes, corking corked) noexcept
{
    const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (corked == corking::on ? MSG_MORE : 0);
    return step_of(::send(socket, bytes.data(), bytes.size(), flags), tls_wait::writable);
}

tls_step peek_now(int socket, char& first) noexcept
{
    return step_of(::recv(socket, &first, 1, MSG_DONTWAIT | MSG_PEEK), tls_wait::readable);
}

tls_step send_file_now(int socket, const native_file& file, std::size_t bytes) noexcept
{
    block_sigpipe(); // sendfile(2) has no MSG_NOSIGNAL
    auto offset = static_cast<off_t>(file.offset);
    return step_of(::sendfile(socket, file.descriptor, &offset, bytes), tls_wait::writable);
}

tls_step drop_input(int socket) noexcept
{
    std::array<char, 512> dropped;
    // Where the kernel does TLS, a record that is not data, as the one that ends it, is only had with its type.
    alignas(cmsghdr) std::array<char, CMSG_SPACE(1)> type;
    iovec room{.iov_base = dropped.data(), .iov_len = dropped.size()};
    for (int pieces = 0; pieces < 128; ++pieces) {
        msghdr message{};
        message.msg_iov = &room;
        message.msg_iovlen = 1;
        message.msg_control = type.data();
        message.msg_controllen = type.size();
        const auto got = step_of(::recvmsg(socket, &message, MSG_DONTWAIT), tls_wait::readable);
        if (got.bytes != 0)
            continue;
        if (got.error || got.waits != tls_wait::nothing)
            return {.error = got.error};
        // Behind the end of its stream a reset does not show by reading.
        return {.has_ended = true, .error = pending_error(socket)};
    }
    return {};
}

void shut_down_sending(int socket) noexcept
{
    ::shutdown(socket, SHUT_WR);
}

void reset_connection(int socket) noexcept
{
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    static_cast<void>(::connect(socket, &nobody, sizeof nobody));
}

std::error_code pending_error(int socket) noexcept
{
    const auto broken = option(socket, SO_ERROR);
    return broken ? system_error(*broken) : broken.error();
}

std::uint64_t unacknowledged_bytes(int socket) noexcept
{
    int bytes = 0;
    ::ioctl(socket, SIOCOUTQ, &bytes);
    return static_cast<std::uint64_t>(std::max(bytes, 0));
}

std::uint64_t unsent_bytes(int socket) noexcept
{
    int bytes = 0;
    ::ioctl(socket, SIOCOUTQNSD, &bytes);
    return static_cast<std::uint64_t>(std::max(bytes, 0));
}

std::uint64_t unsaid_acknowledgement(int socket) noexcept
{
    tcp_info info{};
    socklen_t size = sizeof info;
    ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size);
    return 2 * std::uint64_t{info.tcpi_snd_mss};
}

void cork(int socket, corking wanted) noexcept
{
    set_option(socket, IPPROTO_TCP, TCP_CORK, wanted == corking::on ? 1 : 0);
}

void acknowledge_at_once(int socket) noexcept
{
    set_option(socket, IPPROTO_TCP, TCP_QUICKACK, 1);
}

void choose_port_late(int socket) noexcept
{
    set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
}

void keep_alive_after(int socket, std::chrono::seconds idle) noexcept
{
    set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(idle.count()));
}

bool prepare_kernel_tls(int socket) noexcept
{
    // A kernel without it may look for a module each time it is asked.
    static std::atomic<bool> may_be_there = true;
    if (!may_be_there)
        return false;
    static constexpr char protocol[] = "tls";
    if (::setsockopt(socket, IPPROTO_TCP, TCP_ULP, protocol, sizeof protocol) == 0)
        return true;
    if (errno == ENOENT)
        may_be_there = false;
    return false;
}

void block_sigpipe() noexcept
{
    if (sigpipe.is_held)
        return;
    const auto signals = only_sigpipe();
    sigset_t pending;
    sigset_t blocked;
    sigpipe.was_pending = ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGPIPE) == 1;
    sigpipe.is_held = ::pthread_sigmask(SIG_BLOCK, &signals, &blocked) == 0;
    sigpipe.was_blocked = sigpipe.is_held && ::sigismember(&blocked, SIGPIPE) == 1;
}

sigpipe_guard::~sigpipe_guard()
{
    const auto before = std::exchange(sigpipe, {});
    if (!before.is_held)
        return;
    const auto signals = only_sigpipe();
    const timespec at_once{};
    while (!before.was_pending && ::sigtimedwait(&signals, nullptr, &at_once) == -1 && errno == EINTR) {
    }
    if (!before.was_blocked)
        ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

result<int> listen_at(const tcp::endpoint& where)
{
    const auto protocol = where.protocol();
    const int listening = ::socket(protocol.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol.protocol());
    if (listening < 0)
        return last_system_error();
    claim_port(listening);
    if (::bind(listening, where.data(), static_cast<socklen_t>(where.size())) == 0 &&
        ::listen(listening, asio::socket_base::max_listen_connections) == 0)
        return listening;
    const auto error = last_system_error();
    ::close(listening);
    return error;
}

result<tcp::endpoint> local_endpoint(int socket)
{
    tcp::endpoint found;
    auto size = static_cast<socklen_t>(found.capacity());
    if (::getsockname(socket, found.data(), &size) != 0)
        return last_system_error();
    found.resize(size);
    return found;
}

result<tcp> protocol_of_listener(int socket)
{
    const auto family = option(socket, SO_DOMAIN);
    const auto protocol = option(socket, SO_PROTOCOL);
    const auto listens = option(socket, SO_ACCEPTCONN);
    if (!family)
        return family.error() == std::errc::not_a_socket ? std::make_error_code(std::errc::invalid_argument)
                                                         : family.error();
    const bool is_ip = *family == AF_INET || *family == AF_INET6;
    if (!is_ip || !protocol || *protocol != IPPROTO_TCP || !listens || *listens == 0)
        return std::make_error_code(std::errc::invalid_argument);
    return *family == AF_INET ? tcp::v4() : tcp::v6();
}

result<accepted_socket> accept_now(int listening)
{
    accepted_socket found;
    auto size = static_cast<socklen_t>(found.peer.capacity());
    found.descriptor = ::accept4(listening, found.peer.data(), &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (found.descriptor < 0)
        return last_system_error();
    found.peer.resize(size);
    return found;
}

bool is_exhaustion(const std::error_code& error) noexcept
{
    return error == std::errc::too_many_files_open || error == std::errc::too_many_files_open_in_system ||
           error == std::errc::not_enough_memory || error == std::errc::no_buffer_space;
}

port_range system_ports()
{
    std::ifstream file{"/proc/sys/net/ipv4/ip_local_port_range"};
    port_range found;
    if (file >> found.first >> found.last && found.first != 0 && found.first <= found.last)
        return found;
    return {49152, 65535}; // RFC 6335 6
}

bool is_in_memory(const native_file& file, std::uint64_t bytes) noexcept
{
    // The last byte is there, and files are fetched in order.
    char last = 0;
    const iovec room{.iov_base = &last, .iov_len = 1};
    const auto offset = static_cast<off_t>(file.offset + std::max<std::uint64_t>(bytes, 1) - 1);
    return ::preadv2(file.descriptor, &room, 1, offset, RWF_NOWAIT) != -1 || errno != EAGAIN;
}

result<int> open_to_read(const std::string& path)
{
    return opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

result<int> open_to_append(const std::string& path)
{
    return opened(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
}

result<int> create_beside(std::string& path)
{
    path += ".XXXXXX";
    return opened(::mkostemp(path.data(), O_CLOEXEC));
}

void close_file(int file) noexcept
{
    ::close(file);
}

result<std::size_t> read_some(int file, std::span<char> room)
{
    return uninterrupted([&] { return ::read(file, room.data(), room.size()); });
}

result<std::size_t> write_some(int file, std::string_view bytes)
{
    return uninterrupted([&] { return ::write(file, bytes.data(), bytes.size()); });
}

result<void> flush_to_disk(int file)
{
    if (::fsync(file) == -1)
        return last_system_error();
    return {};
}

result<void> rename_over(const std::string& from, const std::string& to)
{
    if (std::rename(from.c_str(), to.c_str()) == -1)
        return last_system_error();
    return {};
}

void remove_file(const std::string& path) noexcept
{
    ::unlink(path.c_str());
}

std::size_t usable_cpus() noexcept
{
    cpu_set_t usable;
    if (::sched_getaffinity(0, sizeof usable, &usable) == 0)
        return static_cast<std::size_t>(CPU_COUNT(&usable));
    return std::max<std::size_t>(std::thread::hardware_concurrency(), 1); // a machine of more CPUs than the set holds
}

bool fill_randomly(std::span<std::uint32_t> numbers) noexcept
{
    return ::getentropy(numbers.data(), numbers.size_bytes()) == 0;
}

std::int64_t waits_of_thread() noexcept
{
    rusage used{};
    ::getrusage(RUSAGE_THREAD, &used);
    return used.ru_nvcsw;
}

} // namespace libftp::net
