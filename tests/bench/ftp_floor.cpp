// ftp_floor: the least program that can speak FTP, one thread and no check, to see what the kernel alone takes.
#include "floor_session.hpp"

#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <list>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <sys/epoll.h>

using namespace bench_floor;

namespace {

constexpr std::string_view splice_option = "--upload=splice";

tls_context make_context(const std::vector<std::string_view>& arguments)
{
    if (arguments.size() < 4)
        return nullptr;
    tls_context made{SSL_CTX_new(TLS_server_method())};
    if (!made || SSL_CTX_use_certificate_chain_file(made.get(), arguments[2].data()) != 1 ||
        SSL_CTX_use_PrivateKey_file(made.get(), arguments[3].data(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error{"cannot use the certificate and its key"};
    // Many records with one call of the system.
    SSL_CTX_set_read_ahead(made.get(), 1);
    SSL_CTX_set_default_read_buffer_len(made.get(), std::size_t{256} * 1024);
    return made;
}

std::uint16_t parse_port(std::string_view text)
{
    std::uint16_t port = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc{})
        throw std::runtime_error{"'" + std::string{text} + "' is not a port"};
    return port;
}

void serve(const descriptor& listener, floor_resources& resources)
{
    epoll_event new_session{};
    new_session.events = EPOLLIN;
    new_session.data.ptr = nullptr;
    if (::epoll_ctl(resources.epoll.number(), EPOLL_CTL_ADD, listener.number(), &new_session) != 0)
        fail("epoll_ctl");
    std::list<floor_session> sessions;
    std::array<epoll_event, 64> events;
    while (true) {
        const int count = ::epoll_wait(resources.epoll.number(), events.data(), static_cast<int>(events.size()), -1);
        bool some_finished = false;
        for (int i = 0; i < count; ++i) {
            auto* const watched = static_cast<floor_session::watched*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (watched == nullptr) {
                sessions.emplace_back(
                    descriptor{::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC), "accept"}, resources);
            } else {
                (watched->session->*watched->ready)();
                some_finished |= watched->session->is_finished();
            }
        }
        // Not before: there may be a second event for the same session.
        if (some_finished)
            sessions.remove_if([](const floor_session& session) { return session.is_finished(); });
    }
}

} // namespace

int main(int argc, char** argv)
try {
    std::vector<std::string_view> arguments{argv + 1, argv + argc};
    const auto way = !arguments.empty() && arguments.back() == splice_option ? upload_way::splice : upload_way::receive;
    if (way == upload_way::splice)
        arguments.pop_back();
    if (arguments.size() != 2 && arguments.size() != 4)
        throw std::runtime_error{"ftp_floor PORT DIRECTORY [CERTIFICATE KEY] [--upload=splice]; on loopback"};
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
    floor_resources resources{way, make_context(arguments)};
    if (::chdir(arguments[1].data()) != 0)
        fail("the directory");
    serve(listen_on(parse_port(arguments[0]), 4096), resources);
} catch (const std::exception& error) {
    std::fprintf(stderr, "ftp_floor: %s\n", error.what());
    return 1;
}
