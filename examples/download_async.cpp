// Downloads one file on another thread, beside whatever else there is to do: download_async HOST PORT REMOTE LOCAL
#include <libftp/net/async_client.hpp>

#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>

#include <iostream>
#include <string>

/// Ends the other thread before what works there goes, however main() ends: a client must not go while its loop runs.
struct thread_end {
    asio::thread_pool& thread;
    ~thread_end()
    {
        thread.stop();
        thread.join();
    }
};

int main(int argc, char** argv)
try {
    if (argc != 5) {
        std::cerr << "usage: download_async HOST PORT REMOTE LOCAL\n";
        return 2;
    }
    asio::thread_pool thread{1};
    libftp::net::async_client client{thread.get_executor()};
    const thread_end first{thread};
    client.async_connect(argv[1], static_cast<std::uint16_t>(std::stoi(argv[2])), asio::use_future).get().value();
    client.async_login("anonymous", libftp::secret{"guest@"}, asio::use_future).get().value();

    auto download = client.async_download(argv[3], std::string{argv[4]}, {}, asio::use_future);
    std::cout << "This thread does something else meanwhile.\n";
    std::cout << argv[4] << ": " << download.get().value().bytes << " bytes\n";
    client.async_quit(asio::use_future).get().value();
} catch (const std::exception& error) {
    std::cerr << "download_async: " << error.what() << '\n';
    return 1;
}
