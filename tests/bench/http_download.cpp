// GET with what a server needs, and of its answer the length.
#include "http_download.hpp"

#include "failure.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace bench {

task<> http_download::connect(const sockaddr_in& where, SSL_CTX* context)
{
    connection_.begin_connecting(where);
    connection_.send_at_once();
    if (context == nullptr)
        co_return;
    tls_pointer<SSL> tls{SSL_new(context)};
    if (tls)
        SSL_set_default_read_buffer_len(tls.get(), 256 * 1024);
    co_await connection_.begin_tls(std::move(tls), nullptr);
}

task<std::uint64_t> http_download::fetch(std::string name)
{
    const auto line = "GET /" + name + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    co_await connection_.write(line);
    std::array<char, 16 * 1024> room;
    std::string answer;
    auto end = std::string::npos;
    while (end == std::string::npos) {
        const auto bytes = co_await connection_.read(room);
        if (bytes == 0)
            throw failure{"the web server has closed the connection"};
        answer.append(room.data(), bytes);
        end = answer.find("\r\n\r\n");
    }
    if (!answer.starts_with("HTTP/1.1 200 "))
        throw failure{name + ": " + answer.substr(0, answer.find('\r'))};
    constexpr std::string_view length_field = "\r\nContent-Length: ";
    const auto field = answer.find(length_field);
    if (field == std::string::npos || field > end)
        throw failure{name + ": the web server does not say its length"};
    std::uint64_t length = 0;
    std::from_chars(answer.data() + field + length_field.size(), answer.data() + end, length);
    const auto due = length - (answer.size() - (end + 4));
    const auto dropped = co_await connection_.drop(due);
    if (dropped != due)
        throw failure{name + ": " + std::to_string(due - dropped) + " bytes are missing"};
    co_return length;
}

} // namespace bench
