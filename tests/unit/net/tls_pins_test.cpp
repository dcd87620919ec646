// The pin file, line by line.
#include "net/tls_pins.hpp"

#include "support/scratch_folder.hpp"

#include <libftp/net/pinned_fingerprints.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace libftp;
using namespace libftp::net;

namespace {

using pins = std::vector<std::string>;

const std::string one(64, '1');
const std::string two(64, '2');
const std::string three(64, '3');

} // namespace

TEST_CASE("A server is called by host and port, in small letters, an IPv6 address in brackets")
{
    CHECK(pin_name("Ftp.Example.ORG", 21) == "ftp.example.org:21");
    CHECK(pin_name("::1", 2121) == "[::1]:2121");
}

TEST_CASE("Without a file there are no pins")
{
    const testing::scratch_folder folder;
    CHECK(find_pins(folder.path("pins"), "a:21").value().empty());
    CHECK(find_pins(folder.path(""), "a:21").error() == std::errc::is_a_directory);
}

TEST_CASE("A server's pins are found among others, notes and broken lines")
{
    const testing::scratch_folder folder;
    folder.write("pins", "# note\n\na:21 " + one + "\r\n  A:21\t" + two + " \na:210 " + three + "\naa:21 " + three +
                             "\na:21 cut\na:21\nb:21 " + three);
    CHECK(find_pins(folder.path("pins"), "a:21").value() == pins{one, two});
    CHECK(find_pins(folder.path("pins"), "b:21").value() == pins{three});
    CHECK(find_pins(folder.path("pins"), "c:21").value().empty());
}

TEST_CASE("A line that is neither pin nor note is found by its number")
{
    const testing::scratch_folder folder;
    const auto good = "# note\n\na:21 " + one + "\r\n  [::1]:21\t" + two + " \n";
    for (const auto* broken : {"a:21 cut", "a:21", "odd"}) {
        folder.write("pins", good + broken + "\nb:21 " + three);
        CHECK(find_broken_line(folder.path("pins")) == 5);
    }
    folder.write("pins", good);
    CHECK(find_broken_line(folder.path("pins")) == 0);
    CHECK(find_broken_line(folder.path("none")) == 0);
}

TEST_CASE("A program can ask for the pins of a host and a port, in the form that a certificate's fingerprint has")
{
    const testing::scratch_folder folder;
    std::string typed;
    for (int i = 0; i < 32; ++i)
        typed += i == 0 ? "aB" : ":aB";
    folder.write("pins", "a:21 " + typed + "\n[::1]:21 " + one + "\n");
    CHECK(pinned_fingerprints(folder.path("pins"), "A", 21).value().front().starts_with("abab"));
    CHECK(pinned_fingerprints(folder.path("pins"), "::1", 21).value() == pins{one});
    CHECK(pinned_fingerprints(folder.path("pins"), "a", 22).value().empty());
}

TEST_CASE("A new pin takes the place of the server's old ones and leaves all other lines alone")
{
    const testing::scratch_folder folder;
    write_pin(folder.path("pins"), "a:21", one).value();
    CHECK(folder.read("pins") == "a:21 " + one + "\n");

    folder.write("pins", "# note\na:21 " + one + "\nb:21 " + three + "\na:21 " + two + "\nodd");
    write_pin(folder.path("pins"), "a:21", three).value();
    CHECK(folder.read("pins") == "# note\nb:21 " + three + "\nodd\na:21 " + three + "\n");
    CHECK(folder.names() == std::vector<std::string>{"pins"});
}

TEST_CASE("No name can write a line of its own")
{
    const testing::scratch_folder folder;
    for (const auto& name : {"a\nb:21", "a b:21", "a\r:21"})
        CHECK(write_pin(folder.path("pins"), name, one).error() == std::errc::invalid_argument);
    CHECK(folder.names().empty());
}

TEST_CASE("A pin that cannot be written is an error")
{
    const testing::scratch_folder folder;
    CHECK(write_pin(folder.path("none/pins"), "a:21", one).error() == std::errc::no_such_file_or_directory);
}
