// The forms of the command line that do one thing and end, as `ftp-client get URL FILE`: each is a line of the prompt.
#pragma once

#include "known_logins.hpp"

#include <libftp/protocol/url.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

struct one_shot {
    libftp::ftp_url server{}; ///< Without its path, which is in the line.
    std::string line{};       ///< What would be typed at the prompt.
};

/// Has to live until the command line is parsed.
class one_shot_forms {
public:
    void add_to(CLI::App& app);
    /// After parsing; nothing if none of the forms was used. Throws CLI::ValidationError.
    [[nodiscard]] std::optional<one_shot> read(const known_logins& logins) const;

private:
    enum class form : std::uint8_t { none, get, put, append, ls, cat, mget, mirror, rm, mkdir };

    CLI::App* add_form(CLI::App& app, form which, const char* name, const char* description);
    void add_flag(CLI::App& command, const char* name, const char* description);
    void add_value(CLI::App& command, const char* name, const char* text, const char* description);
    [[nodiscard]] one_shot read_download(const known_logins& logins) const;
    [[nodiscard]] one_shot read_upload(const known_logins& logins) const;
    [[nodiscard]] one_shot read_upload_of_one(const known_logins& logins) const;
    [[nodiscard]] one_shot read_mirror(const known_logins& logins) const;
    [[nodiscard]] one_shot read_many(const known_logins& logins) const;
    [[nodiscard]] one_shot read_simple(std::string_view command, const known_logins& logins) const;

    form used_ = form::none;
    std::string first_{}; ///< The arguments of whichever form was used.
    std::string second_{};
    std::vector<std::string> more_{};
    std::string options_{}; ///< As at the prompt, each behind a blank.
};
