// An outside program that needs libftp::net: a server that listens wherever the system likes.
#include <libftp/auth/authenticator.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/memory_store.hpp>

int main()
{
    using namespace libftp;
    const account guest{.name = "guest", .store = std::make_shared<memory_store>()};
    net::server server{{.authenticator = std::make_shared<anonymous_authenticator>(guest)}};
    return server.listen({ip_address::loopback_v4(), 0}) ? 0 : 1;
}
