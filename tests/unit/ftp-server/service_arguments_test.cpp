// What the options of the service take.
#include "../../../apps/ftp-server/service/service_arguments.hpp"

#include <CLI/CLI.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace {

/// Parted by blanks, the last one first, as App::parse() takes them: of a whole line some versions part brackets too.
std::vector<std::string> words_of(const std::string& line)
{
    std::istringstream text{line};
    std::vector<std::string> words{std::istream_iterator<std::string>{text}, {}};
    std::ranges::reverse(words);
    return words;
}

service_choices parse(const std::string& arguments)
{
    CLI::App app;
    service_choices choices;
    add_service_options(app, choices);
    app.parse(words_of(arguments));
    return choices;
}

std::optional<status_options> parse_status(const std::string& arguments, const std::string& socket = {})
{
    CLI::App app;
    status_arguments status;
    status.add_to(app);
    app.parse(words_of(arguments));
    return status.read(socket);
}

} // namespace

TEST_CASE("Without options nothing is given up but what the machine can confine")
{
    const auto choices = parse("");
    CHECK(choices.run_as.empty());
    CHECK(choices.confine == confinement_mode::automatic);
    CHECK(choices.control_socket.empty());
    CHECK_FALSE(choices.metrics);
    CHECK(choices.grace == std::chrono::seconds{30});
}

TEST_CASE("Each option of the service is taken")
{
    const auto choices = parse("--user ftp:users --confine=on --control /run/x --grace 5m");
    CHECK(choices.run_as == "ftp:users");
    CHECK(choices.confine == confinement_mode::on);
    CHECK(choices.control_socket == "/run/x");
    CHECK(choices.grace == std::chrono::minutes{5});
    CHECK_THROWS_AS(parse("--confine=maybe"), CLI::ValidationError);
    CHECK_THROWS_AS(parse("--grace=soon"), CLI::ValidationError);
}

TEST_CASE("Metrics are for this machine unless an address is given")
{
    CHECK(parse("--metrics 9090").metrics->to_string() == "127.0.0.1:9090");
    CHECK(parse("--metrics 192.0.2.1:9090").metrics->to_string() == "192.0.2.1:9090");
    CHECK(parse("--metrics [::1]:9090").metrics->to_string() == "[::1]:9090");
    for (const auto* text : {"--metrics x", "--metrics 70000", "--metrics host:1", "--metrics 192.0.2.1:"})
        CHECK_THROWS_AS(parse(text), CLI::ValidationError);
}

TEST_CASE("Status is asked at the socket that is named, or at the server's")
{
    CHECK_FALSE(parse_status("", "/run/x"));
    CHECK(parse_status("status", "/run/x")->control_socket == "/run/x");
    CHECK(parse_status("status --control /run/y", "/run/x")->control_socket == "/run/y");
    CHECK_THROWS_AS(parse_status("status"), CLI::ValidationError);
}

TEST_CASE("Status is a table, objects for programs, or a screen that goes on")
{
    using form = status_options::form;
    CHECK(parse_status("status", "x")->shown == form::table);
    CHECK(parse_status("status --json", "x")->shown == form::json);
    CHECK(parse_status("status --watch", "x")->shown == form::watch);
    CHECK_THROWS_AS(parse_status("status --watch --json", "x"), CLI::ParseError);
}
