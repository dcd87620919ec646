// Says of each file that cannot be used what is wrong with it and what helps.
#include "certificates.hpp"

#include "../common/sentence.hpp"
#include "files.hpp"

#include <libftp/error.hpp>

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <unistd.h>

using namespace libftp;

namespace {

[[noreturn]] void fail(const char* option, const net::tls_fault& fault)
{
    std::string_view advice =
        "A certificate and a key have to be in PEM, the key without a passphrase and made for this "
        "certificate.";
    if (fault.code == std::errc::no_such_file_or_directory)
        advice = "Name files that are there, or let --tls=auto make them.";
    if (fault.code == std::errc::permission_denied)
        advice = "The user who runs this server has to be able to read it.";
    if (fault.code == tls_errc::not_available)
        advice = "Build libftp with LIBFTP_TLS=ON.";
    throw option_error(option, fmt::format("{} {}", as_sentence(fault.text), advice));
}

bool is_missing(const std::string& path)
{
    std::error_code error;
    return std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found;
}

void check_write(const std::string& path, std::error_code fault)
{
    if (fault)
        throw option_error("--tls-cert", fmt::format("cannot write '{}': {}", path, fault.message()));
}

void write(const std::string& path, std::string_view text)
{
    const auto written = write_secret_file(path, text);
    check_write(path, written ? std::error_code{} : written.error());
}

void write(const certificate_files& files, const net::tls_identity& identity)
{
    if (files.key != files.certificate) {
        write(files.key, identity.private_key.reveal());
        write(files.certificate, identity.certificate_chain);
        return;
    }
    auto both = identity.certificate_chain + std::string{identity.private_key.reveal()};
    write(files.certificate, both);
    wipe(both.data(), both.size());
}

/// For what clients on this machine and on the network may call it.
result<net::tls_identity, net::tls_fault> make_identity(const std::vector<listening_place>& places)
{
    std::vector<std::string> names{"localhost"};
    for (const auto& place : places) {
        if (!place.address.is_unspecified())
            names.push_back(place.address.to_string());
    }
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) == 0 && names.front() != host.data()) {
        auto with_host = names;
        with_host.emplace_back(host.data());
        if (auto identity = net::make_self_signed_identity(with_host))
            return identity;
    }
    return net::make_self_signed_identity(names); // a machine may be called what no certificate can hold
}

} // namespace

certificate_source::certificate_source(const serve_options& options, missing_files missing) : choices_(options.tls)
{
    if (choices_.mode != tls_mode::automatic)
        return;
    if (choices_.certificates.empty()) {
        make(options.places);
        return;
    }
    const auto& files = choices_.certificates.front();
    const bool has_no_certificate = is_missing(files.certificate);
    if (has_no_certificate != is_missing(files.key))
        throw option_error("--tls-key",
                           fmt::format("'{}' is there and '{}' is not: --tls-cert and --tls-key have to name two "
                                       "files that are there, or two that --tls=auto makes.",
                                       has_no_certificate ? files.key : files.certificate,
                                       has_no_certificate ? files.certificate : files.key));
    if (has_no_certificate) {
        make(options.places);
        if (missing == missing_files::leave) {
            for (const auto& path : {files.key, files.certificate}) // the next start makes them
                check_write(path, fault_of_writing(path));
            choices_.certificates.clear();
        } else {
            write(files, *made_);
            made_.reset();
        }
    }
}

void certificate_source::make(const std::vector<listening_place>& places)
{
    auto identity = make_identity(places);
    if (!identity)
        fail("--tls", identity.error());
    made_ = std::move(*identity);
}

net::tls_server_options certificate_source::read() const
{
    net::tls_server_options options;
    if (made_)
        options.identities.push_back({made_->certificate_chain, made_->private_key.clone()});
    for (const auto& files : choices_.certificates) {
        auto identity = net::read_tls_identity(files.certificate, files.key);
        if (!identity)
            fail("--tls-cert", identity.error());
        options.identities.push_back(std::move(*identity));
    }
    options.clients = choices_.clients;
    if (!choices_.client_authorities_file.empty()) {
        auto text = read_file(choices_.client_authorities_file);
        if (!text)
            throw option_error("--tls-client-ca",
                               fmt::format("cannot read '{}': {} --tls-client-ca names certificates in PEM.",
                                           choices_.client_authorities_file, as_sentence(text.error().message())));
        options.client_authorities = std::move(*text);
    }
    return options;
}

std::string certificate_source::show_by(net::server& server) const
{
    const auto options = read();
    const auto facts = net::inspect(options.identities.front());
    if (!facts)
        fail("--tls-cert", facts.error());
    if (const auto used = server.use_tls(options); !used)
        fail(choices_.client_authorities_file.empty() ? "--tls-cert" : "--tls-client-ca", used.error());
    return net::format_fingerprint(facts->fingerprint);
}
