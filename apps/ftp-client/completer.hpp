// Finds what Tab could mean: among commands, bookmarks, names on the server and names on this side.
#pragma once

#include "completion.hpp"

#include <string>
#include <string_view>
#include <vector>

struct completed {
    std::string to_insert{};
    std::vector<candidate> candidates{}; ///< In order.
};

class completer {
public:
    /// The session has to outlive this.
    explicit completer(session& s) : session_(s) {}

    /// `line` ends at the cursor. May ask the server for a listing, which Ctrl+C ends.
    completed complete(std::string_view line);

private:
    std::vector<candidate> candidates_for(const completion_place& place);
    std::vector<candidate> remote_names(const std::string& word);
    std::vector<candidate> local_names(const std::string& word) const;
    const std::vector<remote_name>* list(const std::string& directory);

    session& session_;
};
