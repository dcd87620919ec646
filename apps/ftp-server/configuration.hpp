// The configuration file of ftp-server: the options by their long names, in TOML.
#pragma once

#include "option_places.hpp"

#include <string>

namespace CLI {
class App;
} // namespace CLI

/// Gives the app an option `--config FILE`. What the file sets is noted in `places`, unless an argument sets it too,
/// which counts then. Both have to live until the command line is parsed. A fault in the file becomes CLI::ConfigError.
void add_configuration_file(CLI::App& app, option_places& places);

/// A configuration file with every option and what it means, for people to change. Options that were given have their
/// value, the others are comments. To be called after parsing.
std::string sample_configuration(const CLI::App& app);
