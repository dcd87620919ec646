// The lines that were typed before, one a line in a file that only its owner reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What cannot be read or written is no failure: then there is less to remember.
class history_file {
public:
    static constexpr std::size_t most_lines = 1000;

    /// Empty: nothing is kept.
    explicit history_file(std::string path) : path_(std::move(path)) {}

    /// The newest lines, the oldest of them first. A file that has become much longer is cut to these.
    [[nodiscard]] std::vector<std::string> load() const;
    /// Programs that run at the same time may each append.
    void append(std::string_view line) const;

private:
    void write(std::string_view text, int flags) const;

    std::string path_;
};
