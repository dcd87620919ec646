// What a client can be asked to do, and how it ends.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/error.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/result.hpp>
#include <libftp/secret.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/transfer_coding.hpp>
#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <variant>

namespace libftp {

/// RFC 959 3.1.1.
namespace operation {

/// Waits for the server's greeting: 220, perhaps after 120. The first operation of a session.
struct greeting {};

/// USER, PASS and ACCT as far as the server asks for them.
struct login {
    std::string user{};
    secret password{};
    secret account{};
};

/// FEAT (RFC 2389). It succeeds also where the server does not know the command: then nothing is supported.
struct features {};

/// One command without a data connection, such as {"MKD", "x"}. It succeeds with any 2yz or 3yz reply.
struct command {
    std::string verb{};
    std::string argument{}; ///< Empty: none is sent.
};

/// PASS, typed on its own: as command, but the argument shows nowhere.
struct password {
    secret text{};
};

/// RNFR and RNTO.
struct rename {
    std::string from{};
    std::string to{};
};

/// RETR, after REST where `offset` is not 0. `sink` is committed when 226 is in and the size agrees.
struct download {
    std::string path{};
    std::unique_ptr<file_writer> sink{}; ///< Takes the bytes from `offset` on.
    representation_type type = representation_type::image;
    std::uint64_t offset = 0;
};

/// STOR, or STOR after REST where `offset` is not 0, or APPE.
struct upload {
    std::string path{};
    std::unique_ptr<file_reader> source{}; ///< Gives the bytes from `offset` on.
    representation_type type = representation_type::image;
    std::uint64_t offset = 0;
    bool append = false; ///< APPE; `offset` must be 0.
};

/// The commands that list.
enum class listing_verb : std::uint8_t {
    best, ///< MLSD where FEAT offers it, else LIST.
    mlsd,
    list,
    nlst,
};

/// The text of a listing, in whatever form the server sends it.
struct listing {
    std::string path{}; ///< Empty: the working directory.
    listing_verb verb = listing_verb::best;
    std::unique_ptr<file_writer> sink{};
};

/// QUIT. The session is over afterwards, whatever the server answers.
struct quit {};

} // namespace operation

using client_operation =
    std::variant<operation::greeting, operation::login, operation::features, operation::command, operation::password,
                 operation::rename, operation::download, operation::upload, operation::listing, operation::quit>;

/// What is true of a transfer that went well.
struct transfer_result {
    std::uint64_t bytes = 0;                  ///< Over the data connection.
    std::optional<std::uint64_t> announced{}; ///< By the text of the 150 reply; downloads only.
    clock::duration time{};                   ///< From the transfer command to its last reply.
    endpoint data_peer{};                     ///< The far end of the data connection.
};

/// Why an operation failed: the error, and the reply that it came from if there was one.
struct operation_error {
    std::error_code code{};
    reply answer{};

    /// One line for a person: the server's words if it said why, else the error's, with the reply that it is about.
    [[nodiscard]] std::string message() const;
};

[[noreturn]] void throw_error(const operation_error& error);

template <class T>
using client_result = result<T, operation_error>;

namespace event {

/// A command went to output(). The argument of PASS and ACCT is `***`.
struct command_sent {
    std::string line{};
};

/// A reply came, of any kind, also the preliminary ones.
struct reply_received {
    reply answer{};
};

/// Bytes of the running transfer, so far.
struct progress {
    op_id operation = op_id::none;
    std::uint64_t bytes = 0;
};

/// The last event of an operation.
struct operation_done {
    op_id operation = op_id::none;
    client_result<transfer_result> outcome; ///< Transfers fill the result in; it is empty for others.
    reply answer{};                         ///< The last reply of the operation.
};

} // namespace event

using client_event = std::variant<event::command_sent, event::reply_received, event::progress, event::operation_done>;

} // namespace libftp
