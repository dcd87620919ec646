// What --verbose and --debug show of the protocol.
#include <doctest/doctest.h>

#include "../../../apps/ftp-client/protocol_trace.hpp"

#include <libftp/error.hpp>

#include <vector>

using namespace libftp;
using lines = std::vector<std::string>;

namespace {

lines trace(trace_detail detail, const client_event& event)
{
    lines written;
    const protocol_trace::clock::time_point begin{};
    const protocol_trace trace{detail, begin, [&written](std::string_view line) { written.emplace_back(line); }};
    trace.hear(event, begin + std::chrono::milliseconds{1500});
    return written;
}

client_event end_of(client_result<operation_value> outcome)
{
    return event::operation_done{op_id::none, std::move(outcome), {}};
}

} // namespace

TEST_CASE("A trace shows each command and each line of a reply, with control bytes escaped")
{
    CHECK(trace(trace_detail::dialogue, event::command_sent{"PASS ***"}) == lines{"---> PASS ***"});
    CHECK(trace(trace_detail::dialogue, event::reply_received{{211, {"Features", " SIZE\x1b", "End"}}}) ==
          lines{"<--- 211 Features", "<---  SIZE\\x1b", "<--- End"});
    CHECK(trace(trace_detail::all, event::command_sent{"PWD"}) == lines{"  1.500000 ---> PWD"});
}

TEST_CASE("Only a full trace tells how operations ended")
{
    const operation_error error{
        .code = protocol_errc::timed_out, .step = operation_step::data_connection, .session = session_state::closed};
    CHECK(trace(trace_detail::dialogue, end_of(error)).empty());
    const auto shown = trace(trace_detail::all, end_of(error));
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].find("failed at the step ") != std::string::npos);
    CHECK(shown[0].find("the session is over") != std::string::npos);
    CHECK(trace(trace_detail::all, end_of(operation_value{reply{}})).empty());
    const auto moved = trace(trace_detail::all, end_of(operation_value{transfer_result{.bytes = 12}}));
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].starts_with("  1.500000 **** transferred 12 bytes from 0 on in 0.000000 s"));
}
