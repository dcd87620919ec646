// What is true of a transfer: while it runs, and when it went well.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/endpoint.hpp>
#include <libftp/tls_facts.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace libftp {

/// Who said how large a file is.
enum class size_source : std::uint8_t {
    none,
    preliminary_reply, ///< `150 Opening ... (1234 bytes).`
    size_command,      ///< SIZE.
    facts,             ///< MLST or MLSD.
    listing,           ///< LIST.
    near_end,          ///< The file of this side, in an upload.
};

/// How the data connection was agreed on.
enum class data_command : std::uint8_t { none, epsv, pasv, eprt, port };

/// Why it was that command.
enum class data_command_reason : std::uint8_t {
    preferred,            ///< It is the one to try first.
    extended_refused,     ///< The server has refused EPSV or EPRT.
    extended_unreachable, ///< The port of a 229 reply could not be reached.
    known_quirk,          ///< server_effect::no_extended_passive.
};

/// How it is known that the whole file has come across.
enum class verification : std::uint8_t {
    none, ///< By the server's word alone (226 or 250).
    size, ///< As many bytes as were announced.
    hash, ///< The digests of both files agree.
};

/// How far a transfer has come.
struct transfer_progress {
    std::uint64_t bytes = 0;              ///< Over the data connection, so far.
    std::uint64_t offset = 0;             ///< Where in the file they began.
    std::optional<std::uint64_t> total{}; ///< Of the whole file, if that is known.
    std::uint64_t bytes_per_second = 0;   ///< Of late.
};

/// Of a transfer that went well: the server has confirmed it (226 or 250), and the near file is committed.
struct transfer_result {
    std::uint64_t bytes = 0;                  ///< Over the data connection; all attempts together.
    std::uint64_t offset = 0;                 ///< Where in the file the transfer began.
    std::optional<std::uint64_t> announced{}; ///< The size of the file, or of what was to come.
    size_source announced_by = size_source::none;
    verification verified = verification::none;
    bool is_confirmed = false; ///< 226 or 250 came. Not so where a part of a file was cut off by closing.
    clock::duration time{};    ///< From the transfer command to its last reply or byte.
    endpoint data_peer{};      ///< The far end of the data connection.
    /// Of the data connection; nullptr: it was in clear.
    std::shared_ptr<const tls_facts> tls{};
    libftp::data_command data_command = libftp::data_command::none;
    data_command_reason data_reason = data_command_reason::preferred;
    unsigned attempts = 1;
    std::string remote_name{}; ///< The name that the server has chosen (STOU).
};

/// For a person, such as "preliminary reply"; so are the next ones.
std::string_view to_string(size_source source) noexcept;
/// For a person.
std::string_view to_string(data_command command) noexcept;
/// For a person.
std::string_view to_string(data_command_reason reason) noexcept;
/// For a person.
std::string_view to_string(verification how) noexcept;

} // namespace libftp
