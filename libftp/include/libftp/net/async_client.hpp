// An asynchronous FTP client on Asio: each function begins its work and calls a handler at its end.
#pragma once

#include <libftp/net/client_request.hpp>
#include <libftp/net/completion.hpp>
#include <libftp/net/tls.hpp>
#include <libftp/session/client_options.hpp>
#include <libftp/session/client_session.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/async_result.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace libftp::net {

/// One control connection, and more of them for a while where options ask for several sessions. Files are read, written
/// and committed on a thread of the client's own, which begins with the first transfer.
///
/// The last argument of an async_ function is a completion token of the signature `void(client_result<T>)`: a callback,
/// asio::use_future, asio::use_awaitable, asio::deferred (asio::experimental::deferred in older versions), or one of
/// these bound to an executor or a cancellation slot. T is what net::client's function of that name gives, and so are
/// the errors. The handler is called by way of its associated executor, never before the function returns. Cancellation
/// of any type ends the operation with protocol_errc::canceled; a transfer is called off, and the session stays usable
/// if error().session says so.
/// What is begun while something else runs waits for its turn, also while the client connects or logs in: each sees
/// what those begun before it have done, be it one command or a tree of files. To move several files at the same time,
/// or small ones without a pause between them, run one task_group of them.
///
/// While it is connected it listens to the server: io_context::run() does not return before async_quit(), close() or
/// the client's destruction.
///
/// Threads: `executor` must run one handler at a time: an io_context that one thread runs, or a strand. The async_
/// functions may be called from any thread; all others, destruction, and cancellation signals' emit(), only there, or
/// while it does not run. Destruction ends everything that is pending with protocol_errc::canceled, and waits for the
/// file access that runs.
///
/// What sinks and sources refer to, such as the string of make_text_writer(std::string&) or what a callback captures,
/// must live until the handler was called; after cancellation, a time limit or close(), until the client is destroyed:
/// its thread may still be at work there. What they own themselves needs no care.
class async_client {
public:
    /// As Asio names it.
    using executor_type = asio::any_io_executor;

    /// Connects to nothing yet. `executor` must outlive the client, unless only handlers that wait there own it.
    explicit async_client(executor_type executor, client_options options = {});
    ~async_client();
    async_client(async_client&&) noexcept;
    async_client& operator=(async_client&&) noexcept;

    /// That of the constructor.
    [[nodiscard]] executor_type get_executor() const noexcept { return detail::executor_of(*state_); }

    /// Hears each command, reply and progress of every session, on the executor. The argument must neither throw nor
    /// close the client; nor may the sinks and sources of transfers throw.
    void on_event(std::function<void(const client_event&)> listener);
    /// Each async_ function that is called from now on fails with protocol_errc::timed_out after as long, whatever it
    /// waits for; a transfer is called off first, within abort_limit. Nothing: only the limits of client_options hold.
    void set_time_limit(std::optional<clock::duration> limit) noexcept;
    /// Whether there is a session that can go on, as far as was heard.
    [[nodiscard]] bool is_connected() const noexcept;
    /// Empty until async_login() asked for them.
    [[nodiscard]] server_features features() const;
    /// As client::use_tls(). tls_client_options::decide is called on the client's executor.
    result<void, tls_fault> use_tls(tls_client_options options);
    /// Of the control connection; nullptr: it is in clear.
    [[nodiscard]] std::shared_ptr<const tls_facts> tls() const;
    /// How the next data connections are opened.
    void use_data_mode(data_mode mode) noexcept;
    /// Closes without a word. All that is pending ends with protocol_errc::canceled. The client may connect again.
    void close();

    /// Any operation, in its own terms.
    template <class Operation, class Token>
    auto async_run(Operation what, Token&& token)
    {
        return begin<typename Operation::value_type>(request::operate(std::move(what)), std::forward<Token>(token));
    }
    /// Any task, on as many sessions at most.
    template <class Task, class Token>
    auto async_run_task(std::shared_ptr<Task> task, unsigned sessions, Token&& token)
    {
        return begin<typename Task::value_type>(request::run_task(std::move(task), sessions),
                                                std::forward<Token>(token));
    }
    /// As above.
    template <class Task, class Token>
    auto async_run_task(std::unique_ptr<Task> task, unsigned sessions, Token&& token)
    {
        return async_run_task(std::shared_ptr<Task>{std::move(task)}, sessions, std::forward<Token>(token));
    }

