// The network layer's system calls, as Windows has them.
#include "system_calls.hpp"

#include "sigpipe_guard.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <random>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <io.h>
#include <mstcpip.h>
#include <sys/stat.h>
#include <windows.h>

namespace libftp::net {

namespace {

struct meaning {
    int number;
    std::errc means;
};

/// Those that somebody asks for, by numbers of sockets and of the system.
constexpr std::array meanings{
    meaning{WSAEWOULDBLOCK, std::errc::resource_unavailable_try_again},
    meaning{WSAEINTR, std::errc::interrupted},
    meaning{WSAEACCES, std::errc::permission_denied},
    meaning{WSAEINVAL, std::errc::invalid_argument},
    meaning{WSAEMFILE, std::errc::too_many_files_open},
    meaning{WSAENOBUFS, std::errc::no_buffer_space},
    meaning{WSAENOTSOCK, std::errc::not_a_socket},
    meaning{WSAENOTCONN, std::errc::not_connected},
    meaning{WSAESHUTDOWN, std::errc::broken_pipe},
    meaning{WSAEADDRINUSE, std::errc::address_in_use},
    meaning{WSAEADDRNOTAVAIL, std::errc::address_not_available},
    meaning{WSAEAFNOSUPPORT, std::errc::address_family_not_supported},
    meaning{WSAENETUNREACH, std::errc::network_unreachable},
    meaning{WSAEHOSTUNREACH, std::errc::host_unreachable},
    meaning{WSAETIMEDOUT, std::errc::timed_out},
    meaning{WSAECONNREFUSED, std::errc::connection_refused},
    meaning{WSAECONNRESET, std::errc::connection_reset},
    meaning{WSAECONNABORTED, std::errc::connection_aborted},
    meaning{ERROR_OPERATION_ABORTED, std::errc::operation_canceled},
    meaning{ERROR_NETNAME_DELETED, std::errc::connection_reset},
    meaning{ERROR_SEM_TIMEOUT, std::errc::timed_out},
    meaning{ERROR_CONNECTION_REFUSED, std::errc::connection_refused},
    meaning{ERROR_NETWORK_UNREACHABLE, std::errc::network_unreachable},
    meaning{ERROR_HOST_UNREACHABLE, std::errc::host_unreachable},
    meaning{ERROR_CONNECTION_ABORTED, std::errc::connection_aborted},
    meaning{ERROR_FILE_NOT_FOUND, std::errc::no_such_file_or_directory},
    meaning{ERROR_PATH_NOT_FOUND, std::errc::no_such_file_or_directory},
    meaning{ERROR_ACCESS_DENIED, std::errc::permission_denied},
};

/// Windows' numbers with its own texts: its C library has none for much of what the standard has names for.
class windows_category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "system"; }
    [[nodiscard]] std::string message(int number) const override { return std::system_category().message(number); }
    [[nodiscard]] std::error_condition default_error_condition(int number) const noexcept override
    {
        const auto* const found = std::ranges::find(meanings, number, &meaning::number);
        return found != meanings.end() ? std::make_error_condition(found->means)
                                       : std::system_category().default_error_condition(number);
    }
};

SOCKET handle_of(int socket) noexcept
{
    return static_cast<SOCKET>(socket);
}

int limited(std::size_t size) noexcept
{
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

tls_step step_of(int moved, tls_wait would_wait) noexcept
{
    if (moved >= 0)
        return {.bytes = static_cast<std::size_t>(moved)};
    if (::WSAGetLastError() == WSAEWOULDBLOCK)
        return {.waits = would_wait};
    return {.error = last_system_error()};
}

void set_option(int socket, int level, int name, int value) noexcept
{
    ::setsockopt(handle_of(socket), level, name, reinterpret_cast<const char*>(&value), sizeof value);
}

result<int> option(int socket, int name)
{
    int value = 0;
    int size = sizeof value;
    if (::getsockopt(handle_of(socket), SOL_SOCKET, name, reinterpret_cast<char*>(&value), &size) == 0)
        return value;
    return last_system_error();
}

/// Names are UTF-8 outside.
std::filesystem::path wide(const std::string& path)
{
    return std::u8string{path.begin(), path.end()};
}

result<int> open(const std::string& path, int flags)
{
    const int file = ::_wopen(wide(path).c_str(), flags | _O_BINARY | _O_NOINHERIT, _S_IREAD | _S_IWRITE);
    if (file == -1)
        return std::error_code{errno, std::generic_category()};
    return file;
}

result<std::size_t> moved(int bytes)
{
    if (bytes < 0)
        return std::error_code{errno, std::generic_category()};
    return static_cast<std::size_t>(bytes);
}

} // namespace

