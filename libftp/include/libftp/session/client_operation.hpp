// What a client can be asked to do, and how it ends.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/error.hpp>
#include <libftp/protocol/digest.hpp>
#include <libftp/protocol/listing_parser.hpp>
#include <libftp/protocol/reply.hpp>
#include <libftp/result.hpp>
#include <libftp/secret.hpp>
#include <libftp/session/actions.hpp>
#include <libftp/session/transfer_coding.hpp>
#include <libftp/session/transfer_result.hpp>
#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace libftp {

/// A digest of a file's bytes, as the server has made it.
struct file_digest {
    digest_algorithm algorithm = digest_algorithm::sha256;
    std::string hexadecimal{}; ///< Lower-case digits.
};

/// RFC 959 3.1.1. Each operation names by value_type what it gives; `reply` is its last one.
namespace operation {

/// Waits for the server's greeting: 220, perhaps after 120; then protects the session as client_options::tls says: AUTH
/// TLS (or AUTH SSL for old servers), the handshake, PBSZ 0 and PROT. Servers that want PBSZ and PROT only from users
/// who have logged in get them with operation::login. The first operation of a session; its value is the greeting.
struct greeting {
    using value_type = reply;
};

/// USER, PASS and ACCT as far as the server asks for them.
struct login {
    using value_type = reply;
    std::string user{};
    secret password{};
    secret account{};
};

/// FEAT (RFC 2389), and OPTS UTF8 ON where it is offered. It succeeds also where the server does not know the command:
/// then nothing is supported.
struct features {
    using value_type = void;
};

/// One command without a data connection, such as {"MKD", "x"}. It succeeds with any 2yz reply, and with any 3yz one
/// but for MKD, RMD, DELE, CWD and CDUP. AUTH, CCC and under TLS REIN are refused (argument_invalid): see greeting.
struct command {
    using value_type = reply;
    std::string verb{};
    std::string argument{}; ///< Empty: none is sent.
};

/// PASS, typed on its own: as command, but the argument shows nowhere.
struct password {
    using value_type = reply;
    secret text{};
};

/// PWD.
struct working_directory {
    using value_type = std::string;
};

/// RNFR and RNTO.
struct rename {
    using value_type = reply;
    std::string from{};
    std::string to{};
};

/// SIZE in TYPE I, in bytes.
struct size {
    using value_type = std::uint64_t;
    std::string path{};
};

/// MDTM.
struct modified {
    using value_type = file_time;
    std::string path{};
};

/// MLST, or what else the server has: SIZE and MDTM, or LIST. The entry's name is the last component of `path`.
/// refused_permanently, with 550 where the server says so, if nothing is there; not_supported if it cannot be told.
struct stat {
    using value_type = listed_entry;
    std::string path{};
};

/// MFMT, or MDTM with a time, or SITE UTIME. Whole seconds.
struct set_modified {
    using value_type = void;
    std::string path{};
    file_time time{};
};

/// SITE CHMOD, or MFF with UNIX.mode.
struct set_mode {
    using value_type = void;
    std::string path{};
    std::uint32_t mode = 0; ///< Unix permission bits, 07777.
};

/// HASH, or one of XSHA512, XSHA256, XSHA1, XMD5 and XCRC.
struct hash {
    using value_type = file_digest;
    std::string path{};
    std::optional<digest_algorithm> algorithm{}; ///< Nothing: the best that the server has.
};

/// AVBL: bytes that can still be stored in a directory.
struct space {
    using value_type = std::uint64_t;
    std::string path{};
};

/// Files of so many bytes at most, and what operation::list lists, may go one after the other over one data connection,
/// where the server offers that.
inline constexpr std::uint64_t most_shared_bytes = 64 * 1024;

/// RETR, after REST where `offset` is not 0. `sink` is committed when 226 is in and the size agrees.
struct download {
    using value_type = transfer_result;
    std::string path{};
    std::unique_ptr<file_writer> sink{}; ///< Takes the bytes from `offset` on.
    representation_type type = representation_type::image;
    std::uint64_t offset = 0;
    /// At most as many bytes, by RANG where the server has it, else by closing the data connection when they are there.
    std::optional<std::uint64_t> length{};
    std::shared_ptr<rate_limit> rate{};           ///< Besides those of client_options.
    std::optional<std::uint64_t> expected_size{}; ///< As far as it is known, for most_shared_bytes.
    bool is_one_of_many = false;                  ///< Other transfers will follow, and may share its data connection.
};

/// What an upload does to a file of its name.
enum class upload_verb : std::uint8_t {
    store,        ///< STOR, after REST where there is an offset.
    append,       ///< APPE.
    store_unique, ///< STOU: the server chooses a name; transfer_result::remote_name tells it.
};

/// STOR, APPE or STOU. Nothing is confirmed until the server has said 226 or 250.
struct upload {
    using value_type = transfer_result;
    std::string path{};                    ///< May be empty with store_unique.
    std::unique_ptr<file_reader> source{}; ///< Gives the bytes from `offset` on.
    representation_type type = representation_type::image;
    std::uint64_t offset = 0; ///< With upload_verb::store only.
    upload_verb verb = upload_verb::store;
    std::shared_ptr<rate_limit> rate{}; ///< Besides those of client_options.
    bool is_one_of_many = false;        ///< As in download.
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
    using value_type = transfer_result;
    std::string path{}; ///< Empty: the working directory.
    listing_verb verb = listing_verb::best;
    std::unique_ptr<file_writer> sink{};
};

/// A directory by MLSD or LIST, read. An empty directory is no failure, however the server puts it.
struct list {
    using value_type = parsed_listing;
    std::string path{};          ///< Empty: the working directory.
    bool is_one_of_many = false; ///< As in download.
};

/// CCC (RFC 4217 5): the control connection goes on in clear, which gateways that translate addresses need. Whoever is
/// on the way can read and change commands from then on; data connections stay as they are. client_session::tls() is
/// nullptr afterwards. tls_errc::not_available without TLS; a server that refuses leaves the session as it was.
///
/// Where TLS is demanded no name and no password follows in clear: login, password, and USER, PASS and ACCT by command
/// then fail with protocol_errc::tls_refused.
struct clear_control {
    using value_type = reply;
};

/// QUIT. The session is over afterwards, whatever the server answers.
struct quit {
    using value_type = void;
};

} // namespace operation

