// What is left of TLS in a build without it: a clear answer.
#include "tls_context.hpp"
#include "tls_stream.hpp"

#include <libftp/error.hpp>
#include <libftp/net/pinned_fingerprints.hpp>

namespace libftp::net {

struct tls_stream::state {};
struct tls_server_context::state {};
struct tls_client_context::state {};

namespace {

tls_fault not_available()
{
    return {tls_errc::not_available, "this build of libftp has no TLS"};
}

tls_step no_step()
{
    return {.error = tls_errc::not_available};
}

} // namespace

result<tls_identity, tls_fault> read_tls_identity(const std::string& /*certificate_file*/,
                                                  const std::string& /*key_file*/)
{
    return not_available();
}

result<tls_identity, tls_fault> make_self_signed_identity(std::span<const std::string> /*names*/,
                                                          std::chrono::hours /*valid_for*/)
{
    return not_available();
}

result<certificate_facts, tls_fault> inspect(const tls_identity& /*identity*/)
{
    return not_available();
}

result<std::vector<std::string>> pinned_fingerprints(const std::string& /*pin_file*/, const std::string& /*host*/,
                                                     std::uint16_t /*port*/)
{
    return tls_errc::not_available;
}

tls_stream::tls_stream(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}
tls_stream::~tls_stream() = default;

tls_step tls_stream::handshake()
{
    return no_step();
}

tls_facts tls_stream::facts() const
{
    return {};
}

tls_step tls_stream::read(std::span<char> /*room*/)
{
    return no_step();
}

bool tls_stream::has_input() const noexcept
{
    return false;
}

tls_step tls_stream::write(std::string_view /*bytes*/)
{
    return no_step();
}

tls_step tls_stream::close()
{
    return no_step();
}

bool tls_stream::gets_tickets() const noexcept
{
    return false;
}

bool tls_stream::sends_files() const noexcept
{
    return false;
}

tls_step tls_stream::send_file(int /*descriptor*/, std::uint64_t /*offset*/, std::size_t /*bytes*/)
{
    return no_step();
}

tls_step tls_stream::send_ticket()
{
    return no_step();
}

result<std::shared_ptr<const tls_server_context>, tls_fault>
tls_server_context::make(const tls_server_options& /*options*/)
{
    return not_available();
}

tls_server_context::tls_server_context(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}
tls_server_context::~tls_server_context() = default;

std::unique_ptr<tls_stream> tls_server_context::accept_control(int /*socket*/, const std::string& /*host*/) const
{
    return nullptr;
}

std::unique_ptr<tls_stream> tls_server_context::accept_data(int /*socket*/, const tls_stream& /*control*/) const
{
    return nullptr;
}

result<std::shared_ptr<const tls_client_context>, tls_fault> tls_client_context::make(tls_client_options /*options*/)
{
    return not_available();
}

tls_client_context::tls_client_context(std::unique_ptr<state> made) noexcept : state_(std::move(made)) {}
tls_client_context::~tls_client_context() = default;

std::unique_ptr<tls_stream> tls_client_context::connect_control(int /*socket*/, const std::string& /*host*/,
                                                                std::uint16_t /*port*/) const
{
    return nullptr;
}

std::unique_ptr<tls_stream> tls_client_context::connect_data(int /*socket*/, const tls_stream& /*control*/) const
{
    return nullptr;
}

} // namespace libftp::net
