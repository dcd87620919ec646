// What the help of ftp-server says besides its options.
#pragma once

#include "../common/help_pages.hpp"

help_contents server_help();
