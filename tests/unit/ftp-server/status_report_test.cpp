// Who is connected and what moves.
#include "../../../apps/ftp-server/service/status_report.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

const clock::time_point now{1'800'000'000s};

server_report two_sessions()
{
    server_report report{.process = 4711, .began = now - 3h, .now = now, .listeners = {}, .sessions = {}};
    report.listeners.push_back({{*ip_address::parse("192.0.2.1"), 21}, control_start::in_clear, 3});
    report.listeners.push_back({{*ip_address::parse("2001:db8::1"), 990}, control_start::in_tls, 4});
    net::session_status idle;
    idle.facts.id = 7;
    idle.facts.peer = {*ip_address::parse("198.51.100.4"), 40000};
    idle.facts.now = now - 12s;
    idle.began = now - 90s;
    idle.command = "NOOP";
    report.sessions.push_back(idle);
    net::session_status busy;
    busy.facts.id = 8;
    busy.facts.peer = {*ip_address::parse("2001:db8::7"), 40001};
    busy.facts.user = "ann\x1b[2J";
    busy.facts.tls = std::make_shared<const tls_facts>(tls_facts{.version = "TLSv1.3"});
    busy.facts.now = now;
    busy.began = now - 5s;
    busy.transfer = net::transfer_status{.kind = transfer_kind::upload,
                                         .path = *store_path{}.resolve("/films/a\tb"),
                                         .began = now - 4s,
                                         .bytes = 12'300'000,
                                         .bytes_per_second = 2'500'000};
    report.sessions.push_back(busy);
    return report;
}

} // namespace

TEST_CASE("The table shows who is connected and what moves, with control bytes escaped")
{
    const auto table = to_table(two_sessions());
    CHECK(table.find("process 4711, up 3:00:00, listens on 192.0.2.1:21, [2001:db8::1]:990 (TLS)\n") !=
          std::string::npos);
    CHECK(table.find("2 sessions, 1 transfer, 2.5 MB/s\n") != std::string::npos);
    CHECK(table.find("     7  -") != std::string::npos);
    CHECK(table.find("1:30  idle 0:12 after NOOP\n") != std::string::npos);
    CHECK(table.find("TLSv1.3") != std::string::npos);
    CHECK(table.find("12 MB, 2.5 MB/s\n") != std::string::npos);
    CHECK(table.find('\x1b') == std::string::npos);
    CHECK(table.find('\t') == std::string::npos);
}

TEST_CASE("Without sessions there is only the head")
{
    auto report = two_sessions();
    report.sessions.clear();
    const auto table = to_table(report);
    CHECK(table.ends_with("\n0 sessions, 0 transfers, 0.0 B/s\n"));
    CHECK(table.find("USER") == std::string::npos);
}

TEST_CASE("A server that listens nowhere ends")
{
    auto report = two_sessions();
    report.listeners.clear();
    CHECK(to_table(report).find("takes no more sessions") != std::string::npos);
    CHECK(to_json_lines(report).find(R"("is_ending":true)") != std::string::npos);
}

TEST_CASE("Programs get an object a line: the server, its listeners, its sessions")
{
    const auto lines = to_json_lines(two_sessions());
    CHECK(lines.starts_with(R"({"server":"ftp-server",)"));
    CHECK(lines.find("\n{\"listener\":\"192.0.2.1:21\"}\n{\"listener\":\"[2001:db8::1]:990\",\"begins_in_tls\":true}\n"
                     "{\"session\":7,") != std::string::npos);
    CHECK(lines.find(R"("user":"ann\u001b[2J","tls":"TLSv1.3","transfer":"upload","path":"/films/a\u0009b")") !=
          std::string::npos);
    CHECK(lines.find(R"("bytes":12300000,"bytes_per_second":2500000})") != std::string::npos);
}
