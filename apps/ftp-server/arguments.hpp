// The options of ftp-server by topic; those of TLS and of the service have files of their own.
#pragma once

#include "options.hpp"

namespace CLI {
class App;
} // namespace CLI

// `options` gets the values when the command line is parsed, and has to live until then.

void add_listening_options(CLI::App& app, serve_options& options);
void add_account_options(CLI::App& app, serve_options& options);
void add_limit_options(CLI::App& app, serve_options& options);
void add_rate_options(CLI::App& app, serve_options& options);
void add_log_options(CLI::App& app, serve_options& options);
void add_protocol_options(CLI::App& app, serve_options& options);
