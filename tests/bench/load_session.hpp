// One session of the load: logs in, gives commands, and transfers files that nobody keeps.
#pragma once

#include "async_connection.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

enum class tls_version : std::uint8_t { none, tls_1_2, tls_1_3 };
enum class data_handshake : std::uint8_t {
    resumed, ///< Continues the session of the control connection, if the server lets it.
    full,
};

struct target {
    sockaddr_in where{};
    std::string user{};
    std::string password{};
    tls_version version = tls_version::none;
    data_handshake handshake = data_handshake::resumed;
};

/// For the TLS connections of all sessions; nullptr without TLS. No certificate is verified.
tls_pointer<SSL_CTX> make_context(tls_version version);

struct counted {
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
};

/// Every reply must be the one that is due, and every count of bytes exact.
class load_session {
public:
    /// All must outlive it.
    load_session(event_loop& loop, const target& to, SSL_CTX* context);

    /// Ends with the greeting.
    task<> connect();
    task<> log_in();
    /// For transfers of type I, which are private if the session is.
    task<> prepare();

    task<std::uint64_t> size(std::string name);
    task<> download(std::string name, std::uint64_t bytes);
    /// Sends `piece` over and over until there are `bytes`.
    task<> upload(std::string name, std::string_view piece, std::uint64_t bytes);
    task<counted> list(std::string line);
    /// Gives one command `count` times; so many may be without their reply.
    task<> repeat(std::string line, std::uint64_t count, std::uint64_t in_flight);
    task<> quit();
    /// Whether the server has neither said anything nor gone.
    [[nodiscard]] bool is_idle() const { return reply_begin_ == reply_end_ && control_.is_idle(); }
    /// How many data connections continued a session.
    [[nodiscard]] std::uint64_t resumed() const noexcept { return resumed_; }

private:
    /// The last line of a reply, which stands until the next one is read.
    task<std::string_view> read_reply();
    /// The last line of a reply that has come as a whole; empty: there is none.
    std::string_view next_reply();
    task<std::string_view> command(std::string_view line, std::string_view due);
    task<> expect_reply(std::string_view due, std::string_view to);
    /// Connects for the command, and gives it.
    task<> begin_transfer(async_connection& data, std::string_view line);

    event_loop& loop_;
    const target& target_;
    SSL_CTX* context_;
    async_connection control_;
    std::array<char, 4096> replies_;
    std::size_t reply_begin_ = 0;
    std::size_t reply_end_ = 0;
    std::uint64_t resumed_ = 0;
};

} // namespace bench
