// The blocking client: an engine on an event loop of its own, which runs while a function does.
#include <libftp/net/client.hpp>

#include "../later.hpp"
#include "client_engine.hpp"
#include "sigpipe_guard.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace libftp::net {

namespace {

/// Has a thread run a context.
class context_runner {
public:
    explicit context_runner(asio::io_context& context) : context_(context), work_(asio::make_work_guard(context))
    {
        context_.restart();
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~context_runner()
    {
        context_.stop();
        thread_.join();
    }
    context_runner(const context_runner&) = delete;
    context_runner& operator=(const context_runner&) = delete;

private:
    asio::io_context& context_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    std::thread thread_;
};

} // namespace

struct client::state {
    explicit state(client_options options)
        : shared(std::make_shared<client_context>(
              client_context{.executor = context.get_executor(), .options = std::move(options)})),
          engine(std::make_shared<client_engine>(shared))
    {
    }
    ~state()
    {
        const sigpipe_guard guard;
        engine->shut_down();
    }
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    /// While one of the client's functions runs. A callback that calls another would wait for what waits for itself.
    class running_function {
    public:
        explicit running_function(state& of) : of_(of)
        {
            if (of.running != 0)
                throw std::logic_error{"libftp: a client is called while it runs, be it by its own callback"};
            of.running = ++of.last_run;
            of.is_canceled = false;
        }
        ~running_function()
        {
            of_.running = 0;
            of_.cancel = nullptr;
        }
        running_function(const running_function&) = delete;
        running_function& operator=(const running_function&) = delete;

    private:
        state& of_;
        sigpipe_guard guard_;
    };

    /// Runs a request to its end.
    template <class Outcome>
    Outcome run(const std::function<canceler(client_engine&, std::function<void(Outcome)>)>& what)
    {
        const running_function one{*this};
        const auto outcome = std::make_shared<std::optional<Outcome>>();
        unless_thrown([&] {
            hear_what_came();
            cancel = what(*engine, [outcome](Outcome end) { *outcome = std::move(end); });
            context.restart();
            while (!*outcome && context.run_one() != 0) {
            }
        });
        return std::move(*outcome).value(); // pending work keeps the loop going until it is there
    }

    template <class T>
    client_result<T> ask(const client_request<T>& what)
    {
        return run<client_result<T>>(what);
    }

    /// Hears what the server said since the last operation, such as 421.
    void catch_up()
    {
        const running_function one{*this};
        unless_thrown([this] { hear_what_came(); });
    }

    /// A callback that throws, which none may, leaves the session in the middle of something: it is of no use any more.
    template <class Job>
    void unless_thrown(Job job)
    {
        try {
            job();
        } catch (...) {
            engine->close();
            throw;
        }
    }

    /// No operation limits a server that says more and more.
    void hear_what_came()
    {
        const auto until = std::chrono::steady_clock::now() + bounded(shared->options.reply_limit);
        context.restart();
        while (context.poll_one() != 0) {
            if (std::chrono::steady_clock::now() > until)
                return engine->main_link()->close();
        }
    }

