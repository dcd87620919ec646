// A person sees what there is to compare; where nobody can be asked, refusing is the default.
#include "trust_prompt.hpp"

#include "local_names.hpp"
#include "terminal.hpp"

#include <libftp/error.hpp>
#include <libftp/net/pinned_fingerprints.hpp>
#include <libftp/protocol/reply.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <string_view>

using namespace libftp;
using net::trust;

namespace {

std::string day(clock::time_point time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

/// In one word or a few, whatever there is.
std::string holder_of(const certificate_facts& certificate)
{
    if (!certificate.common_name.empty())
        return certificate.common_name;
    return certificate.names.empty() ? certificate.subject : certificate.names.front();
}

std::string server_of(const net::untrusted_certificate& shown)
{
    return fmt::format("{} port {}", shown.host, shown.port);
}

/// The same server with the same certificate.
std::string identity_of(const net::untrusted_certificate& shown)
{
    return fmt::format("{} {}", server_of(shown), shown.certificate.fingerprint);
}

/// ~/.config may have no folder of ours yet.
void make_folder_of(const std::filesystem::path& file)
{
    std::error_code ignored; // whoever writes the file will find out
    std::filesystem::create_directories(file.parent_path(), ignored);
}

} // namespace

net::tls_client_options trust_prompt::options()
{
    shown_.reset();
    net::tls_client_options options;
    options.check = wishes_.check;
    options.authorities = wishes_.authorities;
    options.identity = {wishes_.identity.certificate_chain, wishes_.identity.private_key.clone()};
    options.pin_file = wishes_.pin_file;
    options.decide = [this](const net::untrusted_certificate& shown) { return decide(shown); };
    return options;
}

tls_wishes trust_prompt::wishes_for_others() const
{
    auto wishes = wishes_.clone();
    wishes.nobody_to_ask = true;
    return wishes;
}

bool trust_prompt::has_nobody_to_ask() const
{
    return wishes_.nobody_to_ask || !terminal::is_interactive();
}

trust trust_prompt::decide(const net::untrusted_certificate& shown)
try {
    shown_ = shown;
    decision_ = trust::refuse;
    if (wishes_.nobody_to_ask && wishes_.accepted == identity_of(shown))
        decision_ = trust::once;
    else
        decision_ = has_nobody_to_ask() ? decide_unasked() : ask();
    if (decision_ == trust::once)
        wishes_.accepted = identity_of(shown);
    if (decision_ == trust::always)
        make_folder_of(to_path(wishes_.pin_file));
    return decision_;
} catch (const std::exception&) { // nobody takes the output, and OpenSSL below takes no exception
    return trust::refuse;
}

trust trust_prompt::decide_unasked() const
{
    if (wishes_.unasked == first_use::refuse || shown_->why == tls_errc::certificate_changed)
        return trust::refuse;
    out_.say(
        escape_controls(fmt::format("The certificate of {} is trusted from now on, kept in {}: {}", server_of(*shown_),
                                    wishes_.pin_file, net::format_fingerprint(shown_->certificate.fingerprint))));
    return trust::always;
}

trust trust_prompt::ask() const
{
    terminal::complain(
        fmt::format("The certificate of {} cannot be relied on: {}.", server_of(*shown_), shown_->why.message()));
    print_certificate(out_, shown_->certificate);
    const auto* question =
        wishes_.pin_file.empty() ? "Trust it? reject, once [reject] " : "Trust it? reject, once, always [reject] ";
    while (true) {
        const auto answer = terminal::ask(question).value_or("");
        if (answer.empty() || answer == "reject" || answer == "r")
            return trust::refuse;
        if (answer == "once" || answer == "o")
            return trust::once;
        if ((answer == "always" || answer == "a") && !wishes_.pin_file.empty())
            return trust::always;
    }
}

std::string trust_prompt::advice() const
{
    if (!shown_ || !has_nobody_to_ask())
        return {};
    const auto about = fmt::format("The certificate that {} shows is that of {} and has the SHA-256 fingerprint {}.",
                                   server_of(*shown_), holder_of(shown_->certificate),
                                   net::format_fingerprint(shown_->certificate.fingerprint));
    if (shown_->why == tls_errc::certificate_changed)
        return fmt::format("{} If the server has a new one, take the old one out of {}.", about, wishes_.pin_file);
    return fmt::format("{} If it is the right one, --pin-file FILE keeps it; --ca FILE names who has signed it; "
                       "--insecure would trust anybody.",
                       about);
}

const char* trust_prompt::reason_to_trust(const ftp_url& server, const certificate_facts& certificate) const
{
    if (wishes_.check == net::certificate_check::none)
        return "not checked";
    if (shown_)
        return decision_ == trust::always ? "pinned" : "accepted once";
    if (wishes_.pin_file.empty())
        return "verified";
    const auto pins = net::pinned_fingerprints(wishes_.pin_file, server.host, server.port);
    const bool is_pinned = pins && std::ranges::find(*pins, certificate.fingerprint) != pins->end();
    return is_pinned ? "pinned" : "verified";
}

std::string trust_prompt::describe(const ftp_url& server, const tls_facts& session) const
{
    const auto version = session.version.starts_with("TLSv") ? "TLS " + session.version.substr(4) : session.version;
    if (!session.peer)
        return version + ", no certificate";
    return fmt::format("{}, certificate of {} ({})", version, escape_controls(holder_of(*session.peer)),
                       reason_to_trust(server, *session.peer));
}

void print_certificate(reporter& out, const certificate_facts& certificate)
{
    const auto print = [&out](std::string_view what, const std::string& value) {
        if (!value.empty())
            out.print(fmt::format("  {:<20} {}", what, escape_controls(value)));
    };
    print("subject", certificate.subject);
    print("for", fmt::format("{}", fmt::join(certificate.names, ", ")));
    print("signed by", certificate.issuer == certificate.subject ? "itself" : certificate.issuer);
    print("valid", fmt::format("{} to {}", day(certificate.valid_from), day(certificate.valid_until)));
    print("SHA-256 fingerprint", net::format_fingerprint(certificate.fingerprint));
}
