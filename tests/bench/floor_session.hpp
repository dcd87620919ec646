// One session of the floor: FTP as far as ftp_load speaks it, and nothing that a server is not made to do by that.
#pragma once

#include "floor_socket.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace bench_floor {

struct tls_deleter {
    void operator()(SSL* tls) const { SSL_free(tls); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using tls_connection = std::unique_ptr<SSL, tls_deleter>;
using tls_context = std::unique_ptr<SSL_CTX, tls_deleter>;

enum class upload_way : std::uint8_t { receive, splice };

/// What all sessions share, for there is one thread.
struct floor_resources {
    floor_resources(upload_way way, tls_context context);

    upload_way way;
    tls_context tls;
    descriptor epoll;
    descriptor pipe_in, pipe_out; ///< Between socket and file, empty whenever a session is done with it.
    std::size_t buffer_bytes = std::size_t{1024} * 1024;
    std::unique_ptr<char[]> buffer = std::make_unique<char[]>(buffer_bytes);
};

/// In clear it never waits but in epoll. TLS is shaken hands for, and its files are moved, while all others wait: the
/// bare loops that are the floor of TLS.
class floor_session {
public:
    /// Something that epoll tells about, and what is done then. It must stay where it is.
    struct watched {
        floor_session* session;
        void (floor_session::*ready)();
    };

    floor_session(descriptor control, floor_resources& resources);
    floor_session(const floor_session&) = delete;
    floor_session& operator=(const floor_session&) = delete;

    [[nodiscard]] bool is_finished() const noexcept { return finished_; }

private:
    void read_commands();
    void answer_lines();
    void answer(std::string_view verb, const std::string& argument);
    void begin_tls();
    void listen_for_data(std::string_view verb);
    void tell_size(const std::string& name);
    void begin_transfer(const std::string& name, int flags, void (floor_session::*move)(),
                        void (floor_session::*move_protected)(SSL*));
    void send_file();
    void send_listing();
    void send_all(std::string_view bytes);
    void receive_file();
    ssize_t receive_piece();
    ssize_t splice_piece();
    void send_protected(SSL* tls);
    void receive_protected(SSL* tls);
    void end_transfer();

    void reply(std::string_view line);
    void send_replies();
    ssize_t read_control(std::span<char> room);
    void watch(int descriptor, std::uint32_t events, watched& what);
    [[nodiscard]] tls_connection accept_tls(int socket) const;

    floor_resources& resources_;
    descriptor control_, passive_, data_, file_;
    tls_connection control_tls_;
    std::string input_, output_;
    watched commands_{this, &floor_session::read_commands};
    watched transfer_{this, nullptr}; ///< Has a function while its socket is known to epoll.
    bool finished_ = false;
};

} // namespace bench_floor
