// Who is connected to a server and what moves, as text for people and for programs.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/net/server.hpp>
#include <libftp/net/session_status.hpp>

#include <cstdint>
#include <string>
#include <vector>

struct server_report {
    std::uint64_t process = 0;
    libftp::clock::time_point began{};
    libftp::clock::time_point now{};
    std::vector<libftp::net::listener_status> listeners{}; ///< None: the server ends.
    std::vector<libftp::net::session_status> sessions{};
};

/// A head of two lines, then a line for each session.
std::string to_table(const server_report& report);

/// One flat object a line: first the server, then its listeners, then its sessions.
std::string to_json_lines(const server_report& report);
