// What people are told of TLS: a fault of its settings as an exception, and fingerprints.
#include <libftp/net/tls.hpp>

#include "../protocol/ascii.hpp"

namespace libftp::net {

void throw_error(const tls_fault& fault)
{
    throw std::system_error{fault.code, fault.text};
}

std::string format_fingerprint(std::string_view digits)
{
    std::string text;
    for (const char digit : digits) {
        if (text.size() % 3 == 2)
            text += ':';
        text += ascii::to_upper(digit);
    }
    return text;
}

} // namespace libftp::net