    /// As client::connect().
    template <class Token>
    auto async_connect(std::string host, std::uint16_t port, Token&& token)
    {
        return begin<reply>(request::connect(std::move(host), port), std::forward<Token>(token));
    }
    /// As client::connect().
    template <class Token>
    auto async_connect(const ftp_url& url, Token&& token)
    {
        return begin<reply>(request::connect(url), std::forward<Token>(token));
    }
    /// As client::login().
    template <class Token>
    auto async_login(std::string user, const secret& password, Token&& token)
    {
        return async_login(std::move(user), password, secret{}, std::forward<Token>(token));
    }
    /// As client::login().
    template <class Token>
    auto async_login(std::string user, const secret& password, const secret& account, Token&& token)
    {
        return begin<reply>(request::log_in(std::move(user), password, account), std::forward<Token>(token));
    }
    /// CCC; see operation::clear_control.
    template <class Token>
    auto async_clear_control(Token&& token)
    {
        return async_run(operation::clear_control{}, std::forward<Token>(token));
    }
    /// As client::quit().
    template <class Token>
    auto async_quit(Token&& token)
    {
        return begin<void>(request::quit(), std::forward<Token>(token));
    }

    /// As client::command().
    template <class Token>
    auto async_command(std::string verb, std::string argument, Token&& token)
    {
        return async_run(operation::command{std::move(verb), std::move(argument)}, std::forward<Token>(token));
    }
    /// As client::send_password().
    template <class Token>
    auto async_send_password(const secret& password, Token&& token)
    {
        return async_run(operation::password{password.clone()}, std::forward<Token>(token));
    }
    /// As client::keep_alive().
    template <class Token>
    auto async_keep_alive(Token&& token)
    {
        return begin<void>(request::keep_alive(), std::forward<Token>(token));
    }

    /// As client::working_directory().
    template <class Token>
    auto async_working_directory(Token&& token)
    {
        return async_run(operation::working_directory{}, std::forward<Token>(token));
    }
    /// As client::change_directory().
    template <class Token>
    auto async_change_directory(std::string path, Token&& token)
    {
        return begin<void>(request::change_directory(std::move(path)), std::forward<Token>(token));
    }
    /// As client::make_directory().
    template <class Token>
    auto async_make_directory(std::string path, Token&& token)
    {
        return begin<void>(request::make_directory(std::move(path)), std::forward<Token>(token));
    }
    /// As client::remove_directory().
    template <class Token>
    auto async_remove_directory(std::string path, Token&& token)
    {
        return begin<void>(request::remove_directory(std::move(path)), std::forward<Token>(token));
    }
    /// As client::remove_file().
    template <class Token>
    auto async_remove_file(std::string path, Token&& token)
    {
        return begin<void>(request::remove_file(std::move(path)), std::forward<Token>(token));
    }
    /// As client::rename().
    template <class Token>
    auto async_rename(std::string from, std::string to, Token&& token)
    {
        return begin<void>(request::rename(std::move(from), std::move(to)), std::forward<Token>(token));
    }

    /// As client::stat().
    template <class Token>
    auto async_stat(std::string path, Token&& token)
    {
        return async_run(operation::stat{std::move(path)}, std::forward<Token>(token));
    }
    /// As client::size().
    template <class Token>
    auto async_size(std::string path, Token&& token)
    {
        return async_run(operation::size{std::move(path)}, std::forward<Token>(token));
    }
    /// As client::modified().
    template <class Token>
    auto async_modified(std::string path, Token&& token)
    {
        return async_run(operation::modified{std::move(path)}, std::forward<Token>(token));
    }
    /// As client::set_modified().
    template <class Token>
    auto async_set_modified(std::string path, file_time time, Token&& token)
    {
        return async_run(operation::set_modified{std::move(path), time}, std::forward<Token>(token));
    }
    /// As client::set_mode().
    template <class Token>
    auto async_set_mode(std::string path, std::uint32_t mode, Token&& token)
    {
        return async_run(operation::set_mode{std::move(path), mode}, std::forward<Token>(token));
    }
    /// As client::hash().
    template <class Token>
    auto async_hash(std::string path, std::optional<digest_algorithm> algorithm, Token&& token)
    {
        return async_run(operation::hash{std::move(path), algorithm}, std::forward<Token>(token));
    }
    /// As client::space().
    template <class Token>
    auto async_space(std::string directory, Token&& token)
    {
        return async_run(operation::space{std::move(directory)}, std::forward<Token>(token));
    }

