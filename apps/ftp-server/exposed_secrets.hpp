// Looks for what no client may see below what clients see.
#pragma once

#include "options.hpp"

#include <string>
#include <vector>

/// A sentence for each users file and each private key in a shared directory; none for names that are hidden, and none
/// for roots of single accounts.
std::vector<std::string> warnings_of_exposed_secrets(const serve_options& options);
