// A blocking FTP client: each function returns when its work is done or has failed.
#pragma once

#include <libftp/net/client_request.hpp>
#include <libftp/net/tls.hpp>
#include <libftp/protocol/url.hpp>
#include <libftp/session/client_operation.hpp>
#include <libftp/session/client_options.hpp>
#include <libftp/session/client_session.hpp>
#include <libftp/session/mirror_task.hpp>
#include <libftp/session/transfer_options.hpp>
#include <libftp/session/transfer_task.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace libftp::net {

/// One control connection, and more of them for a while where options ask for several sessions. Not for several threads
/// at once. One that was moved from can only be destroyed or assigned to.
///
/// Where the server has ended the session, single operations fail with protocol_errc::not_connected; transfers, trees
/// and other tasks first open another one like it, unless quit() or close() was called.
///
/// Errors: operation_error, with the step, the server's reply where there was one, and whether the session can go on;
/// `error.code == failure::transient` asks whether trying again may help. `.value()` throws instead. Arguments that
/// hold CR, LF or NUL are refused before anything is sent.
class client {
public:
    /// Connects to nothing yet.
    explicit client(client_options options = {});
    ~client();
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    /// Hears each command, reply and progress of every session. The argument, and the sinks and sources of transfers,
    /// must neither throw, which closes the session, nor call the client, which throws std::logic_error; but for
    /// interrupt().
    void on_event(std::function<void(const client_event&)> listener);
    /// Each function below that is called from now on fails with protocol_errc::timed_out after as long, whatever it
    /// waits for; a transfer is called off first, within abort_limit. Nothing: only the limits of client_options hold.
    void set_time_limit(std::optional<clock::duration> limit) noexcept;
    /// Ends the function that is running in another thread: it returns protocol_errc::canceled, and error().session
    /// says whether the session can go on. As the server is told, and has client_options::abort_limit to say that it
    /// has ended too, this may take a while; called once more meanwhile, it closes all connections instead. Without a
    /// function that runs it does nothing. May be called from any thread while the client is neither moved nor
    /// destroyed, but not from a signal handler.
    void interrupt();

    /// Whom to trust, and as whom to appear, in connections made from now on. Without it: the system's authorities.
    result<void, tls_fault> use_tls(tls_client_options options);
    /// Of the control connection; nullptr: it is in clear.
    [[nodiscard]] std::shared_ptr<const tls_facts> tls() const;

    /// Resolves `host`, tries its addresses of both families in turn (RFC 8305) for options.reply_limit in all, and
    /// waits for the greeting, and for TLS as options.tls says. Closes an older connection first. Returns the greeting.
    client_result<reply> connect(const std::string& host, std::uint16_t port = 21);
    /// As connect() and login(): as the URL's user, or as anonymous. The URL's path is left to the caller. Its scheme
    /// may demand more TLS than options.tls, never less.
    client_result<reply> connect(const ftp_url& url);
    /// Whether there is a session that can go on, as far as was heard.
    [[nodiscard]] bool is_connected() const noexcept;
    /// Hears what the server said since the last function returned, such as 421 or the end of the connection, without
    /// waiting for more; is_connected() knows it then. Each function below does so by itself before it begins.
    void catch_up();
    /// Logs in, and asks for the server's features. `account` is for servers that want ACCT.
    client_result<reply> login(const std::string& user, const secret& password, const secret& account = {});
    /// Empty until login() asked for them.
    [[nodiscard]] server_features features() const;
    /// How the next data connections are opened.
    void use_data_mode(data_mode mode) noexcept;

    /// Any operation, in its own terms.
    template <class Operation>
    client_result<typename Operation::value_type> run(Operation what)
    {
        return take_value<Operation>(run_operation(std::move(what)));
    }
    /// Any task, on as many sessions at most.
    template <class Task>
    client_result<typename Task::value_type> run_task(Task& task, unsigned sessions = 1)
    {
        auto ran = run_any_task(task, sessions);
        return request::take_outcome(task, std::move(ran),
                                     is_connected() ? session_state::usable : session_state::closed);
    }

    /// CCC: what follows on the control connection is in clear; see operation::clear_control.
    client_result<reply> clear_control();

