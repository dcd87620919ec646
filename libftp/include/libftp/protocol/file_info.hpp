// What is known of a file: the facts of RFC 3659 7.5 and of a Unix listing, the same type in both directions.
#pragma once

#include <libftp/protocol/timestamp.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

namespace libftp {

/// What a name stands for.
enum class file_type : std::uint8_t {
    file,
    directory,
    current_directory, ///< RFC 3659 "cdir": the listed directory itself.
    parent_directory,  ///< RFC 3659 "pdir".
    symbolic_link,
    other, ///< A device, a socket, a queue.
};

/// What is known of one name; what is not known is empty.
struct file_info {
    std::string name{}; ///< One path component, as bytes.
    file_type type = file_type::file;
    std::optional<std::uint64_t> size{};
    std::optional<file_time> modified{};
    std::optional<file_time> created{};
    std::optional<std::uint32_t> mode{}; ///< Unix permission bits, 07777.
    std::uint32_t links = 1;
    std::string owner{}; ///< Empty: not known.
    std::string group{};
    std::string link_target{}; ///< Of a symbolic link, where it may be shown.
    std::string media_type{};  ///< As in MIME (RFC 3659 7.5.9). Empty: not known.
    std::string unique{};      ///< RFC 3659 7.5.2: equal for two names of one file. Empty: not known.

    /// Of any of the three kinds.
    [[nodiscard]] bool is_directory() const noexcept
    {
        return type == file_type::directory || type == file_type::current_directory ||
               type == file_type::parent_directory;
    }
    /// Forgets all that is known; the strings keep their memory for the next file.
    void clear() noexcept
    {
        for (auto text : {&file_info::name, &file_info::owner, &file_info::group, &file_info::link_target,
                          &file_info::media_type, &file_info::unique})
            (this->*text).clear();
        type = file_type::file;
        size.reset();
        modified.reset();
        created.reset();
        mode.reset();
        links = 1;
    }
    friend bool operator==(const file_info&, const file_info&) = default;
};

} // namespace libftp
