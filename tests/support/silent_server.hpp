// A server for what ours never does: it says what a test has written down, and then nothing.
#pragma once

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace libftp::testing {

/// Takes one connection: says `greeting`, answers the lines that begin with one of the given texts, and is silent about
/// all others, until the client goes away.
class silent_server {
public:
    using answers = std::vector<std::pair<std::string, std::string>>;

    explicit silent_server(std::string greeting = {}, answers known = {})
        : acceptor_(context_, asio::ip::tcp::endpoint{asio::ip::address_v4::loopback(), 0}),
          greeting_(std::move(greeting)), known_(std::move(known)), thread_([this] { serve(); })
    {
    }
    ~silent_server()
    {
        // Wakes it up if nobody has connected.
        asio::ip::tcp::socket nobody{context_};
        std::error_code ignored;
        nobody.connect(acceptor_.local_endpoint(), ignored);
        nobody.close(ignored);
        thread_.join();
    }
    silent_server(const silent_server&) = delete;
    silent_server& operator=(const silent_server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void serve()
    {
        auto socket = acceptor_.accept();
        std::error_code end;
        asio::write(socket, asio::buffer(greeting_), end);
        std::string received;
        std::array<char, 4096> piece;
        while (!end) {
            received.append(piece.data(), socket.read_some(asio::buffer(piece), end));
            for (auto line = received.find("\r\n"); line != std::string::npos && !end; line = received.find("\r\n")) {
                asio::write(socket, asio::buffer(answer(received.substr(0, line))), end);
                received.erase(0, line + 2);
            }
        }
    }

    [[nodiscard]] std::string_view answer(std::string_view line) const
    {
        for (const auto& [begin, text] : known_)
            if (line.starts_with(begin))
                return text;
        return {};
    }

    asio::io_context context_;
    asio::ip::tcp::acceptor acceptor_;
    std::string greeting_;
    answers known_;
    std::thread thread_;
};

} // namespace libftp::testing
