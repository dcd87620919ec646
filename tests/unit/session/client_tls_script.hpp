// The beginnings of protected sessions that several tests of the client have in common.
#pragma once

#include "client_script.hpp"

#include <array>
#include <string>

namespace libftp::testing {

inline constexpr std::array demanding_tls{tls_use::required, tls_use::implicit};

inline client_script_setup with_tls(tls_use use, data_protection level = data_protection::private_level)
{
    client_script_setup setup;
    setup.options.tls = use;
    setup.options.data_protection = level;
    return setup;
}

/// Up to where TLS has begun, and PBSZ is out.
inline client_script& begin_tls(client_script& s, tls_use use = tls_use::required)
{
    s.greeting();
    if (use == tls_use::implicit)
        s.asks_for_tls().tls_starts().receives("220 hello\r\n");
    else
        s.receives("220 hello\r\n").sends("AUTH TLS\r\n").receives("234 go\r\n").asks_for_tls().tls_starts();
    return s.sends("PBSZ 0\r\n");
}

inline client_script& greet_in_tls(client_script& s, tls_use use = tls_use::required)
{
    return begin_tls(s, use).receives("200 ok\r\n").sends("PROT P\r\n").receives("200 ok\r\n").succeeds();
}

inline client_script& expect_protection(client_script& s, bool is_control_in_tls, bool are_data_in_tls)
{
    return s.check([=](client_script_host& h) {
        CHECK((h.session_.tls() != nullptr) == is_control_in_tls);
        CHECK(h.session_.protects_data() == are_data_in_tls);
    });
}

} // namespace libftp::testing
