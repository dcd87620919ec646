// Bytes through TLS: how they are cut, how calls wait, and how a connection ends.
#include "support/raw_tls.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_pair.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <vector>

#include <fcntl.h>

using namespace libftp;
using namespace libftp::net;
using libftp::testing::both_versions;
using libftp::testing::good_sides;
using libftp::testing::read_end;
using libftp::testing::read_text;
using libftp::testing::tls_pair;

namespace {

std::string pattern(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>('a' + i * 7 % 23 + i / 4096 % 3);
    return bytes;
}

/// A control connection and a data connection of it, either may be the one under test.
struct connections {
    explicit connections(tls_versions version) : sides(good_sides(version)), control(sides.open_control())
    {
        read_text(*control.client); // the first ticket
        data = sides.open_data(control);
    }
    testing::tls_sides sides;
    tls_pair control;
    tls_pair data{};
};

/// As much as the socket takes.
std::size_t fill(tls_stream& into, std::string_view bytes)
{
    std::size_t written = 0;
    while (written < bytes.size()) {
        const auto step = into.write(bytes.substr(written));
        CHECK_FALSE(step.error);
        if (step.waits != tls_wait::nothing) {
            CHECK(step.waits == tls_wait::writable);
            CHECK(step.bytes == 0);
            break;
        }
        written += step.bytes;
    }
    return written;
}

} // namespace

TEST_CASE("What one side writes the other side reads, both ways, on both kinds of connection")
{
    for (const auto version : both_versions) {
        const connections s{version};
        for (const auto* const pair : {&s.control, &s.data}) {
            CHECK(pair->client->write("to the server").bytes == 13);
            CHECK(read_text(*pair->server) == "to the server");
            CHECK(pair->server->write("to the client").bytes == 13);
            CHECK(read_text(*pair->client) == "to the client");
        }
    }
}

TEST_CASE("A read without anything there waits for the socket, and has no input")
{
    for (const auto version : both_versions) {
        const connections s{version};
        for (const auto* const pair : {&s.control, &s.data}) {
            const auto step = read_end(*pair->server);
            CHECK(step.waits == tls_wait::readable);
            CHECK(step.bytes == 0);
            CHECK_FALSE(pair->server->has_input());
        }
    }
}

TEST_CASE("A read fills its room from many records, and what is left is input that needs no socket")
{
    for (const auto version : both_versions) {
        const connections s{version};
        for (const auto* const pair : {&s.control, &s.data}) {
            for (const auto* const piece : {"one ", "two ", "three"})
                pair->client->write(piece);
            std::array<char, 10> room{};
            CHECK(pair->server->read(room).bytes == 10);
            CHECK(std::string_view{room.data(), 10} == "one two th");
            CHECK(pair->server->has_input());
            CHECK(pair->server->read(std::span{room}.first(1)).bytes == 1);
            CHECK(pair->server->has_input());
            CHECK(read_text(*pair->server) == "ee");
            CHECK_FALSE(pair->server->has_input());
        }
    }
}

TEST_CASE("Half a record is no input, so that nobody asks for it again and again")
{
    for (const auto version : both_versions) {
        const connections s{version};
        s.data.client->write("text");
        // Everything but the last byte of the record.
        std::string record = testing::socket_pair::receive(s.data.sockets->server());
        testing::socket_pair::send(s.data.sockets->client(), {record.data(), record.size() - 1});
        CHECK(read_end(*s.data.server).waits == tls_wait::readable);
        CHECK_FALSE(s.data.server->has_input());
        testing::socket_pair::send(s.data.sockets->client(), {&record.back(), 1});
        CHECK(read_text(*s.data.server) == "text");
    }
}

TEST_CASE("A write takes what the socket takes, waits, and goes on at another address with more behind it")
{
    for (const auto version : both_versions) {
        const connections s{version};
        const auto all = pattern(3'000'000);
        const auto taken = fill(*s.data.server, {all.data(), 2'000'000});
        REQUIRE(taken > 16 * 1024);
        REQUIRE(taken < 2'000'000);

        auto read = read_text(*s.data.client);
        std::size_t written = taken;
        while (written < all.size()) {
            const std::vector<char> moved{all.begin() + static_cast<std::ptrdiff_t>(written), all.end()};
            written += fill(*s.data.server, {moved.data(), moved.size()});
            read += read_text(*s.data.client);
        }
        CHECK(read == all);
    }
}

