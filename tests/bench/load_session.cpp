// FTP as a client speaks it that expects no surprise (RFC 959, 2428, 4217).
#include "load_session.hpp"

#include "failure.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace bench {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
/// From here on a call of the system is worth it that saves others.

std::uint64_t to_number(std::string_view text)
{
    std::uint64_t number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc{})
        throw failure{"no number: " + std::string{text}};
    return number;
}

/// RFC 2428: 229 text (|||port|).
std::uint16_t to_port(std::string_view reply)
{
    const auto bars = reply.find("|||");
    if (bars == std::string_view::npos)
        throw failure{"no port: " + std::string{reply}};
    return static_cast<std::uint16_t>(to_number(reply.substr(bars + 3)));
}

/// Of all sessions, which never wait while they look into it.
std::array<char, buffer_bytes> listing;

} // namespace

tls_pointer<SSL_CTX> make_context(tls_version version)
{
    if (version == tls_version::none)
        return nullptr;
    tls_pointer<SSL_CTX> made{SSL_CTX_new(TLS_client_method())};
    if (!made)
        throw failure{"no memory for TLS"};
    const int number = version == tls_version::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
    SSL_CTX_set_min_proto_version(made.get(), number);
    SSL_CTX_set_max_proto_version(made.get(), number);
    SSL_CTX_set_verify(made.get(), SSL_VERIFY_NONE, nullptr);
    // Some servers just close behind a file; its bytes are counted.
    SSL_CTX_set_options(made.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
    // Thousands of sessions may do nothing.
    SSL_CTX_set_mode(made.get(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(made.get(), 1);
    return made;
}

load_session::load_session(event_loop& loop, const target& to, SSL_CTX* context)
    : loop_(loop), target_(to), context_(context), control_(loop)
{
}

task<> load_session::connect()
{
    control_.begin_connecting(target_.where);
    control_.send_at_once();
    co_await expect_reply("220", "the connection");
}

task<> load_session::log_in()
{
    if (context_ != nullptr) {
        co_await command("AUTH TLS", "234");
        co_await control_.begin_tls(tls_pointer<SSL>{SSL_new(context_)}, nullptr);
    }
    co_await command("USER " + target_.user, "331");
    co_await command("PASS " + target_.password, "230");
}

task<> load_session::prepare()
{
    if (context_ != nullptr) {
        co_await command("PBSZ 0", "200");
        co_await command("PROT P", "200");
    }
    co_await command("TYPE I", "200");
}

task<std::uint64_t> load_session::size(std::string name)
{
    const auto reply = co_await command("SIZE " + name, "213");
    co_return to_number(reply.substr(4));
}

// A server may wait for the end of a data connection from this side before it says that all is done.

task<> load_session::download(std::string name, std::uint64_t bytes)
{
    std::uint64_t received = 0;
    {
        async_connection data{loop_};
        co_await begin_transfer(data, "RETR " + name);
        received = co_await data.drop();
        data.say_end();
    }
    co_await expect_reply("226", name);
    if (received != bytes)
        throw failure{name + ": " + std::to_string(received) + " bytes instead of " + std::to_string(bytes)};
}

task<> load_session::upload(std::string name, std::string_view piece, std::uint64_t bytes)
{
    {
        async_connection data{loop_};
        co_await begin_transfer(data, "STOR " + name);
        co_await data.write_repeatedly(piece, bytes);
        if (data.tls() != nullptr)
            co_await data.end();
    }
    co_await expect_reply("226", name);
}

task<counted> load_session::list(std::string line)
{
    counted all;
    {
        async_connection data{loop_};
        co_await begin_transfer(data, line);
        while (const auto bytes = co_await data.read(listing)) {
            all.bytes += bytes;
            all.lines += static_cast<std::uint64_t>(std::count(listing.data(), listing.data() + bytes, '\n'));
        }
        data.say_end();
    }
    co_await expect_reply("226", line);
    co_return all;
}

task<> load_session::repeat(std::string line, std::uint64_t count, std::uint64_t in_flight)
{
    std::string lines;
    for (std::uint64_t i = 0; i < in_flight; ++i)
        lines += line + "\r\n";
    const auto line_bytes = line.size() + 2;
    std::uint64_t given = 0;
    std::uint64_t answered = 0;
    while (answered < count) {
        const auto more = std::min(in_flight - (given - answered), count - given);
        if (more != 0)
            co_await control_.write(std::string_view{lines}.substr(0, static_cast<std::size_t>(more) * line_bytes));
        given += more;
        // With all replies that have come at once go as many commands.
        for (auto reply = co_await read_reply(); !reply.empty(); reply = next_reply()) {
            if (!reply.starts_with('2'))
                throw failure{line + ": " + std::string{reply}};
            ++answered;
        }
    }
}

task<> load_session::quit()
{
    co_await command("QUIT", "221");
    co_await control_.end();
}

std::string_view load_session::next_reply()
{
    std::string_view first;
    auto begin = reply_begin_;
    while (true) {
        const void* const end = std::memchr(replies_.data() + begin, '\n', reply_end_ - begin);
        if (end == nullptr)
            return {};
        const auto bytes = static_cast<std::size_t>(static_cast<const char*>(end) - replies_.data()) - begin;
        const std::string_view line{replies_.data() + begin, bytes};
        begin += bytes + 1;
        if (first.empty())
            first = line;
        // RFC 959, section 4.2: further lines end with one that has the code of the first and a space.
        const bool is_whole = first.size() < 4 || first[3] != '-';
        if (is_whole || (line.size() > 3 && line[3] == ' ' && line.starts_with(first.substr(0, 3)))) {
            reply_begin_ = begin;
            return line.substr(0, line.find('\r'));
        }
    }
}

task<std::string_view> load_session::read_reply()
{
    while (true) {
        if (const auto reply = next_reply(); !reply.empty())
            co_return reply;
        std::memmove(replies_.data(), replies_.data() + reply_begin_, reply_end_ - reply_begin_);
        reply_end_ -= std::exchange(reply_begin_, 0);
        if (reply_end_ == replies_.size())
            throw failure{"a reply of more than " + std::to_string(replies_.size()) + " bytes"};
        const auto bytes = co_await control_.read(std::span{replies_}.subspan(reply_end_));
        if (bytes == 0)
            throw failure{"the control connection has ended"};
        reply_end_ += bytes;
    }
}

task<> load_session::expect_reply(std::string_view due, std::string_view to)
{
    const auto reply = co_await read_reply();
    if (!reply.starts_with(due))
        throw failure{std::string{to} + ": " + std::string{reply}};
}

task<std::string_view> load_session::command(std::string_view line, std::string_view due)
{
    std::string bytes{line};
    bytes += "\r\n";
    co_await control_.write(bytes);
    const auto reply = co_await read_reply();
    if (!reply.starts_with(due))
        throw failure{std::string{line} + ": " + std::string{reply}};
    co_return reply;
}

task<> load_session::begin_transfer(async_connection& data, std::string_view line)
{
    auto where = target_.where;
    where.sin_port = htons(to_port(co_await command("EPSV", "229")));
    data.begin_connecting(where);
    co_await command(line, "1");
    if (context_ == nullptr)
        co_return;
    data.send_at_once();
    tls_pointer<SSL> tls{SSL_new(context_)};
    // Many records with one call of the system: the load must cost less than what it measures.
    if (tls)
        SSL_set_default_read_buffer_len(tls.get(), buffer_bytes);
    // The newest: a server may give a ticket for each data connection.
    const bool resumes = target_.handshake == data_handshake::resumed;
    const tls_pointer<SSL_SESSION> session{resumes ? SSL_get1_session(control_.tls()) : nullptr};
    co_await data.begin_tls(std::move(tls), session.get());
    resumed_ += SSL_session_reused(data.tls()) == 1 ? 1U : 0U;
}

} // namespace bench
