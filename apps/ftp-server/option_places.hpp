// Where in the configuration file an option is set, for messages that send people there.
#pragma once

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

/// Options are named as on the command line, with or without the dashes.
class option_places {
public:
    void set_file(std::string path) { file_ = std::move(path); }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    void put(std::string key, std::size_t line) { lines_.insert_or_assign(std::move(key), line); }
    /// `/etc/ftp-server.toml:12: users: ` where the option is the file's, else nothing.
    [[nodiscard]] std::string operator[](std::string_view option) const;
    /// The same for a message of CLI11, which begins with `--users: `; that goes.
    [[nodiscard]] std::string placed(std::string_view message) const;

private:
    std::string file_{};
    std::map<std::string, std::size_t, std::less<>> lines_{};
};

/// What an option asks for cannot be had.
class option_error : public std::runtime_error {
public:
    /// `option` as on the command line; a sentence for the user.
    option_error(std::string option, const std::string& sentence)
        : std::runtime_error(sentence), option_(std::move(option))
    {
    }
    [[nodiscard]] const std::string& option() const noexcept { return option_; }

private:
    std::string option_;
};