TEST_CASE("Any size of text arrives as it was, in rooms of any size")
{
    const connections s{tls_versions::only_1_3};
    for (const std::size_t size : {1U, 2U, 16383U, 16384U, 16385U, 40000U, 65536U, 70000U}) {
        CAPTURE(size);
        const auto text = pattern(size);
        for (const std::size_t room_size : {1000U, 16384U, 65537U, 100000U}) {
            std::size_t written = 0;
            std::string read;
            std::vector<char> room(room_size);
            while (read.size() < size) {
                written += fill(*s.data.client, std::string_view{text}.substr(written));
                const auto step = s.data.server->read(room);
                REQUIRE_FALSE(step.error);
                read.append(room.data(), step.bytes);
            }
            CHECK(read == text);
        }
    }
}

TEST_CASE("Nothing is written or read by an empty call")
{
    const connections s{tls_versions::only_1_3};
    s.control.client->write("text");
    const auto written = s.control.server->write({});
    CHECK(written.bytes == 0);
    CHECK(written.waits == tls_wait::nothing);
    CHECK(s.control.server->read({}).bytes == 0);
    CHECK(read_text(*s.control.server) == "text");
}

TEST_CASE("close() tells the peer that this was all, once, and the other way stays open")
{
    for (const auto version : both_versions) {
        const connections s{version};
        for (const auto* const pair : {&s.control, &s.data}) {
            pair->client->write("last");
            for (int times = 0; times < 2; ++times) {
                const auto closed = pair->client->close();
                CHECK_FALSE(closed.error);
                CHECK(closed.waits == tls_wait::nothing);
            }
            CHECK(read_text(*pair->server) == "last");
            CHECK(read_end(*pair->server).has_ended);
            CHECK(read_end(*pair->server).has_ended);

            CHECK(pair->server->write("answer").bytes == 6);
            CHECK_FALSE(pair->server->close().error);
            CHECK(read_text(*pair->client) == "answer");
            CHECK(read_end(*pair->client).has_ended);
        }
    }
}

TEST_CASE("An end that was read along with the last bytes is input until it has been told")
{
    for (const auto version : both_versions) {
        const connections s{version};
        s.data.client->write("last");
        s.data.client->close();
        std::array<char, 100> room{};
        const auto step = s.data.server->read(room);
        CHECK(step.bytes == 4);
        CHECK_FALSE(step.has_ended);
        CHECK(s.data.server->has_input());
        CHECK(read_end(*s.data.server).has_ended);
        CHECK_FALSE(s.data.server->has_input());
    }
}

TEST_CASE("Behind the end of TLS a control connection leaves bytes in clear to the caller")
{
    for (const auto version : both_versions) {
        const connections s{version};
        s.control.client->write("CCC\r\n");
        s.control.client->close();
        testing::socket_pair::send(s.control.sockets->client(), "NOOP\r\n");
        CHECK(read_text(*s.control.server) == "CCC\r\n");
        CHECK(read_end(*s.control.server).has_ended);
        CHECK(testing::socket_pair::receive(s.control.sockets->server()) == "NOOP\r\n");
    }
}

TEST_CASE("A connection that ends without the word for it was cut off, after all that came has been read")
{
    for (const auto version : both_versions) {
        const connections s{version};
        s.data.client->write("half");
        testing::socket_pair::end_sending(s.data.sockets->client());
        CHECK(read_text(*s.data.server) == "half");
        CHECK(read_end(*s.data.server).error == tls_errc::truncated);
        CHECK(read_end(*s.data.server).error == tls_errc::truncated);
        CHECK_FALSE(s.data.server->has_input());
        CHECK(s.data.server->close().error == tls_errc::truncated);
    }
}

TEST_CASE("A client that is told so takes a connection that just ends for complete, but not within a record")
{
    for (const auto version : both_versions) {
        auto server = testing::good_server();
        server.versions = version;
        auto client = testing::good_client();
        client.on_missing_close = missing_close_notify::is_end;
        const auto sides = testing::sides_of(server, std::move(client));
        const auto control = sides.open_control();
        read_text(*control.client);
        const auto data = sides.open_data(control);
        data.server->write("all");
        testing::socket_pair::end_sending(data.sockets->server());
        CHECK(read_text(*data.client) == "all");
        CHECK(read_end(*data.client).has_ended);
        CHECK_FALSE(read_end(*data.client).error);

        for (const std::size_t kept : {1U, 4U, 6U, 20U}) {
            const auto cut = sides.open_data(control);
            cut.server->write("all");
            const auto record = testing::socket_pair::receive(cut.sockets->client());
            testing::socket_pair::send(cut.sockets->server(), {record.data(), kept});
            testing::socket_pair::end_sending(cut.sockets->server());
            CHECK(read_end(*cut.client).error == tls_errc::truncated);
        }
    }
}

