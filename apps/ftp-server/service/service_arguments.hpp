// The part of ftp-server's command line that is about its life as a service.
#pragma once

#include "service_choices.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

/// `choices` gets the values when the command line is parsed, and has to live until then.
void add_service_options(CLI::App& app, service_choices& choices);

/// `ftp-server status`. Has to live until the command line is parsed.
class status_arguments {
public:
    void add_to(CLI::App& app);
    /// After parsing: what to show, or nothing if there was no such command. `control_socket` is for commands that name
    /// none. Throws CLI::ValidationError.
    [[nodiscard]] std::optional<status_options> read(const std::string& control_socket) const;

private:
    CLI::App* status_ = nullptr;
    std::string control_socket_{};
};
