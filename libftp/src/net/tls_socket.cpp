// OpenSSL's socket BIO, but for how it writes.
#include "tls_socket.hpp"

#include "system_calls.hpp"

#include <algorithm>

namespace libftp::net::openssl {

namespace {

int read_within_budget(BIO* bio, char* bytes, int size) noexcept
{
    auto& budget = *static_cast<std::size_t*>(BIO_get_app_data(bio));
    if (budget == 0) {
        BIO_clear_retry_flags(bio);
        BIO_set_retry_read(bio);
        return -1;
    }
    const int got = BIO_meth_get_read(BIO_s_socket())(bio, bytes, size);
    if (got > 0)
        budget -= std::min(budget, static_cast<std::size_t>(got));
    return got;
}

int write_quietly(BIO* bio, const char* bytes, int size) noexcept
{
    if (BIO_get_ktls_send(bio)) {
        // Only OpenSSL knows which bytes are application data to the kernel, and which are alerts.
        block_sigpipe();
        return BIO_meth_get_write(BIO_s_socket())(bio, bytes, size);
    }
    int socket = -1;
    BIO_get_fd(bio, &socket);
    forget_system_error();
    const auto sent = send_now(socket, {bytes, static_cast<std::size_t>(size)});
    BIO_clear_retry_flags(bio);
    if (sent.waits != tls_wait::nothing)
        BIO_set_retry_write(bio);
    return sent.bytes != 0 ? static_cast<int>(sent.bytes) : -1;
}

/// Never freed: connections of other threads may outlive main().
const BIO_METHOD* make_method()
{
    const auto* const socket = BIO_s_socket();
    auto* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR, "quiet socket");
    if (method == nullptr)
        return nullptr;
    BIO_meth_set_write(method, &write_quietly);
    BIO_meth_set_read(method, &read_within_budget);
    BIO_meth_set_puts(method, BIO_meth_get_puts(socket));
    BIO_meth_set_ctrl(method, BIO_meth_get_ctrl(socket));
    BIO_meth_set_create(method, BIO_meth_get_create(socket));
    BIO_meth_set_destroy(method, BIO_meth_get_destroy(socket));
    return method;
}

} // namespace

bio_ptr make_socket_bio(int socket, std::size_t& budget)
{
    static const BIO_METHOD* const method = make_method();
    bio_ptr bio{method != nullptr ? BIO_new(method) : nullptr};
    if (!bio || BIO_set_app_data(bio.get(), &budget) != 1)
        return nullptr;
    BIO_set_fd(bio.get(), socket, BIO_NOCLOSE);
    return bio;
}

} // namespace libftp::net::openssl
