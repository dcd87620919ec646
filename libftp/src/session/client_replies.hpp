// What the replies to single commands say: numbers, times, digests and paths, in all the ways in which servers put
// them.
#pragma once

#include <libftp/protocol/digest.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/protocol/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace libftp {

/// Whether the server does not know the command, or this use of it: another one may work.
[[nodiscard]] bool says_unknown(const reply& answer) noexcept;

/// All lines, separated by '\n': what is looked for may stand behind other words of the server.
[[nodiscard]] std::string whole_text(const reply& answer);

/// The path in a reply to PWD: in quotes, a quote in it doubled (RFC 959 appendix II), or a word that begins with '/'.
/// Nothing if there is none that could be sent.
[[nodiscard]] std::optional<std::string> parse_working_directory(const reply& answer);

/// The number in a reply to SIZE or AVBL: the last word, if it is the only one of digits.
[[nodiscard]] std::optional<std::uint64_t> parse_byte_count(const reply& answer);

/// The time in a reply to MDTM; also where the year 2024 is written as 19124.
[[nodiscard]] std::optional<file_time> parse_modification(const reply& answer);

/// The digest in a reply to HASH (`SHA-256 0-49 <digits> name`) or to XMD5 and its kin, in lower case and with all its
/// digits. Nothing if there is none, or more than one besides `path`, or if the reply names another algorithm.
[[nodiscard]] std::optional<std::string> parse_digest(const reply& answer, digest_algorithm algorithm,
                                                      std::string_view path);

/// What stands behind the last separator; the root has an empty name.
[[nodiscard]] std::string_view last_component(std::string_view path) noexcept;

} // namespace libftp
