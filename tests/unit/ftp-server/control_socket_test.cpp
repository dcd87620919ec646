// Asking at a socket.
#include "../../../apps/ftp-server/service/control_socket.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include <stdlib.h>

namespace fs = std::filesystem;

namespace {

class scratch_directory {
public:
    scratch_directory()
    {
        std::string name = (fs::temp_directory_path() / "libftp-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~scratch_directory() { fs::remove_all(path_); }
    scratch_directory(const scratch_directory&) = delete;
    scratch_directory& operator=(const scratch_directory&) = delete;

    [[nodiscard]] std::string socket() const { return (path_ / "control").string(); }

private:
    fs::path path_;
};

std::string echo(std::string_view request)
{
    return "asked: " + std::string{request} + "\n";
}

/// A socket that answers on a thread of its own.
class answering {
public:
    explicit answering(const std::string& path, rival other = rival::respected) : socket_(context_, path, other)
    {
        socket_.serve(echo);
        thread_ = std::thread{[this] { context_.run(); }};
    }
    ~answering()
    {
        context_.stop();
        thread_.join();
    }
    answering(const answering&) = delete;
    answering& operator=(const answering&) = delete;

private:
    asio::io_context context_{};
    control_socket socket_;
    std::thread thread_{};
};

} // namespace

TEST_CASE("Whoever asks gets the answer, one after the other")
{
    const scratch_directory scratch;
    const answering server{scratch.socket()};
    CHECK(ask_control_socket(scratch.socket(), "status") == "asked: status\n");
    CHECK(ask_control_socket(scratch.socket(), "") == "asked: \n");
}

TEST_CASE("Only the owner may use the socket, and it goes with its server")
{
    const scratch_directory scratch;
    {
        const answering server{scratch.socket()};
        const auto status = fs::status(scratch.socket());
        CHECK(status.type() == fs::file_type::socket);
        CHECK(status.permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    }
    CHECK_FALSE(fs::exists(scratch.socket()));
    CHECK_THROWS_AS(ask_control_socket(scratch.socket(), "status"), std::runtime_error);
}

TEST_CASE("A server that lives keeps its socket, unless it is followed")
{
    const scratch_directory scratch;
    const answering server{scratch.socket()};
    CHECK_THROWS_AS(answering{scratch.socket()}, std::runtime_error);
    {
        const answering successor{scratch.socket(), rival::followed};
        CHECK(ask_control_socket(scratch.socket(), "x") == "asked: x\n");
    }
}

TEST_CASE("A server that is followed leaves the socket of the one who follows")
{
    const scratch_directory scratch;
    auto server = std::make_unique<answering>(scratch.socket());
    const answering successor{scratch.socket(), rival::followed};
    server.reset();
    CHECK(ask_control_socket(scratch.socket(), "x") == "asked: x\n");
}

TEST_CASE("A socket that a dead server left is replaced, another file is not")
{
    const scratch_directory scratch;
    {
        asio::io_context context;
        asio::local::stream_protocol::acceptor dead{context, scratch.socket()};
    }
    REQUIRE(fs::exists(scratch.socket()));
    {
        const answering server{scratch.socket()};
        CHECK(ask_control_socket(scratch.socket(), "x") == "asked: x\n");
    }
    std::ofstream{scratch.socket()} << "text";
    CHECK_THROWS_AS(answering{scratch.socket()}, std::runtime_error);
    CHECK(fs::exists(scratch.socket()));
}

TEST_CASE("A path that no socket can have is named")
{
    const scratch_directory scratch;
    const auto path = scratch.socket() + std::string(200, 'x');
    CHECK_THROWS_WITH(answering{path}, doctest::Contains(path.c_str()));
}

TEST_CASE("One who leaves without a word keeps nobody waiting")
{
    const scratch_directory scratch;
    const answering server{scratch.socket()};
    asio::io_context context;
    {
        asio::local::stream_protocol::socket silent{context};
        silent.connect(scratch.socket());
    }
    CHECK(ask_control_socket(scratch.socket(), "x") == "asked: x\n");
}

TEST_CASE("A request that is too long gets no answer")
{
    const scratch_directory scratch;
    const answering server{scratch.socket()};
    CHECK_THROWS_AS(ask_control_socket(scratch.socket(), std::string(10'000, 'x')), std::runtime_error);
    CHECK(ask_control_socket(scratch.socket(), "x") == "asked: x\n");
}
