// Asynchronous clients that belong to their own handlers, and a loop that goes before they have come to their end.
#include "running_server.hpp"

#include <libftp/net/async_client.hpp>
#include <libftp/store/file_place.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/io_context.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <string_view>

using namespace libftp;
using namespace libftp::testing;

namespace {

std::shared_ptr<memory_store> some_files()
{
    auto files = std::make_shared<memory_store>();
    files->add_file("/a.txt", std::string(1'000'000, 'x'));
    return files;
}

/// Asks for more than there is time for, and has nobody but the handlers keep the client.
std::weak_ptr<net::async_client> begin_work(
    const asio::any_io_executor& executor, const running_server& server, const std::function<void()>& ended = [] {})
{
    const auto client = std::make_shared<net::async_client>(executor);
    const auto keep = [client, ended](const auto&) { ended(); };
    client->async_connect("127.0.0.1", server.port(), keep);
    client->async_login("ann", secret{"secret"}, keep);
    client->async_list("", keep);
    for (int i = 0; i < 3; ++i)
        client->async_download("a.txt", make_callback_writer([](std::string_view) { return result<void>{}; }), {},
                               keep);
    client->async_hash("a.txt", std::nullopt, keep);
    return client;
}

} // namespace

TEST_CASE("A loop that goes ends the clients that only their handlers own, wherever they are")
{
    const running_server server{some_files()};
    for (int handlers = 0; handlers < 100; handlers += 3) {
        std::weak_ptr<net::async_client> client;
        std::weak_ptr<net::async_client> on_strand;
        {
            asio::io_context loop{1};
            client = begin_work(loop.get_executor(), server);
            on_strand = begin_work(asio::make_strand(loop), server);
            for (int i = 0; i < handlers; ++i)
                loop.run_one_for(std::chrono::milliseconds{20});
        }
        CHECK(client.expired());
        CHECK(on_strand.expired());
    }
}

TEST_CASE("So does a pool of threads that is stopped")
{
    const running_server server{some_files()};
    for (int operations = 0; operations < 6; ++operations) {
        std::counting_semaphore<> ended{0};
        std::weak_ptr<net::async_client> client;
        {
            asio::thread_pool threads{2};
            client = begin_work(asio::make_strand(threads), server, [&ended] { ended.release(); });
            for (int i = 0; i < operations; ++i)
                ended.acquire();
            threads.stop();
        }
        CHECK(client.expired());
    }
}
