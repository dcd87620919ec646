// Keeps this process to the files that it works with, by Landlock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Files and directories, with all that is in them. Those that are not there stay out of reach.
struct reachable_files {
    std::vector<std::string> changed{}; ///< Directories: what is in them is read, made, changed, renamed and removed.
    std::vector<std::string> written{}; ///< Directories in which files are made and written: those of logs.
    std::vector<std::string> read{};
    std::vector<std::string> sockets{}; ///< Directories in which sockets are made and removed.

    /// The directory of a file that is replaced by others of its name, and that of the file which it links to.
    void read_with_successors(const std::string& file);
    /// Keeps in mind which files these are now. One that comes to have the name of another does not count as that.
    void remember();
    /// A file of these that is out of reach for a process with those limits.
    [[nodiscard]] std::optional<std::string> first_outside_of(const reachable_files& limits) const;

    struct identity {
        std::uint64_t device = 0;
        std::uint64_t number = 0;
        friend bool operator==(const identity&, const identity&) noexcept = default;
    };
    /// By path, where remember() was called; nothing for one that was not there.
    std::map<std::string, std::optional<identity>> remembered{};
};

/// Other programs, which modules of PAM may start.
enum class programs : std::uint8_t {
    refused,
    run, ///< From anywhere; and everything may be read, as nobody knows what they need.
};

/// From now on this thread, and those that it starts, reach nothing else of the file system; descriptors that are open
/// go on. There is no way back. Returns why it could not be done, if so.
std::optional<std::string> confine_files(const reachable_files& files, programs others = programs::refused);