TEST_CASE("Bytes that are no TLS, or were changed on the way, end the connection")
{
    using std::string_literals::operator""s;
    for (const auto version : both_versions) {
        for (const auto& bytes :
             {"QUIT\r\n"s, "\x17\x03\x03\x00\x20"s + std::string(32, 'x'), "\x17\x03\x03\xff\xff"s}) {
            const connections s{version};
            for (const auto* const pair : {&s.control, &s.data}) {
                testing::socket_pair::send(pair->sockets->client(), bytes);
                CHECK(read_end(*pair->server).error == tls_errc::record_invalid);
                CHECK(pair->server->write("text").error == tls_errc::record_invalid);
                CHECK(pair->server->close().error == tls_errc::record_invalid);
            }
        }
    }
}

TEST_CASE("The peer hears that its bytes were changed on the way")
{
    for (const auto version : both_versions) {
        const connections s{version};
        testing::socket_pair::send(s.control.sockets->client(),
                                   "\x17\x03\x03" + std::string{"\0\x20", 2} + std::string(32, 'x'));
        CHECK(read_end(*s.control.server).error == tls_errc::record_invalid);
        CHECK(read_end(*s.control.client).error == tls_errc::record_invalid);
    }
}

TEST_CASE("Writing to a peer that went away is the system's error, and raises no signal")
{
    for (const auto version : both_versions) {
        const connections s{version};
        const auto old = std::signal(SIGPIPE, SIG_DFL);
        ::shutdown(s.data.sockets->client(), SHUT_RDWR);
        const auto step = s.data.server->write("text");
        std::signal(SIGPIPE, old);
        CHECK(step.error == std::errc::broken_pipe);
        CHECK(s.data.server->write("text").error == std::errc::broken_pipe);
    }
}

TEST_CASE("Writing to a peer that has ended TLS and then went away is an error, each time")
{
    for (const auto version : both_versions) {
        const connections s{version};
        s.data.client->close();
        CHECK(read_end(*s.data.server).has_ended);
        s.data.sockets->drop_client();
        CHECK(s.data.server->write("text").error);
        CHECK(s.data.server->write("text").error);
        CHECK(s.data.server->close().error);
    }
}

TEST_CASE("A reset is the system's error, in the handshake too")
{
    for (const auto version : both_versions) {
        const connections s{version};
        s.data.server->write("text");
        s.data.sockets->drop_client();
        CHECK(read_end(*s.data.server).error == std::errc::connection_reset);
        CHECK(s.data.server->close().error == std::errc::connection_reset);

        const auto pair = s.sides.control();
        pair.client->handshake();
        CHECK(pair.server->handshake().waits == tls_wait::readable);
        pair.sockets->drop_client();
        CHECK(pair.server->handshake().error == std::errc::connection_reset);
    }
}

TEST_CASE("The socket stays the caller's")
{
    auto s = std::make_unique<connections>(tls_versions::only_1_3);
    const int socket = s->data.sockets->server();
    s->data.server.reset();
    CHECK(::fcntl(socket, F_GETFD) != -1);
}

TEST_CASE("Before its handshake a stream closes without a word, and sends no ticket")
{
    const auto sides = good_sides();
    const auto pair = sides.control();
    CHECK_FALSE(pair.server->send_ticket().error);
    CHECK_FALSE(pair.server->close().error);
    CHECK(testing::socket_pair::receive(pair.sockets->client()).empty());
    CHECK(pair.shake().is_done());
}

TEST_CASE("A client may not begin a new handshake, and its connection goes on if it can bear that")
{
    const auto sides = good_sides();
    testing::socket_pair sockets;
    const auto server = sides.server->accept_control(sockets.server());
    testing::raw_tls client{TLS_client_method(), sockets.client(), testing::with_version(TLS1_2_VERSION)};
    REQUIRE(testing::shake_with(sockets, *server, client).is_done());

    REQUIRE(SSL_renegotiate(client.ssl()) == 1);
    CHECK(client.handshake().waits == tls_wait::readable);
    CHECK(read_end(*server).waits == tls_wait::readable);
    CHECK(client.handshake().error);
    CHECK(client.reason() == SSL_R_NO_RENEGOTIATION);
    CHECK(server->write("text").bytes == 4);
}

TEST_CASE("The kernel encrypts nothing that it cannot, and then files are not sent by it")
{
    const connections s{tls_versions::only_1_3};
    CHECK_FALSE(s.control.server->sends_files());
    CHECK_FALSE(s.data.server->sends_files());
    const testing::scratch_folder folder;
    folder.write("f", "text");
    const int file = ::open(folder.path("f").c_str(), O_RDONLY | O_CLOEXEC);
    CHECK(s.data.server->send_file(file, 0, 4).error);
    ::close(file);
    CHECK(s.data.server->write("text").bytes == 4); // nothing is lost
    CHECK(read_text(*s.data.client) == "text");
}
