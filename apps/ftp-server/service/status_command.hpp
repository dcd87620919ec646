// `ftp-server status`: asks a running server, and shows what it says.
#pragma once

#include "service_choices.hpp"

/// Throws std::runtime_error with a sentence for the user.
void show_status(const status_options& options);
