// tls_floor: the least server that ftp_load can use, without a check, to see what TLS and the kernel alone take.
#include "connection.hpp"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace bench;

namespace {

constexpr std::size_t buffer_bytes = 128 * 1024;

/// Listens on a port of loopback; 0 is a free one.
class listener {
public:
    explicit listener(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        const int again = 1;
        ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        auto* const address = reinterpret_cast<sockaddr*>(&where);
        if (::bind(descriptor_, address, size) != 0 || ::listen(descriptor_, 128) != 0 ||
            ::getsockname(descriptor_, address, &size) != 0)
            throw failure{"cannot listen on port " + std::to_string(port)};
        port_ = ntohs(where.sin_port);
    }
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener() { ::close(descriptor_); }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] connection accept() const
    {
        return connection{::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC)};
    }

private:
    int descriptor_;
    std::uint16_t port_ = 0;
};

class floor_session {
public:
    floor_session(connection control, SSL_CTX* context) : control_(std::move(control)), context_(context) {}

    void serve()
    {
        control_.send_at_once();
        reply("220 Ready.");
        while (true) {
            const auto line = control_.read_line();
            const auto verb = line.substr(0, line.find(' '));
            const auto argument = verb.size() < line.size() ? line.substr(verb.size() + 1) : std::string{};
            if (verb == "QUIT")
                break;
            answer(verb, argument);
        }
        reply("221 Bye.");
        control_.end();
    }

private:
    void reply(const std::string& line) { control_.write(line + "\r\n"); }

    void answer(const std::string& verb, const std::string& argument)
    {
        if (verb == "AUTH") {
            reply("234 Go on.");
            control_.begin_tls(tls_pointer<SSL>{SSL_new(context_)});
        } else if (verb == "USER") {
            reply("331 Password?");
        } else if (verb == "PASS") {
            reply("230 Welcome.");
        } else if (verb == "EPSV") {
            reply("229 Go on (|||" + std::to_string(passive_.port()) + "|).");
        } else if (verb == "SIZE") {
            reply("213 " + std::to_string(std::filesystem::file_size(argument)));
        } else if (verb == "RETR") {
            const int file = ::open(argument.c_str(), O_RDONLY | O_CLOEXEC);
            auto data = begin_data();
            for (ssize_t bytes = 0; (bytes = ::read(file, buffer_.get(), buffer_bytes)) > 0;)
                data.write({buffer_.get(), static_cast<std::size_t>(bytes)});
            ::close(file);
            data.end();
            reply("226 Done.");
        } else if (verb == "STOR") {
            // Written nowhere, it must still be as long as it was sent.
            const int file = ::open(argument.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
            auto data = begin_data();
            off_t size = 0;
            while (const auto bytes = data.read({buffer_.get(), buffer_bytes}))
                size += static_cast<off_t>(bytes);
            if (::ftruncate(file, size) != 0)
                throw failure{"cannot make " + argument};
            ::close(file);
            data.end();
            reply("226 Done.");
        } else {
            reply("200 Fine.");
        }
    }

    connection begin_data()
    {
        auto data = passive_.accept();
        reply("150 Go on.");
        if (control_.tls() != nullptr) {
            tls_pointer<SSL> tls{SSL_new(context_)};
            SSL_set_num_tickets(tls.get(), 0); // the client would not read them while it sends
            data.begin_tls(std::move(tls));
        }
        return data;
    }

    connection control_;
    SSL_CTX* context_;
    listener passive_{0}; ///< One for all data connections of this session.
    std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(buffer_bytes);
};

std::uint16_t parse_port(std::string_view text)
{
    std::uint16_t port = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc{})
        throw failure{"'" + std::string{text} + "' is not a port"};
    return port;
}

tls_pointer<SSL_CTX> make_context(const char* certificate, const char* key)
{
    tls_pointer<SSL_CTX> made{SSL_CTX_new(TLS_server_method())};
    if (!made || SSL_CTX_use_certificate_chain_file(made.get(), certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(made.get(), key, SSL_FILETYPE_PEM) != 1)
        throw failure{"cannot use the certificate and its key"};
    SSL_CTX_set_read_ahead(made.get(), 1);
    SSL_CTX_set_default_read_buffer_len(made.get(), buffer_bytes);
    return made;
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 5)
        throw failure{"tls_floor PORT DIRECTORY CERTIFICATE KEY; on loopback, a thread for each session"};
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    const auto context = make_context(argv[3], argv[4]);
    if (::chdir(argv[2]) != 0)
        throw failure{"no directory " + std::string{argv[2]}};
    const listener control{parse_port(argv[1])};
    while (true) {
        std::thread{[connected = control.accept(), &context]() mutable {
            try {
                floor_session{std::move(connected), context.get()}.serve();
            } catch (const std::exception& error) {
                std::fprintf(stderr, "tls_floor: %s\n", error.what());
            }
        }}.detach();
    }
} catch (const std::exception& error) {
    std::fprintf(stderr, "tls_floor: %s\n", error.what());
    return 1;
}
