// A disk store with links that lead out of it, and what must not be reached through them.
#pragma once

#include <libftp/protocol/digest.hpp>
#include <libftp/store/disk_store.hpp>

#include "scratch_folder.hpp"

#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::testing {

/// `secret` and `private/secret` lie outside the store, which is the folder `root` beside them, with links to them.
struct guarded_root {
    static constexpr std::string_view content = "not for you"; ///< Of both.

    scratch_folder folder{};
    std::shared_ptr<disk_store> store;

    guarded_root()
    {
        std::filesystem::create_directories(folder.path("root/d"));
        std::filesystem::create_directory(folder.path("private"));
        folder.write("secret", content);
        folder.write("private/secret", content);
        folder.write("root/a", "0123456789");
        std::filesystem::create_symlink("../private", folder.path("root/out"));
        std::filesystem::create_symlink(folder.path("private"), folder.path("root/far"));
        std::filesystem::create_symlink("../secret", folder.path("root/file"));
        std::filesystem::create_symlink("d/../../private/secret", folder.path("root/round"));
        std::filesystem::create_symlink("/proc/self/root", folder.path("root/magic"));
        store = disk_store::open(folder.path("root")).value();
        written_ = std::filesystem::last_write_time(folder.path("secret"));
    }

    [[nodiscard]] bool is_untouched() const
    {
        const auto permissions = [this](std::string_view path) {
            return std::filesystem::status(folder.path(path)).permissions();
        };
        return folder.names() == std::vector<std::string>{"private", "root", "secret"} &&
               folder.read("secret") == content && folder.read("private/secret") == content &&
               std::distance(std::filesystem::directory_iterator{folder.path("private")}, {}) == 1 &&
               (permissions("secret") & std::filesystem::perms::group_read) != std::filesystem::perms::none &&
               std::filesystem::last_write_time(folder.path("secret")) == written_;
    }

    /// Whether a text gives away what lies outside, or where.
    [[nodiscard]] bool is_told(std::string_view text) const
    {
        for (const auto algorithm : digest_algorithms()) {
            auto of_content = digest::begin(algorithm).value();
            of_content.update(content);
            if (text.find(of_content.finish().value()) != std::string_view::npos)
                return true;
        }
        return text.find(content) != std::string_view::npos ||
               text.find(folder.path().string()) != std::string_view::npos;
    }

private:
    std::filesystem::file_time_type written_{};
};

} // namespace libftp::testing
