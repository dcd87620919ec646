// Fingerprints, pins and the caller's decision on certificates that no authority vouches for.
#include "tls_trust.hpp"

#include "tls_pins.hpp"

#include <libftp/error.hpp>

#include <algorithm>

namespace libftp::net {

namespace {

bool is_among(const std::vector<std::string>& fingerprints, const certificate_facts& certificate)
{
    return std::ranges::find(fingerprints, certificate.fingerprint) != fingerprints.end();
}

trust answer_to(const tls_client_options& options, const untrusted_certificate& shown)
{
    if (options.decide)
        return options.decide(shown);
    const bool is_first_use = !options.pin_file.empty() && shown.why != tls_errc::certificate_changed;
    return is_first_use ? trust::always : trust::refuse;
}

} // namespace

std::error_code judge_server(const tls_client_options& options, untrusted_certificate shown)
{
    if (is_among(options.fingerprints, shown.certificate))
        return {};
    const auto name = pin_name(shown.host, shown.port);
    if (!options.pin_file.empty()) {
        const auto pins = find_pins(options.pin_file, name);
        if (!pins)
            return pins.error();
        if (is_among(*pins, shown.certificate))
            return {};
        if (!pins->empty())
            shown.why = tls_errc::certificate_changed;
    }
    const auto answer = answer_to(options, shown);
    if (answer == trust::refuse)
        return shown.why;
    // A certificate that cannot be remembered could be changed unnoticed.
    if (answer == trust::always && !options.pin_file.empty()) {
        if (const auto written = write_pin(options.pin_file, name, shown.certificate.fingerprint); !written)
            return written.error();
    }
    return {};
}

std::error_code judge_data_peer(const tls_client_options& options, const certificate_facts* control,
                                const certificate_facts& shown)
{
    const bool is_the_same = control != nullptr && control->fingerprint == shown.fingerprint;
    if (is_the_same || is_among(options.fingerprints, shown))
        return {};
    return tls_errc::certificate_changed;
}

} // namespace libftp::net