std::error_code last_system_error() noexcept
{
    return system_error(::WSAGetLastError());
}

std::error_code system_error(int number) noexcept
{
    static const windows_category category;
    return {number, category};
}

void forget_system_error() noexcept
{
    ::WSASetLastError(0);
}

void close_socket(int socket) noexcept
{
    ::closesocket(handle_of(socket));
}

void prepare_socket(int socket) noexcept
{
    u_long does_not_block = 1;
    ::ioctlsocket(handle_of(socket), static_cast<long>(FIONBIO), &does_not_block);
    ::SetHandleInformation(reinterpret_cast<HANDLE>(handle_of(socket)), HANDLE_FLAG_INHERIT, 0);
}

void claim_port(int socket) noexcept
{
    // Remembered connections are in nobody's way here, and with SO_REUSEADDR everybody could have the port.
    set_option(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
}

tls_step receive_now(int socket, std::span<char> room) noexcept
{
    auto step = step_of(::recv(handle_of(socket), room.data(), limited(room.size()), 0), tls_wait::readable);
    step.has_ended = step.bytes == 0 && step.waits == tls_wait::nothing && !step.error;
    return step;
}

tls_step send_now(int socket, std::string_view bytes, corking /*corked*/) noexcept
{
    return step_of(::send(handle_of(socket), bytes.data(), limited(bytes.size()), 0), tls_wait::writable);
}

tls_step peek_now(int socket, char& first) noexcept
{
    return step_of(::recv(handle_of(socket), &first, 1, MSG_PEEK), tls_wait::readable);
}

tls_step send_file_now(int /*socket*/, const native_file& /*file*/, std::size_t /*bytes*/) noexcept
{
    return {.error = std::make_error_code(std::errc::function_not_supported)};
}

tls_step drop_input(int socket) noexcept
{
    std::array<char, 512> dropped;
    for (int pieces = 0; pieces < 128; ++pieces) {
        const auto got = receive_now(socket, dropped);
        if (got.bytes == 0)
            return {.has_ended = got.has_ended, .error = got.has_ended ? pending_error(socket) : got.error};
    }
    return {};
}

void shut_down_sending(int socket) noexcept
{
    ::shutdown(handle_of(socket), SD_SEND);
}

void reset_connection(int socket) noexcept
{
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(handle_of(socket), SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&at_once), sizeof at_once);
}

std::error_code pending_error(int socket) noexcept
{
    const auto broken = option(socket, SO_ERROR);
    return broken ? system_error(*broken) : broken.error();
}

std::uint64_t unacknowledged_bytes(int /*socket*/) noexcept
{
    return 0;
}

std::uint64_t unsent_bytes(int /*socket*/) noexcept
{
    return 0;
}

std::uint64_t unsaid_acknowledgement(int /*socket*/) noexcept
{
    return 0;
}

void cork(int /*socket*/, corking /*wanted*/) noexcept {}

void acknowledge_at_once(int /*socket*/) noexcept {}

void choose_port_late(int /*socket*/) noexcept {}

void keep_alive_after(int socket, std::chrono::seconds idle) noexcept
{
    tcp_keepalive wanted{.onoff = 1,
                         .keepalivetime = static_cast<ULONG>(std::chrono::milliseconds{idle}.count()),
                         .keepaliveinterval = 1000};
    DWORD bytes = 0;
    ::WSAIoctl(handle_of(socket), SIO_KEEPALIVE_VALS, &wanted, sizeof wanted, nullptr, 0, &bytes, nullptr, nullptr);
}

bool prepare_kernel_tls(int /*socket*/) noexcept
{
    return false;
}

void block_sigpipe() noexcept {}

sigpipe_guard::~sigpipe_guard() = default;

