// How each function of the clients is made of operations and tasks.
#include <libftp/net/client_request.hpp>

#include "client_engine.hpp"
#include "local_tree_task.hpp"
#include "server_to_server.hpp"

#include "../session/transfer_steps.hpp"

#include <libftp/store/file_place.hpp>
#include <libftp/store/single_file.hpp>

#include <utility>

namespace libftp::net::request {

namespace {

constexpr auto anonymous_password = "anonymous@";

/// Cancels whichever of several successive steps runs.
class steps_canceler {
public:
    void set(canceler of_step) { *current_ = std::move(of_step); }
    /// The first step may be over already, and another one may run.
    void set_first(canceler of_step)
    {
        if (!*current_)
            *current_ = std::move(of_step);
    }
    void operator()() const
    {
        if (const auto cancel = *current_)
            cancel();
    }

private:
    std::shared_ptr<canceler> current_ = std::make_shared<canceler>();
};

/// Some servers do not refuse a command that they do not know, but leave, or never answer it by a reply.
bool has_left(const operation_error& why)
{
    return why.session == session_state::closed &&
           (why.code == failure::transient || why.code == protocol_errc::reply_malformed);
}

/// For whoever has the turn, which ends with it: so the features are known before anything else is asked.
canceler begin_login(client_engine& engine, operation::login who, const time_limit& until, client_link::turn mine,
                     std::function<void(client_result<reply>)> done)
{
    steps_canceler canceling;
    auto finish = [link = engine.main_link(), mine, done = std::move(done)](client_result<reply> outcome) {
        done(std::move(outcome));
        link->release(mine);
    };
    auto logged_in = [weak = engine.weak_from_this(), canceling, until, mine,
                      finish](event::operation_done end) mutable {
        const auto still = weak.lock();
        if (!end.outcome || !still)
            return finish(take_value<operation::login>(std::move(end)));
        if (!still->asks_features())
            return finish(std::move(end.answer));
        auto took_features = [finish, answer = std::move(end.answer)](client_result<void> outcome) mutable {
            if (outcome)
                finish(std::move(answer));
            else
                finish(std::move(outcome.error()));
        };
        auto answered = [weak, canceling, until, took_features](event::operation_done features) mutable {
            const auto self = weak.lock();
            if (!features.outcome && self && has_left(features.outcome.error()))
                canceling.set(self->begin_without_features(until, std::move(took_features)));
            else
                took_features(take_value<operation::features>(std::move(features)));
        };
        canceling.set(still->start(operation::features{}, until, {.done = std::move(answered)}, mine));
    };
    canceling.set_first(engine.start(std::move(who), until, {.done = std::move(logged_in)}, mine));
    return canceling;
}

/// Runs a listing, and again in a new session if the server has left at EPSV, EPRT or MLSD: that one does not send it.
any_operation run_listing(std::function<client_operation(client_engine&)> make)
{
    return [make = std::move(make)](client_engine& engine, std::function<void(event::operation_done)> done) {
        steps_canceler canceling;
        const auto until = engine.limit_from_now();
        auto listed = [weak = engine.weak_from_this(), canceling, make, avoided = engine.context()->avoided(),
                       done = std::move(done)](event::operation_done end) mutable {
            const auto still = weak.lock();
            const bool may_begin_again = !end.outcome && still && still->context()->avoided() != avoided &&
                                         !still->main_link()->is_open() && !still->main_link()->is_held();
            if (!may_begin_again)
                return done(std::move(end));
            auto again = [weak, canceling, make, done, end](const client_result<void>& begun) mutable {
                const auto self = weak.lock();
                if (begun && self)
                    canceling.set(run_listing(make)(*self, std::move(done)));
                else
                    done(std::move(end));
            };
            canceling.set(still->begin_again(still->limit_from_now(), std::move(again)));
        };
        canceling.set_first(engine.start(make(engine), until, {.done = std::move(listed)}));
        return canceling;
    };
}

/// An operation whose value is of no interest.
template <class Operation>
client_request<void> succeed(Operation what)
{
    return [run = to_run(std::move(what))](client_engine& engine, std::function<void(client_result<void>)> done) {
        return run(engine, [done = std::move(done)](event::operation_done end) {
            if (end.outcome)
                done({});
            else
                done(std::move(end.outcome.error()));
        });
    };
}

/// What a URL demands, or what is set already if that is more.
tls_use use_of(ftp_scheme scheme, std::uint16_t port, tls_use set) noexcept
{
    if (scheme == ftp_scheme::ftp || set == tls_use::implicit)
        return set;
    return scheme == ftp_scheme::ftps && port == implicit_tls_port ? tls_use::implicit : tls_use::required;
}

mirror_options with_direction(mirror_options options, mirror_direction direction)
{
    options.direction = direction;
    return options;
}

} // namespace

any_operation to_run(client_operation what)
{
    if (const auto* listed = std::get_if<operation::list>(&what))
        return run_listing([path = listed->path](client_engine&) { return operation::list{path}; });
    return [shared = std::make_shared<client_operation>(std::move(what))](
               client_engine& engine, std::function<void(event::operation_done)> done) {
        return engine.start(std::move(*shared), engine.limit_from_now(), {.done = std::move(done)});
    };
}

session_state state_of(client_engine& engine)
{
    return engine.main_link()->is_open() ? session_state::usable : session_state::closed;
}

client_request<void> to_run_any(std::shared_ptr<client_task> task, unsigned sessions)
{
    return [task = std::move(task), sessions](client_engine& engine, std::function<void(client_result<void>)> done) {
        return engine.run(task, sessions, engine.limit_from_now(), std::move(done));
    };
}

client_request<reply> connect(std::string host, std::uint16_t port)
{
    return [host = std::move(host), port](client_engine& engine, std::function<void(client_result<reply>)> done) {
        return engine.connect({host, port, engine.tls()}, engine.limit_from_now(), std::move(done));
    };
}

client_request<reply> connect(const ftp_url& url)
{
    const bool is_anonymous = url.user.empty();
    auto password = url.password ? url.password->clone() : secret{is_anonymous ? anonymous_password : ""};
    const auto who = std::make_shared<operation::login>(
        operation::login{is_anonymous ? "anonymous" : url.user, std::move(password)});
    return [host = url.host, port = url.port, scheme = url.scheme,
            who](client_engine& engine, std::function<void(client_result<reply>)> done) {
        const server_address server{host, port, use_of(scheme, port, engine.tls())};
        steps_canceler canceling;
        const auto until = engine.limit_from_now();
        auto connected = [weak = engine.weak_from_this(), canceling, until, who,
                          done = std::move(done)](client_result<reply> greeting) mutable {
            const auto still = weak.lock();
            if (!greeting || !still)
                return done(std::move(greeting));
            const auto mine = still->main_link()->hold(); // before what was asked meanwhile
            canceling.set(begin_login(*still, std::move(*who), until, mine, std::move(done)));
        };
        canceling.set_first(engine.connect(server, until, std::move(connected)));
        return canceling;
    };
}

client_request<reply> log_in(std::string user, const secret& password, const secret& account)
{
    const auto who =
        std::make_shared<operation::login>(operation::login{std::move(user), password.clone(), account.clone()});
    return [who](client_engine& engine, std::function<void(client_result<reply>)> done) {
        steps_canceler canceling;
        const auto until = engine.limit_from_now();
        auto begin = [weak = engine.weak_from_this(), canceling, until, who,
                      done = std::move(done)](client_result<client_link::turn> mine) mutable {
            if (!mine)
                return done(std::move(mine.error()));
            if (const auto still = weak.lock())
                canceling.set(begin_login(*still, std::move(*who), until, *mine, std::move(done)));
        };
        canceling.set_first(engine.main_link()->wait_for_turn(until, begin));
        return canceling;
    };
}

client_request<void> quit()
{
    return [](client_engine& engine, std::function<void(client_result<void>)> done) -> canceler {
        if (!engine.main_link()->is_open() && !engine.main_link()->is_held()) {
            engine.close();
            done({});
            return {};
        }
        return engine.start(
            operation::quit{}, engine.limit_from_now(),
            {.done = [weak = engine.weak_from_this(), done = std::move(done)](event::operation_done end) {
                if (const auto still = weak.lock())
                    still->close();
                if (!end.outcome && end.outcome.error().code == protocol_errc::not_connected)
                    return done({});
                done(take_value<operation::quit>(std::move(end)));
            }});
    };
}

client_request<void> keep_alive()
{
    return succeed(operation::command{"NOOP"});
}

client_request<void> change_directory(std::string path)
{
    return succeed(operation::command{"CWD", std::move(path)});
}

client_request<void> make_directory(std::string path)
{
    return succeed(operation::command{"MKD", std::move(path)});
}

client_request<void> remove_directory(std::string path)
{
    return succeed(operation::command{"RMD", std::move(path)});
}

client_request<void> remove_file(std::string path)
{
    return succeed(operation::command{"DELE", std::move(path)});
}

client_request<void> rename(std::string from, std::string to)
{
    return succeed(operation::rename{std::move(from), std::move(to)});
}

client_request<std::string> listing_text(std::string path, operation::listing_verb verb)
{
    return [path = std::move(path), verb](client_engine& engine, std::function<void(client_result<std::string>)> done) {
        const auto text = std::make_shared<std::string>();
        const auto run = run_listing([text, path, verb](client_engine& self) {
            auto sink = make_text_writer(text, self.context()->options.max_listing_bytes);
            return operation::listing{path, verb, std::move(sink)};
        });
        return run(engine, [text, done = std::move(done)](event::operation_done end) {
            if (end.outcome)
                done(std::move(*text));
            else
                done(std::move(end.outcome.error()));
        });
    };
}

client_request<transfer_result> download(std::string remote, std::string local_file, const transfer_options& options)
{
    return run_task(
        std::make_shared<download_task>(std::move(remote), make_local_place(std::move(local_file)), options),
        options.segments);
}

client_request<transfer_result> download(std::string remote, std::unique_ptr<file_writer> sink,
                                         const transfer_options& options)
{
    return run_task(std::make_shared<download_task>(std::move(remote), make_sink_place(std::move(sink)), options), 1);
}

client_request<transfer_result> upload(std::string local_file, std::string remote, const transfer_options& options)
{
    return run_task(std::make_shared<upload_task>(make_local_place(std::move(local_file)), std::move(remote), options),
                    1);
}

client_request<transfer_result> upload(std::unique_ptr<file_reader> source, std::string remote,
                                       const transfer_options& options)
{
    return run_task(std::make_shared<upload_task>(make_source_place(std::move(source)), std::move(remote), options), 1);
}

client_request<mirror_result> download_tree(std::string remote, std::string local_directory, mirror_options options)
{
    const auto sessions = options.sessions;
    return run_task(std::make_shared<local_tree_task>(std::move(remote), std::move(local_directory),
                                                      with_direction(std::move(options), mirror_direction::download)),
                    sessions);
}

client_request<mirror_result> upload_tree(std::string local_directory, std::string remote, mirror_options options)
{
    const auto sessions = options.sessions;
    return run_task(std::make_shared<local_tree_task>(std::move(remote), std::move(local_directory),
                                                      with_direction(std::move(options), mirror_direction::upload)),
                    sessions);
}

client_request<mirror_result> mirror(std::string remote, std::shared_ptr<file_store> store, const store_path& local,
                                     mirror_options options)
{
    const auto sessions = options.sessions;
    return run_task(std::make_shared<mirror_task>(std::move(remote), std::move(store), local, std::move(options)),
                    sessions);
}

client_request<mirror_result> remove_tree(std::string path, const removal_options& options)
{
    return run_task(std::make_shared<removal_task>(std::move(path), options), 1);
}

client_request<transfer_result> transfer_to(std::shared_ptr<client_engine> target, std::string remote,
                                            std::string target_remote)
{
    return [target = std::move(target), remote = std::move(remote), target_remote = std::move(target_remote)](
               client_engine& engine, std::function<void(client_result<transfer_result>)> done) {
        return begin_server_to_server(engine.shared_from_this(), target, remote, target_remote, std::move(done));
    };
}

} // namespace libftp::net::request
