// The beginnings of transfers that several tests of the client have in common.
#pragma once

#include "client_script.hpp"

#include <cstdint>
#include <string>

namespace libftp::testing {

inline constexpr auto ascii = representation_type::ascii;
inline constexpr auto image = representation_type::image;

/// A download that has been begun by this reply.
inline client_script& begin_download(client_script& s, const std::string& answer = "150 go\r\n",
                                     std::uint64_t offset = 0)
{
    s.download("a", image, offset).sends("TYPE I\r\n").receives("200 ok\r\n").opens_data();
    if (offset != 0)
        s.sends("REST " + std::to_string(offset) + "\r\n").receives("350 ok\r\n");
    return s.sends("RETR a\r\n").receives(answer).begins_to_receive();
}

inline client_script& begin_upload(client_script& s, const std::string& content)
{
    s.upload("a", content).sends("TYPE I\r\n").receives("200 ok\r\n").opens_data();
    return s.sends("STOR a\r\n").receives("150 go\r\n").begins_to_send();
}

inline client_script& expect_file(client_script& s, const std::string& bytes, bool is_committed)
{
    return s.check([=](client_script_host& h) {
        CHECK(h.started_[0].file->bytes == bytes);
        CHECK(h.started_[0].file->committed == is_committed);
        CHECK(h.started_[0].file->gone);
    });
}

inline client_script& is_usable(client_script& s)
{
    return s.asks_nothing().command("NOOP").sends("NOOP\r\n").receives("200 ok\r\n").succeeds();
}

} // namespace libftp::testing
