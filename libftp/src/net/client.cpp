// The blocking client: a session, and an event loop that runs while an operation does.
#include <libftp/net/client.hpp>

#include "client_connection.hpp"

#include <libftp/protocol/listing_parser.hpp>
#include <libftp/protocol/timestamp.hpp>
#include <libftp/store/single_file.hpp>

#include <asio/connect.hpp>
#include <asio/io_context.hpp>

#include <charconv>
#include <chrono>
#include <utility>

namespace libftp::net {

namespace {

operation_error failed(std::error_code code)
{
    return {code, {}};
}

/// The directory in a 257 reply: between the first quotes, where a quote is doubled (RFC 959 appendix II).
std::optional<std::string> quoted_path(std::string_view text)
{
    const auto begin = text.find('"');
    if (begin == std::string_view::npos)
        return std::nullopt;
    std::string path;
    for (auto i = begin + 1; i < text.size(); ++i) {
        if (text[i] == '"' && (i + 1 == text.size() || text[++i] != '"'))
            return path;
        path += text[i];
    }
    return std::nullopt;
}

} // namespace

struct client::engine {
    explicit engine(client_options from) : options(from) {}

    client_result<reply> connect(const std::string& host, std::uint16_t port)
    {
        close();
        tcp::resolver resolver{context};
        tcp::socket socket{context};
        std::error_code outcome;
        bool finished = false;
        bool gave_up = false;
        const auto finish = [&](std::error_code with) {
            outcome = with;
            finished = true;
        };
        resolver.async_resolve(host, std::to_string(port), [&](std::error_code error, const auto& addresses) {
            if (error || gave_up)
                return finish(error);
            asio::async_connect(socket, addresses, [&](std::error_code ended, const tcp::endpoint&) { finish(ended); });
        });
        context.restart();
        const auto until = std::chrono::steady_clock::now() + options.reply_limit;
        while (!finished && context.run_one_until(until) != 0) {
        }
        if (!finished) {
            gave_up = true;
            resolver.cancel();
            socket.close(outcome);
            while (!finished)
                context.run_one();
            return failed(protocol_errc::timed_out);
        }
        if (outcome)
            return failed(from_asio(outcome));
        const auto peer = from_asio(socket.remote_endpoint(outcome));
        const auto local = outcome ? endpoint{} : from_asio(socket.local_endpoint(outcome));
        if (outcome)
            return failed(from_asio(outcome));
        connection = std::make_shared<client_connection>(std::move(socket), options, peer, local,
                                                         [this](client_event event) { take(std::move(event)); });
        return reply_of(run(operation::greeting{}));
    }

    void close() noexcept
    {
        if (!connection)
            return;
        if (!connection->is_closed())
            connection->session().connection_lost(now());
        connection->pump();
        connection.reset();
    }

    /// Runs an operation to its end.
    event::operation_done run(client_operation what)
    {
        if (!connection)
            return {op_id::none, failed(protocol_errc::not_connected), {}};
        catch_up();
        done.reset();
        running = connection->session().start(std::move(what), now());
        connection->pump();
        context.restart();
        while (!done && context.run_one() != 0) {
        }
        running = op_id::none;
        if (!done)
            return {op_id::none, failed(protocol_errc::connection_closed), {}};
        return *std::exchange(done, std::nullopt);
    }

    /// Hears what the server said since the last operation, such as 421. No operation limits a server that says more
    /// and more.
    void catch_up()
    {
        const auto until = std::chrono::steady_clock::now() + options.reply_limit;
        context.restart();
        while (context.poll_one() != 0) {
            if (std::chrono::steady_clock::now() > until) {
                connection->session().connection_lost(now());
                return connection->pump();
            }
        }
    }

    void take(client_event event)
    {
        if (listener)
            listener(event);
        if (auto* end = std::get_if<event::operation_done>(&event); end != nullptr && end->operation == running)
            done = std::move(*end);
    }

    static client_result<reply> reply_of(event::operation_done end)
    {
        if (!end.outcome)
            return std::move(end.outcome.error());
        return std::move(end.answer);
    }

    client_result<void> succeeded(client_operation what)
    {
        auto end = run(std::move(what));
        if (!end.outcome)
            return std::move(end.outcome.error());
        return {};
    }

    client_result<reply> ask(const std::string& verb, const std::string& argument)
    {
        return reply_of(run(operation::command{verb, argument}));
    }

