// A fault of TLS settings as an exception.
#include <libftp/net/tls.hpp>

namespace libftp::net {

void throw_error(const tls_fault& fault)
{
    throw std::system_error{fault.code, fault.text};
}

} // namespace libftp::net
