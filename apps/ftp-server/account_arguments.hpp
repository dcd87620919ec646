// `ftp-server user ...`: the commands that work on a users file.
#pragma once

#include "options.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

/// Has to live until the command line is parsed.
class account_arguments {
public:
    void add_to(CLI::App& app);
    /// After parsing: what to do, or nothing if no such command was given. `users_file` is for commands that name none.
    /// Throws CLI::ValidationError.
    [[nodiscard]] std::optional<account_options> read(const std::string& users_file) const;

private:
    CLI::App* add_task(account_task task, const char* name, const char* description);

    CLI::App* user_ = nullptr;
    account_options chosen_{};
    std::optional<std::string> allowed_{};
};
