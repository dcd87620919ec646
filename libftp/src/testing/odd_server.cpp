// The listener and the thread of an odd server.
#include <libftp/testing/odd_server.hpp>

#include "odd_connection.hpp"
#include "odd_state.hpp"

#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

namespace libftp::testing {

struct odd_server::engine {
    engine(const odd_script& its_script, const ip_address& at)
        : script(its_script), acceptor(context, net::to_asio({at, 0})), where(net::from_asio(acceptor.local_endpoint()))
    {
        net::prepare_socket(net::descriptor_of(acceptor));
        accept();
    }

    void accept()
    {
        acceptor.async_accept([this](std::error_code error, net::tcp::socket socket) {
            std::error_code gone;
            const auto peer = error ? net::tcp::endpoint{} : socket.remote_endpoint(gone);
            if (!error && !gone)
                serve(std::move(socket), net::from_asio(peer));
            accept();
        });
    }

    void serve(net::tcp::socket socket, const endpoint& peer)
    {
        std::error_code ignored;
        const auto local = net::from_asio(socket.local_endpoint(ignored));
        net::set_control_options(socket); // or 226 waits until the client has acknowledged 150, which it delays
        auto connection = std::make_shared<odd_connection>(std::move(socket), script, peer, local);
        std::erase_if(connections, [](const auto& each) { return each.expired(); });
        connections.push_back(connection);
        connection->pump();
    }

    void script_changed()
    {
        const auto all = connections;
        for (const auto& each : all) {
            if (const auto connection = each.lock())
                connection->script_changed();
        }
    }

    const odd_script& script;
    asio::io_context context{1};
    net::tcp::acceptor acceptor;
    endpoint where;
    std::vector<std::weak_ptr<odd_connection>> connections;
    std::thread thread;
};

odd_server::odd_server(const ip_address& at) : engine_(std::make_unique<engine>(*this, at)), where_(engine_->where)
{
    state_->on_change(
        [engine = engine_.get()] { asio::post(engine->context, [engine] { engine->script_changed(); }); });
    engine_->thread = std::thread{[engine = engine_.get()] { engine->context.run(); }};
}

odd_server::~odd_server()
{
    stop();
}

bool odd_server::wait_until_heard(std::string_view command, std::size_t count, std::chrono::seconds limit) const
{
    return state_->wait_until_heard(command, count, limit);
}

bool odd_server::wait_until_held(std::size_t count, std::chrono::seconds limit) const
{
    return state_->wait_until_held(count, limit);
}

void odd_server::stop() noexcept
{
    if (!engine_)
        return;
    state_->on_change({});
    engine_->context.stop();
    engine_->thread.join();
    engine_.reset();
}

} // namespace libftp::testing
