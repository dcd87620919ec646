// What the help of ftp-client says besides its options.
#pragma once

#include "../common/help_pages.hpp"

help_contents client_help();
