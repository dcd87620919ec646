// What is counted, and the text that a scraper reads.
#include <libftp/session/session_metrics.hpp>

#include "support/threads.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

using namespace libftp;
using namespace std::chrono_literals;

namespace {

const session_facts ann{.id = 1, .user = "ann"};

std::vector<std::string> lines_of(const session_metrics& metrics)
{
    std::vector<std::string> lines;
    const auto text = metrics.to_prometheus();
    REQUIRE(text.ends_with('\n'));
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

/// The value of the sample with this name and labels; empty if there is none.
std::string value_of(const session_metrics& metrics, std::string_view sample)
{
    for (const auto& line : lines_of(metrics)) {
        if (line.starts_with(std::string{sample} + " "))
            return line.substr(sample.size() + 1);
    }
    return "";
}

} // namespace

TEST_CASE("Sessions are counted as they come, stay, go and are turned away")
{
    session_metrics metrics;
    CHECK(value_of(metrics, "libftp_sessions") == "0");
    for (int i = 0; i < 3; ++i)
        metrics.opened(ann);
    metrics.closed(ann, close_reason::quit);
    metrics.closed(ann, close_reason::unread);
    metrics.turned_away({}, {});
    CHECK(value_of(metrics, "libftp_sessions") == "1");
    CHECK(value_of(metrics, "libftp_sessions_opened_total") == "3");
    CHECK(value_of(metrics, "libftp_sessions_turned_away_total") == "1");
    CHECK(value_of(metrics, R"(libftp_sessions_closed_total{reason="quit"})") == "1");
    CHECK(value_of(metrics, R"(libftp_sessions_closed_total{reason="unread"})") == "1");
    CHECK(value_of(metrics, R"(libftp_sessions_closed_total{reason="idle"})") == "0");
}

TEST_CASE("Logins are counted by their version of TLS too, and failed handshakes by themselves")
{
    session_metrics metrics;
    auto session = ann;
    metrics.logged_in(session);
    for (const auto* version : {"TLSv1.2", "TLSv1.3", "TLSv1.3", "TLSv9\"} 1\nlibftp_evil 1"}) {
        session.tls = std::make_shared<const tls_facts>(tls_facts{.version = version});
        metrics.logged_in(session);
    }
    metrics.tls_failed(ann, std::make_error_code(std::errc::timed_out));
    CHECK(value_of(metrics, R"(libftp_tls_logins_total{version="none"})") == "1");
    CHECK(value_of(metrics, R"(libftp_tls_logins_total{version="TLSv1.2"})") == "1");
    CHECK(value_of(metrics, R"(libftp_tls_logins_total{version="TLSv1.3"})") == "2");
    CHECK(value_of(metrics, R"(libftp_tls_logins_total{version="other"})") == "1");
    CHECK(value_of(metrics, R"(libftp_logins_total{result="accepted"})") == "5");
    CHECK(value_of(metrics, "libftp_tls_failures_total") == "1");
    CHECK(value_of(metrics, "libftp_evil").empty());
}

TEST_CASE("Logins and replies are counted by their result")
{
    session_metrics metrics;
    metrics.logged_in(ann);
    metrics.login_refused(ann, "bob");
    metrics.login_refused(ann, "\"} 1\nlibftp_evil 1");
    CHECK(value_of(metrics, R"(libftp_logins_total{result="accepted"})") == "1");
    CHECK(value_of(metrics, R"(libftp_logins_total{result="refused"})") == "2");

    for (const int code : {150, 226, 230, 331, 421, 550, 599, 0, -1, 99, 600})
        metrics.replied(ann, code, "text");
    CHECK(value_of(metrics, R"(libftp_replies_total{class="1xx"})") == "1");
    CHECK(value_of(metrics, R"(libftp_replies_total{class="2xx"})") == "2");
    CHECK(value_of(metrics, R"(libftp_replies_total{class="3xx"})") == "1");
    CHECK(value_of(metrics, R"(libftp_replies_total{class="4xx"})") == "1");
    CHECK(value_of(metrics, R"(libftp_replies_total{class="5xx"})") == "2");
}

TEST_CASE("Commands are counted by verb in any letter case, all unknown ones together")
{
    session_metrics metrics;
    metrics.command_received(ann, "RETR", "a");
    metrics.command_received(ann, "retr", "b");
    metrics.command_received(ann, "SMNT", "");
    metrics.command_received(ann, "EVIL", "");
    metrics.command_received(ann, "", "");
    metrics.command_received(ann, "a\"} 1\n\xff", "");
    CHECK(value_of(metrics, R"(libftp_commands_total{verb="RETR"})") == "2");
    CHECK(value_of(metrics, R"(libftp_commands_total{verb="SMNT"})") == "1");
    CHECK(value_of(metrics, R"(libftp_commands_total{verb="other"})") == "3");
    CHECK(value_of(metrics, R"(libftp_commands_total{verb="STOR"})") == "0");
}

TEST_CASE("A program's own commands are counted by their texts, whatever is in them")
{
    static constexpr std::array rows{command_row{"A\"B\\C\nD", verb::own}, command_row{"PING", verb::own}};
    session_metrics metrics{rows};
    metrics.command_received(ann, "A\"B\\C\nD", "");
    metrics.command_received(ann, "PING", "");
    metrics.command_received(ann, "RETR", "");
    CHECK(value_of(metrics, R"(libftp_commands_total{verb="A\"B\\C\nD"})") == "1");
    CHECK(value_of(metrics, R"(libftp_commands_total{verb="PING"})") == "1");
    CHECK(value_of(metrics, R"(libftp_commands_total{verb="other"})") == "1");
}

TEST_CASE("Transfers are counted by kind and end, with their bytes and their time")
{
    session_metrics metrics;
    metrics.transfer_progressed(ann, transfer_kind::download, 1000);
    metrics.transfer_progressed(ann, transfer_kind::download, 24);
    metrics.transfer_progressed(ann, transfer_kind::listing, std::uint64_t{1} << 40U);
    metrics.transfer_ended(ann, {.kind = transfer_kind::download, .bytes = 1000, .time = 1500ms});
    metrics.transfer_ended(ann,
                           {.kind = transfer_kind::download, .end = transfer_end::aborted, .bytes = 24, .time = 250us});
    metrics.transfer_ended(ann, {.kind = transfer_kind::upload, .bytes = 7, .time = -1s});
    metrics.transfer_ended(
        ann, {.kind = transfer_kind::listing, .end = transfer_end::session_ended, .bytes = std::uint64_t{1} << 40U});
    CHECK(value_of(metrics, R"(libftp_transfers_total{kind="download",end="completed"})") == "1");
    CHECK(value_of(metrics, R"(libftp_transfers_total{kind="download",end="aborted"})") == "1");
    CHECK(value_of(metrics, R"(libftp_transfers_total{kind="upload",end="completed"})") == "1");
    CHECK(value_of(metrics, R"(libftp_transfers_total{kind="listing",end="session_ended"})") == "1");
    CHECK(value_of(metrics, R"(libftp_transfers_total{kind="append",end="completed"})") == "0");
    CHECK(value_of(metrics, R"(libftp_transfer_bytes_total{kind="download"})") == "1024");
    CHECK(value_of(metrics, R"(libftp_transfer_bytes_total{kind="listing"})") == "1099511627776");
    CHECK(value_of(metrics, R"(libftp_transfer_seconds_total{kind="download"})") == "1.500250000");
    CHECK(value_of(metrics, R"(libftp_transfer_seconds_total{kind="upload"})") == "0.000000000");
}

TEST_CASE("A transfer that runs is counted until it ends, and one that never began is not")
{
    session_metrics metrics;
    metrics.transfer_began(ann, transfer_kind::upload, {});
    metrics.transfer_began(ann, transfer_kind::upload, {});
    metrics.transfer_ended(ann, {.kind = transfer_kind::upload, .has_begun = true});
    metrics.transfer_ended(ann, {.kind = transfer_kind::upload, .end = transfer_end::no_connection});
    CHECK(value_of(metrics, R"(libftp_transfers_running{kind="upload"})") == "1");
    CHECK(value_of(metrics, R"(libftp_transfers_running{kind="download"})") == "0");
}

TEST_CASE("Connections of proxies that were dropped are counted")
{
    session_metrics metrics;
    metrics.proxy_failed({}, std::make_error_code(std::errc::timed_out), {});
    CHECK(value_of(metrics, "libftp_proxy_failures_total") == "1");
}

TEST_CASE("Changes are counted by kind")
{
    session_metrics metrics;
    metrics.changed(ann, {.kind = change_kind::combined});
    CHECK(value_of(metrics, R"(libftp_changes_total{kind="combined"})") == "1");
    CHECK(value_of(metrics, R"(libftp_changes_total{kind="renamed"})") == "0");
}

TEST_CASE("Each metric has one HELP and one TYPE line before its samples, and no sample comes twice")
{
    const session_metrics metrics;
    std::string metric;
    std::set<std::string> seen;
    const auto lines = lines_of(metrics);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& line = lines[i];
        CAPTURE(line);
        if (line.starts_with("# HELP ")) {
            metric = line.substr(7, line.find(' ', 7) - 7);
            CHECK(seen.insert(metric).second);
            REQUIRE(i + 1 < lines.size());
            CHECK(lines[++i] == "# TYPE " + metric + (metric.ends_with("_total") ? " counter" : " gauge"));
        } else {
            const auto sample = line.substr(0, line.rfind(' '));
            CHECK(sample.substr(0, sample.find('{')) == metric);
            CHECK((sample == metric || seen.insert(sample).second));
        }
    }
}

TEST_CASE("Nothing is lost when many threads count")
{
    session_metrics metrics;
    libftp::testing::on_threads(4, [&metrics](std::size_t thread) {
        for (int n = 0; n < 1000; ++n) {
            metrics.opened(ann);
            metrics.command_received(ann, "NOOP", "");
            if (thread == 0)
                static_cast<void>(metrics.to_prometheus());
            metrics.closed(ann, close_reason::peer_gone);
        }
    });
    CHECK(value_of(metrics, "libftp_sessions") == "0");
    CHECK(value_of(metrics, "libftp_sessions_opened_total") == "4000");
    CHECK(value_of(metrics, R"(libftp_commands_total{verb="NOOP"})") == "4000");
    CHECK(value_of(metrics, R"(libftp_sessions_closed_total{reason="peer_gone"})") == "4000");
}
