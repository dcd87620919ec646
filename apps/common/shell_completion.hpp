// Scripts by which a shell completes a program's commands and options, made from its CLI::App.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
} // namespace CLI

/// For "bash" or "zsh"; other words are completed as names of files. Throws CLI::ValidationError for another shell.
std::string shell_completion(const CLI::App& app, std::string_view shell);
