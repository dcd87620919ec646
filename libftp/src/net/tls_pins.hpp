// The file of certificates that a client trusts though nobody vouches for them.
#pragma once

#include <libftp/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace libftp::net {

/// `host:port`, `[::1]:port`: how a server is called in the file.
std::string pin_name(const std::string& host, std::uint16_t port);

/// The fingerprints that stand there for this server; none, too, if there is no file. Errors: the system's.
result<std::vector<std::string>> find_pins(const std::string& file, const std::string& server);

/// The number of the first line that is neither a server with a fingerprint nor a note behind `#`; 0 if there is none,
/// or no file that can be read.
std::size_t find_broken_line(const std::string& file);

/// This one instead of all others of that server; the other lines stay as they are. Threads of one process wait for
/// each other; of two processes at the same time, one may undo what the other wrote. Errors: the system's;
/// invalid_argument for a name that no line can hold.
result<void> write_pin(const std::string& file, const std::string& server, const std::string& fingerprint);

} // namespace libftp::net
