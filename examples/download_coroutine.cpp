// Downloads several files at the same time by coroutines: download_coroutine HOST PORT REMOTE...
#include <libftp/net/async_client.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>

#include <iostream>
#include <string>

using namespace libftp;

/// Into a file of the same last name. Whatever fails is thrown by value().
static asio::awaitable<void> download(std::string host, std::uint16_t port, std::string remote)
{
    net::async_client client{co_await asio::this_coro::executor};
    (co_await client.async_connect(host, port, asio::use_awaitable)).value();
    (co_await client.async_login("anonymous", secret{"guest@"}, asio::use_awaitable)).value();

    const auto local = remote.substr(remote.rfind('/') + 1);
    const auto done = (co_await client.async_download(remote, local, {}, asio::use_awaitable)).value();
    std::cout << local << ": " << done.bytes << " bytes\n";
    (co_await client.async_quit(asio::use_awaitable)).value();
}

int main(int argc, char** argv)
{
    if (argc < 4) {
        std::cerr << "usage: download_coroutine HOST PORT REMOTE...\n";
        return 2;
    }
    int failures = 0;
    asio::io_context loop{1};
    for (int i = 3; i < argc; ++i)
        co_spawn(loop, download(argv[1], static_cast<std::uint16_t>(std::stoi(argv[2])), argv[i]),
                 [&failures](const std::exception_ptr& failure) {
                     try {
                         if (failure)
                             std::rethrow_exception(failure);
                     } catch (const std::exception& error) {
                         std::cerr << "download_coroutine: " << error.what() << '\n';
                         ++failures;
                     }
                 });
    loop.run();
    return failures == 0 ? 0 : 1;
}
