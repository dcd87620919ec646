// What is answered over HTTP, and who may share a port.
#include "../../../apps/ftp-server/service/metrics_listener.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

namespace {

const metrics_source healthy{.metrics = [] { return std::string{"a 1\n"}; }, .is_healthy = [] { return true; }};
const metrics_source ending{.metrics = healthy.metrics, .is_healthy = [] { return false; }};

std::string status_for(std::string_view request, const metrics_source& source = healthy)
{
    const auto answer = answer_http(request, source);
    return answer.substr(0, answer.find("\r\n"));
}

} // namespace

TEST_CASE("The metrics are a page that ends with its connection")
{
    CHECK(answer_http("GET /metrics?x=1 HTTP/1.1\r\nHost: a", healthy) ==
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
          "a 1\n");
}

TEST_CASE("HEAD gets the head only")
{
    const auto answer = answer_http("HEAD /metrics HTTP/1.0", healthy);
    CHECK(answer.ends_with("Content-Length: 4\r\nConnection: close\r\n\r\n"));
}

TEST_CASE("Health shows in the status")
{
    CHECK(status_for("GET /health HTTP/1.1") == "HTTP/1.1 200 OK");
    CHECK(status_for("GET /health HTTP/1.1", ending) == "HTTP/1.1 503 Service Unavailable");
}

TEST_CASE("What is no request for a page is refused")
{
    CHECK(status_for("GET / HTTP/1.1") == "HTTP/1.1 404 Not Found");
    CHECK(status_for("POST /metrics HTTP/1.1") == "HTTP/1.1 405 Method Not Allowed");
    for (const auto* request : {"", " ", "GET", "GET /metrics", "GET  /metrics HTTP/1.1", "USER a\r\nPASS b"})
        CHECK(status_for(request) == "HTTP/1.1 400 Bad Request");
}

TEST_CASE("Only a server that follows shares the port of another")
{
    asio::io_context context;
    const libftp::endpoint anywhere{libftp::ip_address::loopback_v4(), 0};
    const metrics_listener first{context, anywhere, rival::respected, healthy};
    CHECK(first.where().port != 0);
    CHECK_THROWS_AS((metrics_listener{context, first.where(), rival::respected, healthy}), std::runtime_error);
    const metrics_listener successor{context, first.where(), rival::followed, healthy};
    CHECK(successor.where() == first.where());
}
