// TLS on a socket by OpenSSL.
#include "tls_stream_state.hpp"

#include "system_calls.hpp"
#include "tls_certificate.hpp"
#include "tls_socket.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <utility>

namespace libftp::net {

namespace {

/// Several records at a time from a data connection.
constexpr std::size_t read_ahead_bytes = 64 * 1024;
/// More than the largest message of a handshake, which makes OpenSSL go on reading too.
constexpr std::size_t read_budget_of_call = 2 * read_ahead_bytes;

/// A server resumes no other session on a data connection, and a client offers no other there.
bool continues_control_session(const tls_stream::state& data)
{
    return data.kind == ftp_connection::data && SSL_session_reused(data.ssl.get()) == 1;
}

} // namespace

std::unique_ptr<tls_stream::state> tls_stream::state::make(SSL_CTX& context, std::shared_ptr<const void> owner,
                                                           int socket, ftp_connection kind)
{
    auto made = std::make_unique<state>();
    made->context = std::move(owner);
    made->ssl.reset(SSL_new(&context));
    made->kind = kind;
    auto bio = openssl::make_socket_bio(socket, made->read_budget);
    auto* const ssl = made->ssl.get();
    if (ssl == nullptr || !bio || SSL_set_app_data(ssl, made.get()) != 1)
        return nullptr;
    if (kind == ftp_connection::data) {
        // Never on the control connection, which may go on in clear: behind the end of TLS nothing may be read by it,
        // and the kernel does not let go of it.
        SSL_set_read_ahead(ssl, 1);
        SSL_set_default_read_buffer_len(ssl, read_ahead_bytes);
        if (prepare_kernel_tls(socket))
            SSL_set_options(ssl, SSL_OP_ENABLE_KTLS);
    }
    SSL_set_bio(ssl, bio.get(), bio.get());
    static_cast<void>(bio.release());
    return made;
}

tls_stream::state& tls_stream::state::of(const SSL* connection) noexcept
{
    return *static_cast<state*>(SSL_get_app_data(connection));
}

tls_stream::state::~state()
{
    // Else OpenSSL takes the end for a failure, after which a session must not be continued.
    if (ssl)
        SSL_set_shutdown(ssl.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

/// OpenSSL judges a call by the thread's error queue and by the system's last error: what others have left there must
/// go.
void tls_stream::state::begin_call() noexcept
{
    ERR_clear_error();
    forget_system_error();
    read_budget = read_budget_of_call;
}

tls_step tls_stream::state::stopped(int code)
{
    const auto system_said = last_system_error();
    const auto when = is_established ? openssl::stage::established : openssl::stage::handshake;
    const auto cause = SSL_get_error(ssl.get(), code);
    if (cause == SSL_ERROR_WANT_READ)
        return {.waits = tls_wait::readable};
    if (cause == SSL_ERROR_WANT_WRITE)
        return {.waits = tls_wait::writable};
    if (!failure) {
        if (refusal)
            failure = refusal;
        else if ((cause == SSL_ERROR_SYSCALL || cause == SSL_ERROR_ZERO_RETURN) && system_said)
            failure = system_said;
        else if (cause == SSL_ERROR_ZERO_RETURN && is_established) // the peer has ended TLS before
            failure = std::make_error_code(std::errc::broken_pipe);
        else
            failure = openssl::error_of(*ssl, when);
    }
    ERR_clear_error();
    return {.error = failure};
}

void tls_stream::state::finish_handshake()
{
    is_established = true;
    may_have_input = true;
    continues_control = continues_control_session(*this);
    if (continues_control)
        return; // the peer is the same
    const auto* const certificate = SSL_get0_peer_certificate(ssl.get());
    peer =
        certificate != nullptr ? std::make_shared<const certificate_facts>(openssl::describe(*certificate)) : nullptr;
}

tls_stream::tls_stream(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}

tls_stream::~tls_stream() = default;

tls_step tls_stream::handshake()
{
    if (state_->failure)
        return {.error = state_->failure};
    state_->begin_call();
    const int code = SSL_do_handshake(state_->ssl.get());
    if (code != 1)
        return state_->stopped(code);
    if (!state_->is_established)
        state_->finish_handshake();
    return {};
}

tls_facts tls_stream::facts() const
{
    const auto* const ssl = state_->ssl.get();
    const char* const server_name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    return {
        .version = SSL_get_version(ssl),
        .cipher = SSL_get_cipher_name(ssl),
        .server_name = server_name != nullptr ? server_name : "",
        .peer = state_->peer,
        .is_resumed = SSL_session_reused(ssl) == 1,
        .continues_control = state_->continues_control,
    };
}

tls_step tls_stream::read(std::span<char> room)
{
    auto& own = *state_;
    tls_step step;
    while (!own.read_end && step.bytes < room.size()) {
        std::size_t got = 0;
        own.begin_call();
        const int code = SSL_read_ex(own.ssl.get(), room.data() + step.bytes, room.size() - step.bytes, &got);
        if (code == 1) {
            step.bytes += got;
            continue;
        }
        const bool has_ended = SSL_get_error(own.ssl.get(), code) == SSL_ERROR_ZERO_RETURN;
        const auto stopped = has_ended ? tls_step{.has_ended = true} : own.stopped(code);
        if (stopped.waits != tls_wait::nothing) {
            own.may_have_input = false;
            return step.bytes != 0 ? step : stopped;
        }
        // Within a record not even a server that just closes has sent all.
        const bool is_end = stopped.error == tls_errc::truncated &&
                            own.on_missing_close == missing_close_notify::is_end && SSL_has_pending(own.ssl.get()) == 0;
        own.read_end = is_end ? tls_step{.has_ended = true} : stopped;
    }
    // The end is told when all before it has been taken.
    own.may_have_input = step.bytes != 0 || room.empty();
    return step.bytes != 0 || !own.read_end ? step : *own.read_end;
}

bool tls_stream::has_input() const noexcept
{
    return state_->may_have_input && (state_->read_end || SSL_has_pending(state_->ssl.get()) == 1);
}

tls_step tls_stream::write(std::string_view bytes)
{
    if (state_->failure)
        return {.error = state_->failure};
    tls_step step;
    while (step.bytes < bytes.size()) {
        std::size_t taken = 0;
        state_->begin_call();
        const int code = SSL_write_ex(state_->ssl.get(), bytes.data() + step.bytes, bytes.size() - step.bytes, &taken);
        if (code != 1) {
            const auto stopped = state_->stopped(code);
            return step.bytes != 0 ? step : stopped;
        }
        step.bytes += taken;
    }
    return step;
}

tls_step tls_stream::close()
{
    auto& own = *state_;
    if (own.failure)
        return {.error = own.failure};
    if (!own.is_established || own.has_closed)
        return {};
    own.begin_call();
    int code = SSL_do_handshake(own.ssl.get()); // for a ticket that waits
    if (code != 1)
        return own.stopped(code);
    code = SSL_shutdown(own.ssl.get());
    if (code < 0)
        return own.stopped(code);
    own.has_closed = true;
    return {};
}

bool tls_stream::gets_tickets() const noexcept
{
    return SSL_is_server(state_->ssl.get()) == 0 && SSL_version(state_->ssl.get()) >= TLS1_3_VERSION;
}

bool tls_stream::sends_files() const noexcept
{
    return state_->is_established && BIO_get_ktls_send(SSL_get_wbio(state_->ssl.get()));
}

tls_step tls_stream::send_file(int descriptor, std::uint64_t offset, std::size_t bytes)
{
    if (state_->failure)
        return {.error = state_->failure};
    block_sigpipe();
    state_->begin_call();
    const auto sent = SSL_sendfile(state_->ssl.get(), descriptor, static_cast<off_t>(offset), bytes, 0);
    if (sent >= 0)
        return {.bytes = static_cast<std::size_t>(sent)};
    const auto system_said = last_system_error();
    if (SSL_get_error(state_->ssl.get(), -1) == SSL_ERROR_WANT_WRITE)
        return {.waits = tls_wait::writable};
    // Not for good: some files only cannot be sent so. The reason that OpenSSL gives says nothing.
    ERR_clear_error();
    return {.error = system_said ? system_said : std::make_error_code(std::errc::io_error)};
}

tls_step tls_stream::send_ticket()
{
    auto& own = *state_;
    auto* const ssl = own.ssl.get();
    if (!own.is_established || own.failure || SSL_version(ssl) < TLS1_3_VERSION || SSL_get_shutdown(ssl) != 0 ||
        *own.ticket == state::next_ticket::useless)
        return {};
    own.begin_call();
    // One that still waits is fresh enough.
    if (SSL_in_init(ssl) == 0 && SSL_new_session_ticket(ssl) != 1)
        return {};
    *own.ticket = state::next_ticket::sent;
    const int code = SSL_do_handshake(ssl);
    return code == 1 ? tls_step{} : own.stopped(code);
}

} // namespace libftp::net
