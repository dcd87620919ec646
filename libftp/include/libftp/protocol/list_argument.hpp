// The argument of LIST and NLST as clients send it: options of ls, and a path.
#pragma once

#include <cstdint>
#include <string_view>

namespace libftp {

enum class list_order : std::uint8_t { by_name, by_time, by_size };

/// What the options ask for.
struct list_options {
    bool shows_dots = false;                ///< -a: `.` and `..` too.
    bool is_long = false;                   ///< -l: lines with all facts, also for NLST.
    bool is_short = false;                  ///< -1: names only, also for LIST.
    bool is_recursive = false;              ///< -R
    bool is_reversed = false;               ///< -r
    bool lists_itself = false;              ///< -d: a directory itself, not what is in it.
    bool marks_types = false;               ///< -F: `/` behind directories, `@` behind links, `*` behind programs.
    list_order order = list_order::by_name; ///< -t, -S

    friend bool operator==(const list_options&, const list_options&) noexcept = default;
};

/// What LIST or NLST was asked for, as Unix servers understand it.
struct list_argument {
    list_options options{};
    std::string_view path{}; ///< All behind the options: bytes kept. Empty: the working directory.
};

/// Words at the beginning that start with a dash are options, up to a word `--`; letters that mean nothing here (such
/// as -A, since names with a dot are never hidden) and long options are ignored. Of -1 and -l the last counts, of -t
/// and -S too. So `-- -la` and `./-la` name a file `-la`, and a dash alone is a name.
///
/// The path keeps all its bytes, trailing spaces too. Any number of spaces parts options from what follows them, but
/// only one space parts `--` from it: a path that begins with a space goes behind `-- `. Without options the whole text
/// is the path.
list_argument parse_list_argument(std::string_view text) noexcept;

} // namespace libftp
