// Files on the client's side: they remember what became of them, and fail by chance.
#pragma once

#include "chance.hpp"

#include <libftp/store/file_store.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace libftp::simulation {

/// What a download has written.
struct near_file {
    std::string bytes{};
    bool is_committed = false;
    bool is_gone = false; ///< The writer was destroyed.
};

/// When files of the client's side fail.
class near_faults {
public:
    /// `one_in` 0: never. `suffered` hears of each.
    near_faults(chance luck, std::uint64_t one_in, std::function<void()> suffered)
        : chance_(luck), one_in_(one_in), suffered_(std::move(suffered))
    {
    }

    [[nodiscard]] bool draw()
    {
        if (one_in_ == 0 || !chance_.one_in(one_in_))
            return false;
        suffered_();
        return true;
    }

private:
    chance chance_;
    std::uint64_t one_in_;
    std::function<void()> suffered_;
};

/// `faults` must outlive both.
std::unique_ptr<file_writer> write_near_file(std::shared_ptr<near_file> file, near_faults& faults);
std::unique_ptr<file_reader> read_near_file(std::string content, near_faults& faults);

} // namespace libftp::simulation
