// What the load can be told to do: how it is prepared, done and checked.
#pragma once

#include "load_session.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct request {
    target to{};
    std::string mode{};
    std::vector<std::string> places{}; ///< Behind the mode.
    std::size_t sessions = 1;
    std::uint64_t times = 1;
    std::uint64_t in_flight = 1;
};

/// A number from 1 on; failure where it is none.
std::uint64_t parse_number(std::string_view text, std::uint64_t most);

struct work_done {
    std::uint64_t bytes = 0;
    std::uint64_t operations = 0;
};

/// What all sessions share.
class load {
public:
    explicit load(request what) : asked(std::move(what)), context(make_context(asked.to.version)) {}

    /// The number at a place behind the mode.
    [[nodiscard]] std::uint64_t number_at(std::size_t place) const;
    load_session& begin_session(std::size_t number);

    request asked;
    event_loop loop{};
    tls_pointer<SSL_CTX> context;
    std::vector<std::unique_ptr<load_session>> sessions{};
    std::uint64_t file_bytes = 0;
    work_done done{};
};

struct mode {
    using step = task<> (*)(load&, std::size_t number);

    std::string_view name;
    std::size_t least_places;
    std::size_t most_places;
    step prepare; ///< Before the clock runs; nullptr: nothing.
    step work;
    step check; ///< When it has stopped; nullptr: nothing.
};

/// Failure where there is none of that name.
const mode& find_mode(std::string_view name);

} // namespace bench
