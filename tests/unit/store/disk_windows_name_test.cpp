// The names that Windows takes for something else than a file, on whatever system the tests run.
#include "store/disk_windows_name.hpp"

#include <doctest/doctest.h>

using libftp::disk::is_plain_windows_name;

TEST_CASE("Names that only look like those of devices are plain on Windows")
{
    for (const auto* const name :
         {"a", "a.txt", ".profile", "a b", "CONSOLE", "con1", "com", "COM10", "lpt", "LPT1x", "xNUL", "nul-", "a.nul",
          "au x", "\xc3\xa4", "COM\xc2\xb4", "~1", "PROGRA~1", "$MFT"}) {
        CAPTURE(name);
        CHECK(is_plain_windows_name(name));
    }
}

TEST_CASE("Devices have their names in any case, with any extension, on Windows")
{
    for (const auto* const name : {"CON", "con", "Prn", "AUX", "NUL", "nul.txt", "nul.tar.gz", "con .x", "COM1", "com0",
                                   "Lpt9", "lpt1.log", "COM\xc2\xb9", "LPT\xc2\xb3.x", "CONIN$", "conout$"}) {
        CAPTURE(name);
        CHECK_FALSE(is_plain_windows_name(name));
    }
}

TEST_CASE("Streams, separators, wildcards, control bytes and ends that are dropped are in no plain name of Windows")
{
    for (const auto* const name :
         {"",    "a:b", "a::$DATA", "C:",   "a\\b", "\\", "..\\a", "a/b", "a?", "*",   "<", ">",
          "a|b", "\"",  "a\n",      "\x01", "a.",   "a ", "a. ",   ".",   "..", "...", " "}) {
        CAPTURE(name);
        CHECK_FALSE(is_plain_windows_name(name));
    }
}
