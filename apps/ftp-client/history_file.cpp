// Appends line by line, so that nothing is lost when the program ends.
#include "history_file.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

std::vector<std::string> history_file::load() const
{
    std::vector<std::string> lines;
    std::ifstream file{path_, std::ios::binary};
    for (std::string line; std::getline(file, line);) {
        if (!line.empty())
            lines.push_back(std::move(line));
    }
    if (lines.size() <= most_lines)
        return lines;
    const bool is_much_longer = lines.size() > 2 * most_lines;
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most_lines));
    if (is_much_longer) {
        std::string text;
        for (const auto& line : lines)
            text.append(line).push_back('\n');
        write(text, O_TRUNC);
    }
    return lines;
}

void history_file::append(std::string_view line) const
{
    if (!path_.empty() && line.find('\n') == std::string_view::npos)
        write(std::string{line} + '\n', O_APPEND);
}

void history_file::write(std::string_view text, int flags) const
{
    std::error_code error;
    const auto folder = std::filesystem::path{path_}.parent_path();
    if (std::filesystem::create_directories(folder, error))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (file < 0)
        return;
    fchmod(file, 0600);
    [[maybe_unused]] const auto written = ::write(file, text.data(), text.size());
    close(file);
}
