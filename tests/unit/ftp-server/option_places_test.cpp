// Messages that lead to the line to change.
#include "../../../apps/ftp-server/option_places.hpp"

#include <doctest/doctest.h>

TEST_CASE("An option of the file is placed, with or without its dashes")
{
    option_places places;
    places.set_file("/etc/s.toml");
    places.put("users", 12);
    CHECK(places["users"] == "/etc/s.toml:12: users: ");
    CHECK(places["--users"] == "/etc/s.toml:12: users: ");
    CHECK(places["--port"] == "");
}

TEST_CASE("A message about an option of the file says where it is, others stay as they are")
{
    option_places places;
    CHECK(places.placed("--users: is wrong") == "--users: is wrong");
    places.set_file("s.toml");
    places.put("users", 3);
    CHECK(places.placed("--users: is wrong: very") == "s.toml:3: users: is wrong: very");
    CHECK(places.placed("--port: is wrong") == "--port: is wrong");
    CHECK(places.placed("users: is wrong") == "users: is wrong");
    CHECK(places.placed("--users") == "--users");
    CHECK(places.placed("") == "");
}