/// All that start() takes.
using client_operation =
    std::variant<operation::greeting, operation::login, operation::features, operation::command, operation::password,
                 operation::working_directory, operation::rename, operation::size, operation::modified, operation::stat,
                 operation::set_modified, operation::set_mode, operation::hash, operation::space, operation::download,
                 operation::upload, operation::listing, operation::list, operation::clear_control, operation::quit>;

/// What an operation gave: the alternative that its value_type names, std::monostate for void.
using operation_value = std::variant<std::monostate, reply, std::string, std::uint64_t, file_time, listed_entry,
                                     file_digest, parsed_listing, transfer_result>;

/// How far an operation had come when it failed.
enum class operation_step : std::uint8_t {
    arguments, ///< Nothing was sent.
    resolve,
    connect,
    greeting,
    tls, ///< AUTH, the handshake, PBSZ, PROT, CCC.
    user,
    password,
    account,
    command,          ///< A command without a data connection.
    type,             ///< TYPE.
    data_address,     ///< EPSV, PASV, EPRT, PORT, or listening.
    data_connection,  ///< The data connection was to be made.
    restart,          ///< REST or RANG.
    transfer_command, ///< The server was to begin the transfer.
    transfer,         ///< Bytes were moving.
    confirmation,     ///< All bytes had moved; the server was to confirm.
    near_end,         ///< Opening, reading, writing or committing on this side.
    verification,     ///< The files were to be compared.
};
/// For a person, such as "data connection".
std::string_view to_string(operation_step step) noexcept;

/// Whether a session can go on after an operation.
enum class session_state : std::uint8_t { usable, closed };

/// Why an operation failed: the error, and the reply that it came from if there was one. `code == failure::transient`
/// asks whether trying again may help.
struct operation_error {
    std::error_code code{};
    reply answer{};
    operation_step step = operation_step::arguments;
    session_state session = session_state::usable;
    std::uint64_t bytes = 0; ///< Of a transfer, moved over the data connection before it failed.

    /// One line for a person: the server's words if it said why, else the error's, with the reply that it is about.
    [[nodiscard]] std::string message() const;
};

/// Reports it as an exception: std::system_error with message(). result<T>::value() calls it.
[[noreturn]] void throw_error(const operation_error& error);

/// What a client gives: a value, or why there is none.
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
    transfer_progress made{};
};

/// The last event of an operation.
struct operation_done {
    op_id operation = op_id::none;
    client_result<operation_value> outcome;
    reply answer{}; ///< The last reply of the operation.
};

} // namespace event

/// All that next_event() gives.
using client_event = std::variant<event::command_sent, event::reply_received, event::progress, event::operation_done>;

/// The outcome of an `Operation` in its own type. Precondition: `done` is the end of such an operation.
template <class Operation>
client_result<typename Operation::value_type> take_value(event::operation_done&& done)
{
    using value_type = typename Operation::value_type;
    if (!done.outcome)
        return std::move(done.outcome.error());
    if constexpr (std::is_void_v<value_type>)
        return {};
    else
        return std::get<value_type>(*std::move(done.outcome));
}

} // namespace libftp
