// What a client can be asked to do, before it is known by which front: the blocking one or the asynchronous one.
#pragma once

#include <libftp/protocol/url.hpp>
#include <libftp/session/client_operation.hpp>
#include <libftp/session/client_task.hpp>
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

class client_engine;

/// Ends what still runs of what it belongs to.
using canceler = std::function<void()>;

/// Something to be begun once, on the engine's executor; `done` is called once there, perhaps at once. Programs have no
/// use for it: it is what the functions of both clients are made of.
template <class T>
using client_request = std::function<canceler(client_engine&, std::function<void(client_result<T>)> done)>;

namespace request {

using any_operation = std::function<canceler(client_engine&, std::function<void(event::operation_done)> done)>;
any_operation to_run(client_operation what);

/// That of the client's own session.
session_state state_of(client_engine& engine);

/// The result is an error if the task was ended from outside.
client_request<void> to_run_any(std::shared_ptr<client_task> task, unsigned sessions);

template <class Operation>
client_request<typename Operation::value_type> operate(Operation what)
{
    using value_type = typename Operation::value_type;
    return [run = to_run(std::move(what))](client_engine& engine, std::function<void(client_result<value_type>)> done) {
        return run(engine, [done = std::move(done)](event::operation_done end) {
            done(take_value<Operation>(std::move(end)));
        });
    };
}

/// What became of a task that `ran` says the end of, for a client whose own session is in that state.
template <class Task>
client_result<typename Task::value_type> take_outcome(Task& task, client_result<void> ran, session_state session)
{
    if (!task.is_done())
        return std::move(ran.error());
    auto outcome = task.take_result();
    // The error may be of another session, which has only helped.
    if (!outcome)
        outcome.error().session = session;
    // The task knows that it was ended, not why.
    if (!ran && !outcome && outcome.error().code == protocol_errc::canceled)
        outcome.error().code = ran.error().code;
    return outcome;
}

template <class Task>
client_request<typename Task::value_type> run_task(std::shared_ptr<Task> task, unsigned sessions)
{
    using value_type = typename Task::value_type;
    return [task, run = to_run_any(task, sessions)](client_engine& engine,
                                                    std::function<void(client_result<value_type>)> done) {
        return run(engine, [task, &engine, done = std::move(done)](client_result<void> ran) {
            done(take_outcome(*task, std::move(ran), state_of(engine)));
        });
    };
}

client_request<reply> connect(std::string host, std::uint16_t port);
client_request<reply> connect(const ftp_url& url);
client_request<reply> log_in(std::string user, const secret& password, const secret& account);
client_request<void> quit();

client_request<void> keep_alive();
client_request<void> change_directory(std::string path);
client_request<void> make_directory(std::string path);
client_request<void> remove_directory(std::string path);
client_request<void> remove_file(std::string path);
client_request<void> rename(std::string from, std::string to);
client_request<std::string> listing_text(std::string path, operation::listing_verb verb);

client_request<transfer_result> download(std::string remote, std::string local_file, const transfer_options& options);
client_request<transfer_result> download(std::string remote, std::unique_ptr<file_writer> sink,
                                         const transfer_options& options);
client_request<transfer_result> upload(std::string local_file, std::string remote, const transfer_options& options);
client_request<transfer_result> upload(std::unique_ptr<file_reader> source, std::string remote,
                                       const transfer_options& options);
client_request<mirror_result> download_tree(std::string remote, std::string local_directory, mirror_options options);
client_request<mirror_result> upload_tree(std::string local_directory, std::string remote, mirror_options options);
client_request<mirror_result> mirror(std::string remote, std::shared_ptr<file_store> store, const store_path& local,
                                     mirror_options options);
client_request<mirror_result> remove_tree(std::string path, const removal_options& options);

/// From the engine that runs it to `target`, which may be on another thread.
client_request<transfer_result> transfer_to(std::shared_ptr<client_engine> target, std::string remote,
                                            std::string target_remote);

} // namespace request

} // namespace libftp::net
