// FTP as a client speaks it that expects no surprise (RFC 959, 2428, 4217).
#include "load_session.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace bench {

namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;

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
    // Many records with one call of the system: the load must cost less than what it measures.
    SSL_CTX_set_read_ahead(made.get(), 1);
    SSL_CTX_set_default_read_buffer_len(made.get(), buffer_bytes);
    return made;
}

load_session::load_session(const target& to, SSL_CTX* context)
    : target_(to), context_(context), control_(connection::to(to.address, to.port)),
      buffer_(std::make_unique<char[]>(buffer_bytes))
{
    control_.send_at_once();
    if (const auto greeting = read_reply(); !greeting.starts_with("220"))
        throw failure{"greeting: " + greeting};
    if (context_ != nullptr) {
        command("AUTH TLS", "234");
        control_.begin_tls(tls_pointer<SSL>{SSL_new(context_)});
    }
    command("USER " + target_.user, "331");
    command("PASS " + target_.password, "230");
}

void load_session::prepare()
{
    if (context_ != nullptr) {
        command("PBSZ 0", "200");
        command("PROT P", "200");
    }
    command("TYPE I", "200");
}

std::uint64_t load_session::size(const std::string& name)
{
    return to_number(std::string_view{command("SIZE " + name, "213")}.substr(4));
}

void load_session::download(const std::string& name, std::uint64_t bytes)
{
    auto data = begin_transfer("RETR " + name);
    std::uint64_t received = 0;
    while (const auto more = data.read({buffer_.get(), buffer_bytes}))
        received += more;
    end_transfer(std::move(data));
    if (received != bytes)
        throw failure{name + ": " + std::to_string(received) + " bytes instead of " + std::to_string(bytes)};
}

void load_session::upload(const std::string& name, std::string_view piece, std::uint64_t bytes)
{
    auto data = begin_transfer("STOR " + name);
    for (auto left = bytes; left != 0;) {
        const auto share = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
        data.write(piece.substr(0, share));
        left -= share;
    }
    end_transfer(std::move(data));
}

void load_session::quit()
{
    command("QUIT", "221");
    control_.end();
}

/// The last line of a reply.
std::string load_session::read_reply()
{
    auto line = control_.read_line();
    if (line.size() > 3 && line[3] == '-') {
        const auto end = line.substr(0, 3) + ' ';
        while (!line.starts_with(end))
            line = control_.read_line();
    }
    return line;
}

std::string load_session::command(const std::string& line, std::string_view due)
{
    control_.write(line + "\r\n");
    auto reply = read_reply();
    if (!reply.starts_with(due))
        throw failure{line + ": " + reply};
    return reply;
}

connection load_session::begin_transfer(const std::string& line)
{
    auto data = connection::to(target_.address, to_port(command("EPSV", "229")));
    command(line, "1");
    if (context_ != nullptr) {
        // The newest: a server may give a ticket for each data connection.
        const bool resumes = target_.handshake == data_handshake::resumed;
        const tls_pointer<SSL_SESSION> session{resumes ? SSL_get1_session(control_.tls()) : nullptr};
        data.begin_tls(tls_pointer<SSL>{SSL_new(context_)}, session.get());
        resumed_ += SSL_session_reused(data.tls()) == 1 ? 1U : 0U;
    }
    return data;
}

void load_session::end_transfer(connection data)
{
    data.end();
    if (const auto reply = read_reply(); !reply.starts_with("226"))
        throw failure{"the transfer ended with " + reply};
}

} // namespace bench