    asio::io_context context{1};
    std::shared_ptr<client_context> shared;
    std::shared_ptr<client_engine> engine;
    std::uint64_t last_run = 0;
    std::atomic<std::uint64_t> running = 0; ///< The number of what runs; 0: nothing.
    canceler cancel;                        ///< Ends what runs.
    bool is_canceled = false;               ///< What runs is ending.
};

client::client(client_options options) : state_(std::make_unique<state>(std::move(options))) {}
client::~client() = default;
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;

void client::on_event(std::function<void(const client_event&)> listener)
{
    state_->shared->set_listener(std::move(listener));
}

void client::set_time_limit(std::optional<clock::duration> limit) noexcept
{
    state_->engine->set_time_limit(limit);
}

void client::interrupt()
{
    const auto number = state_->running.load();
    asio::post(state_->context, [state = state_.get(), number] {
        if (number == 0 || state->running != number || !state->cancel)
            return;
        if (std::exchange(state->is_canceled, true))
            state->engine->close();
        else
            state->cancel();
    });
}

event::operation_done client::run_operation(client_operation what)
{
    return state_->run<event::operation_done>(request::to_run(std::move(what)));
}

client_result<void> client::run_any_task(client_task& task, unsigned sessions)
{
    // The caller owns the task, which is over when this returns.
    return state_->ask(request::to_run_any(std::shared_ptr<client_task>{std::shared_ptr<void>{}, &task}, sessions));
}

result<void, tls_fault> client::use_tls(tls_client_options options)
{
    auto made = tls_client_context::make(std::move(options));
    if (!made)
        return std::move(made.error());
    state_->shared->tls = *std::move(made);
    return {};
}

std::shared_ptr<const tls_facts> client::tls() const
{
    const auto* session = state_->engine->main_link()->session();
    return session != nullptr ? session->tls() : nullptr;
}

client_result<reply> client::clear_control()
{
    return run(operation::clear_control{});
}

client_result<reply> client::connect(const std::string& host, std::uint16_t port)
{
    return state_->ask(request::connect(host, port));
}

client_result<reply> client::connect(const ftp_url& url)
{
    return state_->ask(request::connect(url));
}

bool client::is_connected() const noexcept
{
    return state_->engine->main_link()->is_open();
}

void client::catch_up()
{
    state_->catch_up();
}

client_result<reply> client::login(const std::string& user, const secret& password, const secret& account)
{
    return state_->ask(request::log_in(user, password, account));
}

server_features client::features() const
{
    const auto* session = state_->engine->main_link()->session();
    return session != nullptr ? session->features() : server_features{};
}

void client::use_data_mode(data_mode mode) noexcept
{
    state_->shared->options.data_mode = mode;
}

client_result<reply> client::command(const std::string& verb, const std::string& argument)
{
    return run(operation::command{verb, argument});
}

client_result<reply> client::send_password(const secret& password)
{
    return run(operation::password{password.clone()});
}

client_result<void> client::keep_alive()
{
    return state_->ask(request::keep_alive());
}

client_result<std::string> client::working_directory()
{
    return run(operation::working_directory{});
}

client_result<void> client::change_directory(const std::string& path)
{
    return state_->ask(request::change_directory(path));
}

client_result<void> client::make_directory(const std::string& path)
{
    return state_->ask(request::make_directory(path));
}

client_result<void> client::remove_directory(const std::string& path)
{
    return state_->ask(request::remove_directory(path));
}

client_result<void> client::remove_file(const std::string& path)
{
    return state_->ask(request::remove_file(path));
}

client_result<void> client::rename(const std::string& from, const std::string& to)
{
    return state_->ask(request::rename(from, to));
}

client_result<listed_entry> client::stat(const std::string& path)
{
    return run(operation::stat{path});
}

client_result<std::uint64_t> client::size(const std::string& path)
{
    return run(operation::size{path});
}

client_result<file_time> client::modified(const std::string& path)
{
    return run(operation::modified{path});
}

client_result<void> client::set_modified(const std::string& path, file_time time)
{
    return run(operation::set_modified{path, time});
}

client_result<void> client::set_mode(const std::string& path, std::uint32_t mode)
{
    return run(operation::set_mode{path, mode});
}

client_result<file_digest> client::hash(const std::string& path, std::optional<digest_algorithm> algorithm)
{
    return run(operation::hash{path, algorithm});
}

client_result<std::uint64_t> client::space(const std::string& directory)
{
    return run(operation::space{directory});
}

client_result<parsed_listing> client::list(const std::string& path)
{
    return run(operation::list{path});
}

client_result<std::string> client::listing_text(const std::string& path, operation::listing_verb verb)
{
    return state_->ask(request::listing_text(path, verb));
}

client_result<transfer_result> client::download(const std::string& remote, const std::string& local_file,
                                                const transfer_options& options)
{
    return state_->ask(request::download(remote, local_file, options));
}

client_result<transfer_result> client::download(const std::string& remote, std::unique_ptr<file_writer> sink,
                                                const transfer_options& options)
{
    return state_->ask(request::download(remote, std::move(sink), options));
}

client_result<transfer_result> client::upload(const std::string& local_file, const std::string& remote,
                                              const transfer_options& options)
{
    return state_->ask(request::upload(local_file, remote, options));
}

client_result<transfer_result> client::upload(std::unique_ptr<file_reader> source, const std::string& remote,
                                              const transfer_options& options)
{
    return state_->ask(request::upload(std::move(source), remote, options));
}

client_result<mirror_result> client::download_tree(const std::string& remote, const std::string& local_directory,
                                                   mirror_options options)
{
    return state_->ask(request::download_tree(remote, local_directory, std::move(options)));
}

client_result<mirror_result> client::upload_tree(const std::string& local_directory, const std::string& remote,
                                                 mirror_options options)
{
    return state_->ask(request::upload_tree(local_directory, remote, std::move(options)));
}

client_result<mirror_result> client::mirror(const std::string& remote, std::shared_ptr<file_store> store,
                                            const store_path& local, mirror_options options)
{
    return state_->ask(request::mirror(remote, std::move(store), local, std::move(options)));
}

client_result<mirror_result> client::remove_tree(const std::string& path, const removal_options& options)
{
    return state_->ask(request::remove_tree(path, options));
}

client_result<transfer_result> client::transfer_to(client& target, const std::string& remote,
                                                   const std::string& target_remote)
{
    const auto what = request::transfer_to(target.state_->engine, remote, target_remote);
    if (&target == this)
        return state_->ask(what);
    target.state_->catch_up();
    std::optional<context_runner> running;
    try {
        running.emplace(target.state_->context);
    } catch (const std::system_error& error) {
        return operation_error{.code = error.code(), .session = request::state_of(*state_->engine)};
    }
    auto outcome = state_->ask(what);
    running.reset();
    target.state_->catch_up(); // its part may have been stopped just before the end
    return outcome;
}

void client::quit()
{
    static_cast<void>(state_->ask(request::quit()).has_value());
}

void client::close() noexcept
{
    const sigpipe_guard guard;
    state_->engine->close();
}

} // namespace libftp::net
