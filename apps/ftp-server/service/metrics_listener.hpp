// A small HTTP server: /metrics for Prometheus, /health for whoever watches over services.
#pragma once

#include "answer_loop.hpp"

#include <libftp/endpoint.hpp>

#include <asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// What is asked for on the context's thread.
struct metrics_source {
    std::function<std::string()> metrics{}; ///< The text exposition format 0.0.4.
    std::function<bool()> is_healthy{};     ///< Takes new sessions.
};

/// What the request with these header lines gets (RFC 9110, RFC 9112).
std::string answer_http(std::string_view request, const metrics_source& source);

class metrics_listener {
public:
    /// Throws std::runtime_error with a sentence for the user. A server that follows may listen here too.
    metrics_listener(asio::io_context& context, const libftp::endpoint& where, rival other, metrics_source source);
    /// On the context's thread, if that runs.
    ~metrics_listener();
    metrics_listener(const metrics_listener&) = delete;
    metrics_listener& operator=(const metrics_listener&) = delete;

    [[nodiscard]] libftp::endpoint where() const;
    /// As long as the context runs, on one thread.
    void serve();

private:
    struct engine;
    std::unique_ptr<engine> engine_;
};
