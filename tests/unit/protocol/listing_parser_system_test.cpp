// What servers say of their listings, and the names that programs print.
#include <doctest/doctest.h>

#include <libftp/protocol/listing_parser.hpp>

#include <string_view>

using namespace libftp;

TEST_CASE("The answer to SYST tells the style of listings")
{
    using enum listing_style;
    struct row {
        std::string_view system;
        listing_style style;
    };
    for (const row& known : {row{"UNIX Type: L8", unix_ls},
                             row{"UNIX Type: L8 Version: NetWare MurkWorks, Inc. 1.80", unix_ls},
                             row{"unix emulated by FileZilla", unix_ls},
                             row{"Linux/UNIX", unix_ls},
                             row{"Windows_NT", dos},
                             row{"Windows_NT version 5.0", dos},
                             row{"VMS", vms},
                             row{"OpenVMS V8.4", vms},
                             row{"VMS V5.5-2.", vms},
                             row{"MVS is the operating system of this server. FTP Server is running on z/OS.", mvs},
                             row{"OS/400 is the remote operating system. The TCP/IP version is \"V7R3M0\".", os400},
                             row{"VM is the operating system of this server.", zvm},
                             row{"z/VM Version 4 Release 2.0, service level 0101 (32-bit)", zvm},
                             row{"NETWARE  Type : L8", netware},
                             row{"NONSTOP", nonstop},
                             row{"HP NonStop Server", nonstop},
                             row{"Tandem", nonstop},
                             row{"MACOS Peter's Server", macos},
                             row{"OS/2 operating system", os2},
                             row{"OS-9 Microware", os9},
                             row{"VxWorks (5.5)", vxworks},
                             row{"  VXWORKS Type: L8", vxworks}}) {
        CAPTURE(known.system);
        CHECK(listing_style_of_system(known.system) == known.style);
    }
    for (const std::string_view system : {"", "unknown", "KVM", "VMware", "MVSX", "L8"}) {
        CAPTURE(system);
        CHECK_FALSE(listing_style_of_system(system));
    }
}

TEST_CASE("Each value has a name of its own")
{
    CHECK(to_string(listing_style::facts) == "facts");
    CHECK(to_string(listing_style::mvs_member) == "mvs_member");
    CHECK(to_string(listing_style::other) == "other");
    CHECK(to_string(time_precision::fraction) == "fraction");
    CHECK(to_string(time_precision::none) == "none");
    CHECK(to_string(confidence::medium) == "medium");
    CHECK(to_string(refusal_reason::elsewhere) == "elsewhere");
    for (int a = 0; a <= static_cast<int>(listing_style::other); ++a) {
        for (int b = 0; b < a; ++b)
            CHECK(to_string(static_cast<listing_style>(a)) != to_string(static_cast<listing_style>(b)));
    }
}
