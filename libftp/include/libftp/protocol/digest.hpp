// Digests of files: SHA-2, SHA-1, MD5 and CRC-32 (HASH, XCRC, XMD5, XSHA1, XSHA256, XSHA512).
#pragma once

#include <libftp/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace libftp {

enum class digest_algorithm : std::uint8_t { crc32, md5, sha1, sha256, sha512 };

/// All of them, the best first.
std::span<const digest_algorithm> digest_algorithms() noexcept;

/// The name in HASH, such as `SHA-256`.
std::string_view to_string(digest_algorithm algorithm) noexcept;
/// In any letter case; nothing for an unknown name.
std::optional<digest_algorithm> parse_digest_algorithm(std::string_view name) noexcept;

/// A digest while it is made.
class digest {
public:
    /// Error: std::errc::operation_not_supported where the system forbids the algorithm, as FIPS mode does MD5.
    static result<digest> begin(digest_algorithm algorithm);
    ~digest();
    digest(digest&&) noexcept;
    digest& operator=(digest&&) noexcept;

    /// The next bytes, in pieces of any size.
    void update(std::string_view bytes);
    /// Lower-case hexadecimal digits. Called once, as the last call. Error: std::errc::io_error if the digest could not
    /// be made of all the bytes.
    result<std::string> finish();

private:
    struct state;
    explicit digest(std::unique_ptr<state> begun) noexcept;
    std::unique_ptr<state> state_;
};

} // namespace libftp
