// A socket at which programs on this machine ask the server: one line to ask, and the answer up to the end.
#pragma once

#include "answer_loop.hpp"

#include <asio/io_context.hpp>

#include <memory>
#include <string>
#include <string_view>

class control_socket {
public:
    /// Only the user who makes it, and root, may connect. Throws option_error with a sentence for the user. To be
    /// made while no thread makes files.
    control_socket(asio::io_context& context, std::string path, rival other);
    /// Whether there can be a socket of this name, as far as that shows before its directory is made. Throws
    /// option_error with a sentence for the user.
    static void check(const std::string& path);
    /// The context must not run any more.
    ~control_socket();
    control_socket(const control_socket&) = delete;
    control_socket& operator=(const control_socket&) = delete;

    /// As long as the context runs, on one thread.
    void serve(answerer answer);

private:
    struct engine;
    std::unique_ptr<engine> engine_;
};

/// Asks, and returns the whole answer. Throws std::runtime_error with a sentence for the user.
std::string ask_control_socket(const std::string& path, std::string_view request);
