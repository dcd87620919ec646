// What a simulated world says of itself: the first thing that was found wrong, and the trace that led there.
#pragma once

#include "event_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::simulation {

/// What is wrong, and who found it.
struct finding {
    std::string who{};
    std::string what{};
};

class journal {
public:
    enum class keeps : std::uint8_t { findings, everything };

    journal(const event_queue& events, keeps what) : events_(events), keeps_(what) {}

    /// Whether note() is worth its text.
    [[nodiscard]] bool is_traced() const noexcept { return keeps_ == keeps::everything; }
    void note(std::string_view who, std::string_view what);
    /// The first one counts: the rest may follow from it.
    void fail(std::string_view who, std::string_view what);
    void expect(bool is_so, std::string_view who, std::string_view what)
    {
        if (!is_so)
            fail(who, what);
    }

    [[nodiscard]] bool has_failed() const noexcept { return has_failed_; }
    [[nodiscard]] const finding& first() const noexcept { return first_; }
    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }
    /// Of all that was noted, traced or not: equal for equal runs.
    [[nodiscard]] std::uint64_t fingerprint() const noexcept { return fingerprint_; }
    void mark(std::uint64_t fact) noexcept;

private:
    const event_queue& events_;
    keeps keeps_;
    bool has_failed_ = false;
    finding first_;
    std::vector<std::string> lines_;
    std::uint64_t fingerprint_ = 0;
};

/// Bytes as a line that can be read: control bytes escaped, long ones cut.
std::string readable(std::string_view bytes);

} // namespace libftp::simulation
