// Where nothing is said the URL decides, and what the URL demands is never weakened.
#include "tls_arguments.hpp"

#include "local_names.hpp"
#include "user_files.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <utility>

using libftp::tls_use;

namespace {

constexpr const char* tls_group = "TLS";

std::string read_authorities(const std::string& path)
{
    auto text = read_text(path);
    if (!text || text->empty())
        throw CLI::ValidationError("--ca", "'" + path + "' cannot be read, or is empty");
    return *std::move(text);
}

std::optional<tls_use> to_use(const std::string& text, bool is_implicit)
{
    if (is_implicit)
        return tls_use::implicit;
    if (text.empty())
        return std::nullopt;
    if (text == "try")
        return tls_use::if_offered;
    return text == "require" ? tls_use::required : tls_use::off;
}

} // namespace

tls_wishes tls_wishes::clone() const
{
    tls_wishes other;
    other.use = use;
    other.check = check;
    other.unasked = unasked;
    other.authorities = authorities;
    other.pin_file = pin_file;
    other.identity = {identity.certificate_chain, identity.private_key.clone()};
    other.nobody_to_ask = nobody_to_ask;
    other.accepted = accepted;
    return other;
}

libftp::result<tls_use, std::string> tls_use_for(const libftp::ftp_url& server, const tls_wishes& wishes)
{
    using libftp::ftp_scheme;
    if (server.scheme == ftp_scheme::ftp)
        return wishes.use.value_or(tls_use::off);
    if (wishes.use == tls_use::off)
        return "--tls=off goes with ftp:// only: this URL demands TLS.";
    if (wishes.use == tls_use::implicit && server.scheme == ftp_scheme::ftpes)
        return "--implicit goes without ftpes://, which begins TLS by AUTH.";
    const bool is_implicit = wishes.use == tls_use::implicit ||
                             (server.scheme == ftp_scheme::ftps && server.port == libftp::implicit_tls_port);
    return is_implicit ? tls_use::implicit : tls_use::required;
}

void tls_arguments::add_to(CLI::App& app)
{
    app.add_option("--tls", use_,
                   "off; try: where the server offers it; require (off, but require with ftps:// and ftpes://)")
        ->check(CLI::IsMember({"off", "try", "require"}))
        ->option_text("MODE")
        ->group(tls_group);
    app.add_flag("--implicit", is_implicit_, "TLS begins with the first byte, on port 990 unless another one is given")
        ->group(tls_group);
    app.add_option("--ca", authorities_file_, "The authorities to trust, in PEM (those of the system)")
        ->option_text("FILE")
        ->group(tls_group);
    app.add_option("--cert", certificate_file_, "The client's own certificate, in PEM")
        ->option_text("FILE")
        ->group(tls_group);
    app.add_option("--key", key_file_, "Its key, in PEM (in the same file)")->option_text("FILE")->group(tls_group);
    app.add_option("--pin-file", pin_file_,
                   "Where certificates are kept that are trusted though nobody vouches for them; a script trusts each "
                   "server's first one (~/.config/libftp/known_certificates, where a person was asked)")
        ->option_text("FILE")
        ->group(tls_group);
    app.add_flag("--insecure", is_insecure_,
                 "Check no certificate: whoever answers is taken for the server, and may read and change "
                 "all that is sent, the password too")
        ->group(tls_group);
}

tls_wishes tls_arguments::read(const CLI::App& app, const libftp::ftp_url* server) const
{
    if (is_implicit_ && !use_.empty() && use_ != "require")
        throw CLI::ValidationError("--implicit", "goes without --tls=" + use_);
    if (is_insecure_ && !(authorities_file_.empty() && pin_file_.empty()))
        throw CLI::ValidationError("--insecure", "goes without --ca and --pin-file: it trusts everybody");
    if (!key_file_.empty() && certificate_file_.empty())
        throw CLI::ValidationError("--key", "goes with --cert");

    tls_wishes wishes;
    wishes.use = to_use(use_, is_implicit_);
    auto use = libftp::result<tls_use, std::string>{wishes.use.value_or(tls_use::required)};
    if (server != nullptr)
        use = tls_use_for(*server, wishes);
    if (!use)
        throw CLI::ValidationError("--tls", use.error());
    for (const auto* name : {"--ca", "--cert", "--pin-file", "--insecure"}) {
        if (*use == tls_use::off && app.count(name) != 0)
            throw CLI::ValidationError(name, "needs TLS: ftps://, ftpes:// or --tls=require");
    }

    if (is_insecure_)
        wishes.check = libftp::net::certificate_check::none;
    if (!authorities_file_.empty())
        wishes.authorities = read_authorities(authorities_file_);
    if (!certificate_file_.empty()) {
        auto own = libftp::net::read_tls_identity(certificate_file_, key_file_.empty() ? certificate_file_ : key_file_);
        if (!own)
            throw CLI::ValidationError("--cert", own.error().text);
        wishes.identity = std::move(*own);
    }
    wishes.unasked = pin_file_.empty() ? first_use::refuse : first_use::pin;
    // Absolute, because the working directory is to change.
    wishes.pin_file = pin_file_.empty() ? configuration_file("known_certificates")
                                        : to_name(std::filesystem::absolute(to_path(pin_file_)));
    return wishes;
}
