// What the network layer asks of the system itself, past Asio. Each kind of system has one source of it, and nothing
// else here knows which it is. No call waits for a peer.
#pragma once

#include "asio_types.hpp"
#include "tls_stream.hpp"

#include <libftp/port_range.hpp>
#include <libftp/result.hpp>
#include <libftp/store/file_store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace libftp::net {

/// What the system said last to this thread, to those who learn from others only that it was a failure.
std::error_code last_system_error() noexcept;
void forget_system_error() noexcept;
/// The standard's error for a number of the system's, of its sockets too.
std::error_code system_error(int number) noexcept;

// Sockets, by their descriptors.

void close_socket(int socket) noexcept;
/// Of a socket that is Asio's: programs that this one starts do not inherit it, and no call waits for it.
void prepare_socket(int socket) noexcept;
/// Its port is had though connections of others who had it may still be remembered, and by nobody else meanwhile.
void claim_port(int socket) noexcept;

/// Whether the kernel sends full segments only, until the end of the stream sends the rest.
enum class corking : bool { off, on };
void cork(int socket, corking wanted) noexcept;

/// Reads or writes what is possible now.
tls_step receive_now(int socket, std::span<char> room) noexcept;
/// `corked`: as by cork(), for these bytes alone.
tls_step send_now(int socket, std::string_view bytes, corking corked = corking::off) noexcept;
/// The byte that the next receive_now() begins with stays where it is.
tls_step peek_now(int socket, char& first) noexcept;
/// std::errc::invalid_argument or function_not_supported: this file cannot be sent so.
tls_step send_file_now(int socket, const native_file& file, std::size_t bytes) noexcept;
/// Takes what the peer sends though it should not: unread, it would turn the close into a reset, and the peer could
/// lose the last bytes. Says whether the peer sends no more, and whether the connection broke.
tls_step drop_input(int socket) noexcept;

/// What is sent ends here.
void shut_down_sending(int socket) noexcept;
/// Breaks the connection by a reset, at the latest when the socket is closed.
void reset_connection(int socket) noexcept;
/// What broke the connection meanwhile; nothing: it has not been, or this has been told before.
std::error_code pending_error(int socket) noexcept;

/// What was written and is not acknowledged yet, the end of the stream counted as a byte. Where nobody can tell, 0.
std::uint64_t unacknowledged_bytes(int socket) noexcept;
/// What was written and has not left this machine yet: for lack of room at the peer, say. The end of the stream counts
/// as a byte here too. Where nobody can tell, 0.
std::uint64_t unsent_bytes(int socket) noexcept;
/// How much a peer may have received without having said so yet (RFC 1122 4.2.3.2).
std::uint64_t unsaid_acknowledgement(int socket) noexcept;

/// The next acknowledgement is not to wait for something to go with.
void acknowledge_at_once(int socket) noexcept;
/// Which port a socket gets is decided when it connects: one that is in use towards another peer will do.
void choose_port_late(int socket) noexcept;
/// How long a connection is silent before it is asked whether it still lives.
void keep_alive_after(int socket, std::chrono::seconds idle) noexcept;
/// Asks the kernel to encrypt and decrypt what this TCP socket carries once there are keys for it. False: it cannot.
bool prepare_kernel_tls(int socket) noexcept;
/// For the calling thread: a peer that went away is an error of the call, and never the end of the process.
void block_sigpipe() noexcept;

/// A socket that listens, does not block and is not inherited.
result<int> listen_at(const tcp::endpoint& where);
result<tcp::endpoint> local_endpoint(int socket);
/// Error: std::errc::invalid_argument for anything but a TCP socket which listens.
result<tcp> protocol_of_listener(int socket);

/// A connection that belongs to nobody yet: in which context its socket must be is for others to choose.
struct accepted_socket {
    int descriptor = -1;
    tcp::endpoint peer{};
};
/// Who has come to a listener that does not block. Errors: is_exhaustion(); resource_unavailable_try_again if nobody
/// has; any other is that of a connection which broke before it was accepted.
result<accepted_socket> accept_now(int listening);
/// Whether the system has no resources for another socket.
bool is_exhaustion(const std::error_code& error) noexcept;

/// Gives it to a context, or an executor. An error closes it.
template <class Home>
result<tcp::socket> adopt(Home&& home, const accepted_socket& who)
{
    tcp::socket socket{std::forward<Home>(home)};
    std::error_code error;
    assign(socket, who.peer.protocol(), who.descriptor, error);
    if (!error)
        return socket;
    close_socket(who.descriptor);
    return from_asio(error);
}

/// The ports that the system gives to those who do not choose.
port_range system_ports();

// Files.

/// Whether reading that much will hardly wait for a disk. What cannot tell is taken for quick until it is slow.
bool is_in_memory(const native_file& file, std::uint64_t bytes) noexcept;
/// Descriptors that are not inherited. A log is made if it is not there, for its owner and group; a new file gets a
/// name beside `path`, for its owner alone, which is put into `path`.
result<int> open_to_read(const std::string& path);
result<int> open_to_append(const std::string& path);
result<int> create_beside(std::string& path);
void close_file(int file) noexcept;
/// 0: the end of the file.
result<std::size_t> read_some(int file, std::span<char> room);
result<std::size_t> write_some(int file, std::string_view bytes);
/// What was written survives a power cut.
result<void> flush_to_disk(int file);
/// Takes the place of a file that is there.
result<void> rename_over(const std::string& from, const std::string& to);
void remove_file(const std::string& path) noexcept;

// The rest.

/// Processors that this process may use: one network thread can use one.
std::size_t usable_cpus() noexcept;
/// From the system's source. False: it has none that is quick.
bool fill_randomly(std::span<std::uint32_t> numbers) noexcept;
/// How often the calling thread has given up the processor by itself. 0 where nobody counts.
std::int64_t waits_of_thread() noexcept;

} // namespace libftp::net
