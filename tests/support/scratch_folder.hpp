// A folder of its own for a test that needs the disk; it goes away with the test.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace libftp::testing {

class scratch_folder {
public:
    scratch_folder()
    {
        std::random_device chance;
        do
            path_ = std::filesystem::temp_directory_path() / ("libftp-test-" + std::to_string(chance()));
        while (!std::filesystem::create_directory(path_));
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    ~scratch_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// Of something in the folder, for system calls.
    [[nodiscard]] std::string path(std::string_view relative) const { return (path_ / relative).string(); }

    void write(std::string_view relative, std::string_view content) const
    {
        std::ofstream{path_ / relative, std::ios::binary} << content;
    }

    [[nodiscard]] std::string read(std::string_view relative) const
    {
        std::ifstream file{path_ / relative, std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    [[nodiscard]] bool has(std::string_view relative) const
    {
        return std::filesystem::exists(std::filesystem::symlink_status(path_ / relative));
    }

    /// All names in the folder itself, hidden ones too, sorted.
    [[nodiscard]] std::vector<std::string> names() const
    {
        std::vector<std::string> found;
        for (const auto& entry : std::filesystem::directory_iterator{path_})
            found.push_back(entry.path().filename().string());
        std::sort(found.begin(), found.end());
        return found;
    }

private:
    std::filesystem::path path_;
};

} // namespace libftp::testing
