// Serves a directory until a signal ends it, and tells whoever started it what happens.
#pragma once

#include "options.hpp"

/// Throws option_error, or another std::exception, with a sentence for the user.
void serve(serve_options options, int argc, char** argv);
