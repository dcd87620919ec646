// Which listings Tab may rely on.
#include "../../../apps/ftp-client/remote_listings.hpp"

#include <doctest/doctest.h>

using libftp::listed_entry;

namespace {

std::vector<listed_entry> one_entry()
{
    listed_entry entry;
    entry.name = std::string(1, 'a');
    return {entry};
}

} // namespace

TEST_CASE("A listing is known for a minute")
{
    remote_listings seen;
    const libftp::clock::time_point now{};
    seen.remember("/images", one_entry(), now);
    REQUIRE(seen.find("/images", now + std::chrono::seconds{60}) != nullptr);
    CHECK(seen.find("/images", now)->front().name == "a");
    CHECK(seen.find("/images", now + std::chrono::seconds{61}) == nullptr);
    CHECK(seen.find("/", now) == nullptr);
}

TEST_CASE("A command that may change something makes it forget, one that only reads does not")
{
    remote_listings seen;
    const libftp::clock::time_point now{};
    for (const auto* verb : {"LIST", "CWD images", "RETR a", "PASV", "TYPE I"}) {
        seen.remember("/", one_entry(), now);
        seen.heard(verb);
        CHECK(seen.find("/", now) != nullptr);
    }
    for (const auto* verb : {"STOR a", "DELE a", "RNTO b", "SITE CHMOD 600 a", "USER b", "XFROB"}) {
        seen.remember("/", one_entry(), now);
        seen.heard(verb);
        CHECK(seen.find("/", now) == nullptr);
    }
}

TEST_CASE("Directories are known by their whole path")
{
    CHECK(remote_listings::absolute("/home", "images/") == "/home/images/");
    CHECK(remote_listings::absolute("/", "images/") == "/images/");
    CHECK(remote_listings::absolute("/home", "/images") == "/images");
    CHECK(remote_listings::absolute("/home", "") == "/home/");
}
