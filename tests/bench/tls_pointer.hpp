// OpenSSL's objects, freed by whoever owns them.
#pragma once

#include <openssl/ssl.h>

#include <memory>

namespace bench {

struct tls_deleter {
    void operator()(SSL* tls) const { SSL_free(tls); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
template <class Object>
using tls_pointer = std::unique_ptr<Object, tls_deleter>;

} // namespace bench
