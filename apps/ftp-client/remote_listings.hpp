// Names on the server that were seen lately, so that Tab needs not ask for them each time.
#pragma once

#include <libftp/clock.hpp>
#include <libftp/protocol/listing_parser.hpp>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct remote_name {
    std::string name{};
    bool is_directory = false;
};

class remote_listings {
public:
    using clock = libftp::clock;

    /// `directory` as absolute() makes it.
    void remember(const std::string& directory, std::span<const libftp::listed_entry> entries, clock::time_point now);
    /// nullptr: not known, or too long ago.
    [[nodiscard]] const std::vector<remote_name>* find(const std::string& directory, clock::time_point now) const;
    /// A command went to the server, which may change what was seen.
    void heard(std::string_view line);
    void forget() noexcept { seen_.clear(); }

    /// `directory` as seen from the working directory.
    static std::string absolute(std::string_view working_directory, std::string_view directory);

private:
    struct listing {
        std::vector<remote_name> names{};
        clock::time_point seen_at{};
    };
    std::map<std::string, listing> seen_;
};
