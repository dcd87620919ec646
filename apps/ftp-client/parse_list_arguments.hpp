// The part of ftp-client's command line that is about `parse-list`.
#pragma once

#include "parse_list.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

/// Has to live until the command line is parsed.
class parse_list_arguments {
public:
    void add_to(CLI::App& app);
    /// After parsing; nothing if it was not asked for. Throws CLI::ValidationError.
    [[nodiscard]] std::optional<parse_list_options> read() const;

private:
    CLI::App* command_ = nullptr;
    std::string file_{};
    std::string now_{};
    std::string hint_{};
    int zone_ = 0;
};
