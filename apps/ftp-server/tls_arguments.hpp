// The part of ftp-server's command line that is about TLS.
#pragma once

#include "options.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

/// Has to live until the command line is parsed.
class tls_arguments {
public:
    void add_to(CLI::App& app);
    /// After parsing. Throws CLI::ValidationError where options contradict one another.
    [[nodiscard]] tls_choices read(const CLI::App& app) const;

private:
    std::string mode_{};
    std::vector<std::string> certificates_{};
    std::vector<std::string> keys_{};
    std::uint16_t implicit_port_ = 0;
    std::string binding_ = "prefer";
    std::string client_authorities_{};
    std::string clients_ = "required";
};
