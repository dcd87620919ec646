// The floor's commands, and its loops that move files.
#include "floor_session.hpp"

#include <array>
#include <stdexcept>

#include <dirent.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

namespace bench_floor {

namespace {

/// Of one call of sendfile: more measured up to a fifth slower where the other side takes bytes as fast as they come.
constexpr std::size_t send_bytes = std::size_t{256} * 1024;
/// Between read and SSL_write: what stays in the cache.
constexpr std::size_t protected_bytes = std::size_t{128} * 1024;
constexpr std::size_t pipe_bytes = std::size_t{1024} * 1024;

bool would_wait(ssize_t result)
{
    if (result < 0 && errno != EAGAIN)
        fail("transfer");
    return result < 0;
}

void write_all(int file, std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0)
            fail("write");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

/// The size is what a server has to look up; the rest of the line is only as long as others make it.
void append_line(std::string& lines, const char* name, std::uint64_t size)
{
    lines.append("-rw-r--r--    1 ftp      ftp      ").append(std::to_string(size)).append(" Nov 20 12:00 ");
    lines.append(name).append("\r\n");
}

/// For a file that does not fit the socket's buffer: a third faster.
void send_full_segments(const descriptor& socket)
{
    const int on = 1;
    if (::setsockopt(socket.number(), IPPROTO_TCP, TCP_CORK, &on, sizeof on) != 0)
        fail("TCP_CORK");
}

} // namespace

floor_resources::floor_resources(upload_way chosen, tls_context context)
    : way(chosen), tls(std::move(context)), epoll(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("pipe");
    pipe_out = {ends[0], "pipe"};
    pipe_in = {ends[1], "pipe"};
    if (::fcntl(pipe_in.number(), F_SETPIPE_SZ, static_cast<int>(pipe_bytes)) < 0)
        fail("F_SETPIPE_SZ");
}

floor_session::floor_session(descriptor control, floor_resources& resources)
    : resources_(resources), control_(std::move(control))
{
    const int on = 1;
    if (::setsockopt(control_.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("TCP_NODELAY");
    watch(control_.number(), EPOLLIN, commands_);
    reply("220 Floor.\r\n");
    send_replies();
}

void floor_session::read_commands()
{
    // What OpenSSL has read ahead, also while it shook hands, epoll does not tell about.
    do {
        std::array<char, 4096> room;
        const auto bytes = read_control(room);
        if (bytes <= 0) {
            finished_ = true;
            return;
        }
        input_.append(room.data(), static_cast<std::size_t>(bytes));
        answer_lines();
    } while (control_tls_ && SSL_has_pending(control_tls_.get()) == 1);
}

void floor_session::answer_lines()
{
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = input_.find("\r\n", begin)) != std::string::npos; begin = end + 2) {
        const auto line = std::string_view{input_}.substr(begin, end - begin);
        const auto space = line.find(' ');
        answer(line.substr(0, space), std::string{space == line.npos ? "" : line.substr(space + 1)});
    }
    input_.erase(0, begin);
    send_replies();
}

void floor_session::answer(std::string_view verb, const std::string& argument)
{
    if (verb == "USER")
        reply("331 Password?\r\n");
    else if (verb == "PASS")
        reply("230 Welcome.\r\n");
    else if (verb == "PWD")
        reply("257 \"/\"\r\n");
    else if (verb == "EPSV" || verb == "PASV")
        listen_for_data(verb);
    else if (verb == "SIZE")
        tell_size(argument);
    else if (verb == "RETR")
        begin_transfer(argument, O_RDONLY, &floor_session::send_file, &floor_session::send_protected);
    else if (verb == "LIST" || verb == "MLSD")
        begin_transfer(argument, O_RDONLY, &floor_session::send_listing, nullptr);
    else if (verb == "STOR")
        begin_transfer(argument, O_WRONLY | O_CREAT | O_TRUNC, &floor_session::receive_file,
                       &floor_session::receive_protected);
    else if (verb == "AUTH")
        begin_tls();
    else if (verb == "QUIT")
        reply("221 Bye.\r\n");
    else
        reply("200 Fine.\r\n");
}

void floor_session::begin_tls()
{
    reply("234 Go on.\r\n");
    send_replies();
    control_tls_ = accept_tls(control_.number());
}

/// A listener for each data connection, as any server makes it that lets nobody foresee its ports.
void floor_session::listen_for_data(std::string_view verb)
{
    passive_ = listen_on(0, 1);
    const auto port = port_of(passive_);
    if (verb == "EPSV")
        reply("229 Go on (|||" + std::to_string(port) + "|).\r\n");
    else
        reply("227 Go on (127,0,0,1," + std::to_string(port / 256) + ',' + std::to_string(port % 256) + ").\r\n");
}

void floor_session::tell_size(const std::string& name)
{
    struct stat facts {};
    const bool there = ::stat(name.c_str(), &facts) == 0;
    reply(there ? "213 " + std::to_string(facts.st_size) + "\r\n" : "550 No.\r\n");
}

/// The client has connected before it asks for a transfer.
void floor_session::begin_transfer(const std::string& name, int flags, void (floor_session::*move)(),
                                   void (floor_session::*move_protected)(SSL*))
{
    const int file = ::open(name.c_str(), flags | O_CLOEXEC, 0644);
    if (file < 0) {
        reply("550 No.\r\n");
        return;
    }
    file_ = {file, "open"};
    data_ = {::accept4(passive_.number(), nullptr, nullptr, SOCK_CLOEXEC | (control_tls_ ? 0 : SOCK_NONBLOCK)),
             "accept"};
    passive_.close();
    reply("150 Go on.\r\n");
    send_replies();
    if (control_tls_) {
        const auto tls = accept_tls(data_.number());
        (this->*move_protected)(tls.get());
        SSL_shutdown(tls.get());
        end_transfer();
    } else {
        (this->*move)();
    }
}

void floor_session::send_file()
{
    while (const auto sent = ::sendfile(data_.number(), file_.number(), nullptr, send_bytes)) {
        if (would_wait(sent)) {
            if (transfer_.ready == nullptr) {
                transfer_.ready = &floor_session::send_file;
                send_full_segments(data_);
                watch(data_.number(), EPOLLOUT, transfer_);
            }
            return;
        }
    }
    end_transfer();
}

/// Both kinds are one to it. All others wait.
void floor_session::send_listing()
{
    alignas(dirent64) std::array<char, std::size_t{32} * 1024> names;
    std::string lines;
    for (ssize_t bytes = 0; (bytes = ::getdents64(file_.number(), names.data(), names.size())) > 0; lines.clear()) {
        for (std::size_t at = 0; at < static_cast<std::size_t>(bytes);) {
            const auto& entry = *reinterpret_cast<const dirent64*>(&names[at]);
            at += entry.d_reclen;
            struct statx facts {};
            if (entry.d_name[0] != '.' &&
                ::statx(file_.number(), entry.d_name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &facts) == 0)
                append_line(lines, entry.d_name, facts.stx_size);
        }
        send_all(lines);
    }
    end_transfer();
}

void floor_session::send_all(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(data_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (would_wait(sent)) {
            pollfd full{data_.number(), POLLOUT, 0};
            ::poll(&full, 1, -1);
        } else {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
}

void floor_session::receive_file()
{
    while (const auto received = resources_.way == upload_way::splice ? splice_piece() : receive_piece()) {
        if (would_wait(received)) {
            if (transfer_.ready == nullptr) {
                transfer_.ready = &floor_session::receive_file;
                watch(data_.number(), EPOLLIN, transfer_);
            }
            return;
        }
    }
    end_transfer();
}

ssize_t floor_session::receive_piece()
{
    const auto bytes = ::recv(data_.number(), resources_.buffer.get(), resources_.buffer_bytes, 0);
    if (bytes > 0)
        write_all(file_.number(), {resources_.buffer.get(), static_cast<std::size_t>(bytes)});
    return bytes;
}

ssize_t floor_session::splice_piece()
{
    const auto bytes = ::splice(data_.number(), nullptr, resources_.pipe_in.number(), nullptr, pipe_bytes,
                                SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    for (auto left = bytes; left > 0;) {
        const auto moved = ::splice(resources_.pipe_out.number(), nullptr, file_.number(), nullptr,
                                    static_cast<std::size_t>(left), SPLICE_F_MOVE);
        if (moved <= 0)
            fail("splice");
        left -= moved;
    }
    return bytes;
}

void floor_session::send_protected(SSL* tls)
{
    const auto buffer = resources_.buffer.get();
    for (ssize_t bytes = 0; (bytes = ::read(file_.number(), buffer, protected_bytes)) > 0;) {
        std::size_t sent = 0;
        if (SSL_write_ex(tls, buffer, static_cast<std::size_t>(bytes), &sent) != 1)
            throw std::runtime_error{"TLS write"};
    }
}

void floor_session::receive_protected(SSL* tls)
{
    const auto buffer = resources_.buffer.get();
    for (std::size_t bytes = 0; SSL_read_ex(tls, buffer, resources_.buffer_bytes, &bytes) == 1;)
        write_all(file_.number(), {buffer, bytes});
}

void floor_session::end_transfer()
{
    transfer_.ready = nullptr;
    data_.close();
    file_.close();
    reply("226 Done.\r\n");
    send_replies();
}

void floor_session::reply(std::string_view line)
{
    output_ += line;
}

/// Those to commands that came together go together.
void floor_session::send_replies()
{
    if (output_.empty())
        return;
    if (control_tls_) {
        std::size_t sent = 0;
        SSL_write_ex(control_tls_.get(), output_.data(), output_.size(), &sent);
    } else {
        ::send(control_.number(), output_.data(), output_.size(), MSG_NOSIGNAL);
    }
    output_.clear();
}

ssize_t floor_session::read_control(std::span<char> room)
{
    if (!control_tls_)
        return ::recv(control_.number(), room.data(), room.size(), 0);
    std::size_t bytes = 0;
    return SSL_read_ex(control_tls_.get(), room.data(), room.size(), &bytes) == 1 ? static_cast<ssize_t>(bytes) : -1;
}

void floor_session::watch(int descriptor, std::uint32_t events, watched& what)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = &what;
    if (::epoll_ctl(resources_.epoll.number(), EPOLL_CTL_ADD, descriptor, &event) != 0)
        fail("epoll_ctl");
}

tls_connection floor_session::accept_tls(int socket) const
{
    tls_connection made{SSL_new(resources_.tls.get())};
    if (!made || SSL_set_fd(made.get(), socket) != 1 || SSL_accept(made.get()) != 1)
        throw std::runtime_error{"TLS handshake"};
    return made;
}

} // namespace bench_floor
