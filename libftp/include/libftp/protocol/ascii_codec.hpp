// TYPE A: lines end in CRLF on the wire and in LF in the store (RFC 959 3.1.1.1). Right at any split of the data.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace libftp {

/// Store to wire. A LF gets a CR before it unless one is there already.
class ascii_encoder {
public:
    /// Appends the converted bytes to `out`: at most twice as many.
    void encode(std::string_view bytes, std::string& out);

private:
    bool after_cr_ = false;
};

/// Wire to store. CRLF becomes LF; a lone CR or LF stays.
class ascii_decoder {
public:
    /// Appends the converted bytes to `out`: at most one more than given.
    void decode(std::string_view bytes, std::string& out);
    /// At the end of the data: a CR still held back is part of it.
    void finish(std::string& out);
    /// Whether the last byte was a CR, which is no part of the data yet.
    [[nodiscard]] bool holds_back() const noexcept { return cr_held_; }

private:
    bool cr_held_ = false;
};

} // namespace libftp