    /// As client::list().
    template <class Token>
    auto async_list(std::string path, Token&& token)
    {
        return async_run(operation::list{std::move(path)}, std::forward<Token>(token));
    }
    /// As client::listing_text().
    template <class Token>
    auto async_listing_text(std::string path, operation::listing_verb verb, Token&& token)
    {
        return begin<std::string>(request::listing_text(std::move(path), verb), std::forward<Token>(token));
    }

    /// As client::download().
    template <class Token>
    auto async_download(std::string remote, std::string local_file, const transfer_options& options, Token&& token)
    {
        return begin<transfer_result>(request::download(std::move(remote), std::move(local_file), options),
                                      std::forward<Token>(token));
    }
    /// As client::download().
    template <class Token>
    auto async_download(std::string remote, std::unique_ptr<file_writer> sink, const transfer_options& options,
                        Token&& token)
    {
        return begin<transfer_result>(request::download(std::move(remote), std::move(sink), options),
                                      std::forward<Token>(token));
    }
    /// As client::upload().
    template <class Token>
    auto async_upload(std::string local_file, std::string remote, const transfer_options& options, Token&& token)
    {
        return begin<transfer_result>(request::upload(std::move(local_file), std::move(remote), options),
                                      std::forward<Token>(token));
    }
    /// As client::upload().
    template <class Token>
    auto async_upload(std::unique_ptr<file_reader> source, std::string remote, const transfer_options& options,
                      Token&& token)
    {
        return begin<transfer_result>(request::upload(std::move(source), std::move(remote), options),
                                      std::forward<Token>(token));
    }

    /// As client::download_tree().
    template <class Token>
    auto async_download_tree(std::string remote, std::string local_directory, mirror_options options, Token&& token)
    {
        return begin<mirror_result>(
            request::download_tree(std::move(remote), std::move(local_directory), std::move(options)),
            std::forward<Token>(token));
    }
    /// As client::upload_tree().
    template <class Token>
    auto async_upload_tree(std::string local_directory, std::string remote, mirror_options options, Token&& token)
    {
        return begin<mirror_result>(
            request::upload_tree(std::move(local_directory), std::move(remote), std::move(options)),
            std::forward<Token>(token));
    }
    /// As client::mirror().
    template <class Token>
    auto async_mirror(std::string remote, std::shared_ptr<file_store> store, const store_path& local,
                      mirror_options options, Token&& token)
    {
        return begin<mirror_result>(request::mirror(std::move(remote), std::move(store), local, std::move(options)),
                                    std::forward<Token>(token));
    }
    /// As client::remove_tree().
    template <class Token>
    auto async_remove_tree(std::string path, const removal_options& options, Token&& token)
    {
        return begin<mirror_result>(request::remove_tree(std::move(path), options), std::forward<Token>(token));
    }

    /// `target` may have an executor of its own.
    template <class Token>
    auto async_transfer_to(async_client& target, std::string remote, std::string target_remote, Token&& token)
    {
        return begin<transfer_result>(
            request::transfer_to(engine_of(target), std::move(remote), std::move(target_remote)),
            std::forward<Token>(token));
    }

private:
    template <class T, class Token>
    auto begin(client_request<T> what, Token&& token)
    {
        return asio::async_initiate<Token, void(client_result<T>)>(
            [](auto handler, const std::shared_ptr<async_client_state>& state, client_request<T> request) {
                detail::initiate<T>(std::move(handler), state, std::move(request));
            },
            token, state_, std::move(what));
    }
    static std::shared_ptr<client_engine> engine_of(const async_client& of) noexcept;

    std::shared_ptr<async_client_state> state_;
};

} // namespace libftp::net
