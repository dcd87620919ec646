// Which files a server with these options works with.
#pragma once

#include "../options.hpp"
#include "file_confinement.hpp"

#include <optional>

/// Nothing if that cannot be known: accounts of PAM may have their homes anywhere.
std::optional<reachable_files> files_in_reach(const serve_options& options);

/// Modules of PAM may run programs.
programs programs_needed(const serve_options& options);