    client_options options;
    asio::io_context context{1};
    std::shared_ptr<client_connection> connection;
    std::function<void(const client_event&)> listener;
    op_id running = op_id::none;
    std::optional<event::operation_done> done;
};

client::client(client_options options) : engine_(std::make_unique<engine>(options)) {}

client::~client()
{
    if (engine_)
        engine_->close();
}

client::client(client&&) noexcept = default;

client& client::operator=(client&& other) noexcept
{
    if (engine_ && this != &other)
        engine_->close();
    engine_ = std::move(other.engine_);
    return *this;
}

void client::on_event(std::function<void(const client_event&)> listener)
{
    engine_->listener = std::move(listener);
}

client_result<reply> client::connect(const std::string& host, std::uint16_t port)
{
    return engine_->connect(host, port);
}

bool client::is_connected() const noexcept
{
    return engine_->connection && !engine_->connection->is_closed();
}

client_result<reply> client::login(const std::string& user, const secret& password)
{
    auto answer = engine::reply_of(engine_->run(operation::login{user, password.clone(), {}}));
    if (answer) {
        if (auto features = engine_->succeeded(operation::features{}); !features)
            return std::move(features.error());
    }
    return answer;
}

server_features client::features() const noexcept
{
    return engine_->connection ? engine_->connection->session().features() : server_features{};
}

void client::use_data_mode(data_mode mode) noexcept
{
    engine_->options.data_mode = mode;
}

client_result<reply> client::command(const std::string& verb, const std::string& argument)
{
    return engine_->ask(verb, argument);
}

client_result<reply> client::send_password(const secret& password)
{
    return engine::reply_of(engine_->run(operation::password{password.clone()}));
}

client_result<std::string> client::working_directory()
{
    auto answer = engine_->ask("PWD", {});
    if (!answer)
        return std::move(answer.error());
    auto path = quoted_path(answer->text());
    if (!path)
        return operation_error{protocol_errc::reply_unexpected, std::move(*answer)};
    return std::move(*path);
}

client_result<void> client::change_directory(const std::string& path)
{
    return engine_->succeeded(operation::command{"CWD", path});
}

client_result<void> client::make_directory(const std::string& path)
{
    return engine_->succeeded(operation::command{"MKD", path});
}

client_result<void> client::remove_directory(const std::string& path)
{
    return engine_->succeeded(operation::command{"RMD", path});
}

client_result<void> client::remove_file(const std::string& path)
{
    return engine_->succeeded(operation::command{"DELE", path});
}

client_result<void> client::rename(const std::string& from, const std::string& to)
{
    return engine_->succeeded(operation::rename{from, to});
}

client_result<std::uint64_t> client::size(const std::string& path)
{
    if (auto typed = engine_->succeeded(operation::command{"TYPE", "I"}); !typed)
        return std::move(typed.error());
    auto answer = engine_->ask("SIZE", path);
    if (!answer)
        return std::move(answer.error());
    std::uint64_t bytes = 0;
    const auto text = answer->text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (error != std::errc{} || end == text.data())
        return operation_error{protocol_errc::reply_unexpected, std::move(*answer)};
    return bytes;
}

client_result<file_time> client::modified(const std::string& path)
{
    auto answer = engine_->ask("MDTM", path);
    if (!answer)
        return std::move(answer.error());
    auto time = parse_timestamp(answer->text());
    if (!time)
        return operation_error{time.error(), std::move(*answer)};
    return *time;
}

client_result<std::vector<file_info>> client::list(const std::string& path)
{
    auto text = listing_text(path, operation::listing_verb::best);
    if (!text)
        return std::move(text.error());
    return parse_listing(*text, file_time{now().time_since_epoch()}).entries;
}

client_result<std::string> client::listing_text(const std::string& path, operation::listing_verb verb)
{
    std::string text;
    if (auto listed = engine_->succeeded(
            operation::listing{path, verb, make_text_writer(text, engine_->options.max_listing_bytes)});
        !listed)
        return std::move(listed.error());
    return text;
}

client_result<transfer_result> client::download(const std::string& remote, const std::string& local_file,
                                                transfer_options options)
{
    const auto mode = options.offset == 0 ? write_mode::replace : write_mode::resume;
    auto sink = create_local_file(local_file, mode, options.offset);
    if (!sink)
        return failed(sink.error());
    return download(remote, std::move(*sink), options);
}

client_result<transfer_result> client::download(const std::string& remote, std::unique_ptr<file_writer> sink,
                                                transfer_options options)
{
    return engine_->run(operation::download{remote, std::move(sink), options.type, options.offset}).outcome;
}

client_result<transfer_result> client::upload(const std::string& local_file, const std::string& remote,
                                              transfer_options options)
{
    auto source = open_local_file(local_file, options.offset);
    if (!source)
        return failed(source.error());
    return upload(std::move(*source), remote, options);
}

client_result<transfer_result> client::upload(std::unique_ptr<file_reader> source, const std::string& remote,
                                              transfer_options options)
{
    return engine_->run(operation::upload{remote, std::move(source), options.type, options.offset, options.append})
        .outcome;
}

void client::quit()
{
    static_cast<void>(engine_->run(operation::quit{}));
    engine_->close();
}

void client::close() noexcept
{
    engine_->close();
}

} // namespace libftp::net