    /// Sends one command and returns its reply. For commands that open no data connection.
    client_result<reply> command(const std::string& verb, const std::string& argument = {});
    /// PASS on its own, for those who log in by hand.
    client_result<reply> send_password(const secret& password);
    /// NOOP, which keeps the session alive while there is nothing else to do.
    client_result<void> keep_alive();

    /// PWD.
    client_result<std::string> working_directory();
    /// CWD.
    client_result<void> change_directory(const std::string& path);
    /// MKD.
    client_result<void> make_directory(const std::string& path);
    /// RMD; most servers remove empty ones only.
    client_result<void> remove_directory(const std::string& path);
    /// DELE.
    client_result<void> remove_file(const std::string& path);
    /// RNFR and RNTO.
    client_result<void> rename(const std::string& from, const std::string& to);

    /// What is known of one path; see operation::stat.
    client_result<listed_entry> stat(const std::string& path);
    /// In bytes, as TYPE I transfers it.
    client_result<std::uint64_t> size(const std::string& path);
    /// MDTM.
    client_result<file_time> modified(const std::string& path);
    /// In whole seconds; see operation::set_modified.
    client_result<void> set_modified(const std::string& path, file_time time);
    /// Unix permission bits, 07777; see operation::set_mode.
    client_result<void> set_mode(const std::string& path, std::uint32_t mode);
    /// The server's digest of a file, of the best algorithm that it has if none is named.
    client_result<file_digest> hash(const std::string& path, std::optional<digest_algorithm> algorithm = std::nullopt);
    /// Bytes that can still be stored.
    client_result<std::uint64_t> space(const std::string& directory = {});

    /// The entries of a directory, and the lines that could not be read.
    client_result<parsed_listing> list(const std::string& path = {});
    /// A listing as the server wrote it.
    client_result<std::string> listing_text(const std::string& path = {},
                                            operation::listing_verb verb = operation::listing_verb::list);

    /// Into a local file, which appears when it is complete.
    client_result<transfer_result> download(const std::string& remote, const std::string& local_file,
                                            const transfer_options& options = {});
    /// Into anything that takes bytes (make_text_writer, make_stream_writer, make_callback_writer, a store's writer);
    /// `sink` is committed only after the server confirmed and the size agreed.
    client_result<transfer_result> download(const std::string& remote, std::unique_ptr<file_writer> sink,
                                            const transfer_options& options = {});
    /// From a local file. Error: the store's or the system's if it cannot be read.
    client_result<transfer_result> upload(const std::string& local_file, const std::string& remote,
                                          const transfer_options& options = {});
    /// From anything that gives bytes, beginning at options.offset of the whole; tried once, as it cannot be read anew.
    client_result<transfer_result> upload(std::unique_ptr<file_reader> source, const std::string& remote,
                                          const transfer_options& options = {});

    /// Trees. `options.direction` is what the function's name says. A local directory is made if need be, and nothing
    /// outside of it is touched, whatever the server's names and the links in it are.
    client_result<mirror_result> download_tree(const std::string& remote, const std::string& local_directory,
                                               mirror_options options = {});
    /// As download_tree(), the other way round.
    client_result<mirror_result> upload_tree(const std::string& local_directory, const std::string& remote,
                                             mirror_options options = {});
    /// Between the server and any store, in the direction that the options name.
    client_result<mirror_result> mirror(const std::string& remote, std::shared_ptr<file_store> store,
                                        const store_path& local, mirror_options options = {});
    /// Removes a directory with all that is in it; see removal_task.
    client_result<mirror_result> remove_tree(const std::string& path, const removal_options& options = {});

    /// Has the server send a file to the server of `target` (FXP): PASV there, PORT here. Both must allow it; many
    /// refuse addresses that are not their client's. Returns what is known of it: no byte passes through here. When it
    /// has failed, both were told to give up (ABOR). Meanwhile `target` works on a thread of its own, and its listener
    /// is called there.
    client_result<transfer_result> transfer_to(client& target, const std::string& remote,
                                               const std::string& target_remote);

    /// Says QUIT and closes. Without a connection it does nothing.
    void quit();
    /// Closes without a word.
    void close() noexcept;

private:
    event::operation_done run_operation(client_operation what);
    client_result<void> run_any_task(client_task& task, unsigned sessions);

    struct state;
    std::unique_ptr<state> state_;
};

} // namespace libftp::net
