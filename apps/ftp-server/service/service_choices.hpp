// What ftp-server's options say of its life as a service.
#pragma once

#include "confinement.hpp"

#include <libftp/endpoint.hpp>

#include <chrono>
#include <optional>
#include <string>

/// How the server runs; what it serves is in serve_options.
struct service_choices {
    std::string run_as{}; ///< NAME or NAME:GROUP; empty: as who started it.
    confinement_mode confine = confinement_mode::automatic;
    std::string control_socket{}; ///< Empty: none.
    std::optional<libftp::endpoint> metrics{};
    std::chrono::seconds grace{30}; ///< For transfers that run when the server is told to end.
    friend bool operator==(const service_choices&, const service_choices&) noexcept = default;
};

/// `ftp-server status`.
struct status_options {
    std::string control_socket{};
    enum class form { table, json, watch } shown = form::table;
};