result<int> listen_at(const tcp::endpoint& where)
{
    const auto protocol = where.protocol();
    const auto opened = ::WSASocketW(protocol.family(), SOCK_STREAM, protocol.protocol(), nullptr, 0,
                                     WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    if (opened == INVALID_SOCKET)
        return last_system_error();
    const auto listening = static_cast<int>(opened);
    prepare_socket(listening);
    claim_port(listening);
    if (::bind(opened, where.data(), static_cast<int>(where.size())) == 0 &&
        ::listen(opened, asio::socket_base::max_listen_connections) == 0)
        return listening;
    const auto error = last_system_error();
    close_socket(listening);
    return error;
}

result<tcp::endpoint> local_endpoint(int socket)
{
    tcp::endpoint found;
    auto size = static_cast<int>(found.capacity());
    if (::getsockname(handle_of(socket), found.data(), &size) != 0)
        return last_system_error();
    found.resize(static_cast<std::size_t>(size));
    return found;
}

result<tcp> protocol_of_listener(int socket)
{
    WSAPROTOCOL_INFOW kind{};
    int size = sizeof kind;
    const auto listens = option(socket, SO_ACCEPTCONN);
    if (::getsockopt(handle_of(socket), SOL_SOCKET, SO_PROTOCOL_INFOW, reinterpret_cast<char*>(&kind), &size) != 0 ||
        (kind.iAddressFamily != AF_INET && kind.iAddressFamily != AF_INET6) || kind.iProtocol != IPPROTO_TCP ||
        !listens || *listens == 0)
        return std::make_error_code(std::errc::invalid_argument);
    return kind.iAddressFamily == AF_INET ? tcp::v4() : tcp::v6();
}

result<accepted_socket> accept_now(int listening)
{
    accepted_socket found;
    auto size = static_cast<int>(found.peer.capacity());
    const auto accepted = ::accept(handle_of(listening), found.peer.data(), &size);
    if (accepted == INVALID_SOCKET)
        return last_system_error();
    found.descriptor = static_cast<int>(accepted);
    found.peer.resize(static_cast<std::size_t>(size));
    prepare_socket(found.descriptor);
    return found;
}

bool is_exhaustion(const std::error_code& error) noexcept
{
    return error == std::errc::too_many_files_open || error == std::errc::no_buffer_space;
}

port_range system_ports()
{
    return {49152, 65535}; // RFC 6335 6
}

bool is_in_memory(const native_file& /*file*/, std::uint64_t /*bytes*/) noexcept
{
    return true;
}

result<int> open_to_read(const std::string& path)
{
    return open(path, _O_RDONLY);
}

result<int> open_to_append(const std::string& path)
{
    return open(path, _O_WRONLY | _O_APPEND | _O_CREAT);
}

result<int> create_beside(std::string& path)
{
    path += '.';
    std::random_device random;
    std::uniform_int_distribution letter{'a', 'z'};
    for (int i = 0; i < 16; ++i)
        path += static_cast<char>(letter(random));
    return open(path, _O_WRONLY | _O_CREAT | _O_EXCL);
}

void close_file(int file) noexcept
{
    ::_close(file);
}

result<std::size_t> read_some(int file, std::span<char> room)
{
    return moved(::_read(file, room.data(), static_cast<unsigned>(limited(room.size()))));
}

result<std::size_t> write_some(int file, std::string_view bytes)
{
    return moved(::_write(file, bytes.data(), static_cast<unsigned>(limited(bytes.size()))));
}

result<void> flush_to_disk(int file)
{
    if (::_commit(file) == -1)
        return std::error_code{errno, std::generic_category()};
    return {};
}

result<void> rename_over(const std::string& from, const std::string& to)
{
    if (::MoveFileExW(wide(from).c_str(), wide(to).c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) == 0)
        return system_error(static_cast<int>(::GetLastError()));
    return {};
}

void remove_file(const std::string& path) noexcept
{
    std::error_code ignored;
    std::filesystem::remove(wide(path), ignored);
}

std::size_t usable_cpus() noexcept
{
    return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

bool fill_randomly(std::span<std::uint32_t> /*numbers*/) noexcept
{
    return false;
}

std::int64_t waits_of_thread() noexcept
{
    return 0;
}

} // namespace libftp::net
