// A mirror between two trees in memory, for the tests of mirror_task.
#pragma once

#include "support/tree_host.hpp"

#include <libftp/session/mirror_task.hpp>
#include <libftp/store/store_decorator.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::testing {

/// Fails where asked for, by what is called: `open /a`, `make /a`, `remove /a`, `write /a`.
class failing_store final : public libftp::store_decorator {
public:
    explicit failing_store(std::shared_ptr<libftp::file_store> inner) : store_decorator(std::move(inner)) {}

    std::function<std::error_code(const std::string& what)> failure_of{};
    std::vector<std::string> changes{};

    libftp::result<std::unique_ptr<libftp::directory_reader>> open_directory(const libftp::store_path& path) override
    {
        if (auto why = failure("open", path))
            return why;
        return store_decorator::open_directory(path);
    }
    libftp::result<std::unique_ptr<libftp::file_writer>> open_write(const libftp::store_path& path,
                                                                    const libftp::write_options& options) override
    {
        if (auto why = change("write", path))
            return why;
        return store_decorator::open_write(path, options);
    }
    libftp::result<void> make_directory(const libftp::store_path& path, std::optional<std::uint32_t> umask) override
    {
        if (auto why = change("make", path))
            return why;
        return store_decorator::make_directory(path, umask);
    }
    libftp::result<void> remove_file(const libftp::store_path& path) override
    {
        if (auto why = change("remove", path))
            return why;
        return store_decorator::remove_file(path);
    }
    libftp::result<void> remove_directory(const libftp::store_path& path) override
    {
        if (auto why = change("remove", path))
            return why;
        return store_decorator::remove_directory(path);
    }

private:
    std::error_code failure(const char* what, const libftp::store_path& path) const
    {
        return failure_of ? failure_of(what + (' ' + path.string())) : std::error_code{};
    }
    std::error_code change(const char* what, const libftp::store_path& path)
    {
        changes.push_back(what + (' ' + path.string()));
        return failure(what, path);
    }
};

inline libftp::file_time time_of(std::string_view text)
{
    return libftp::parse_timestamp(text).value();
}

using tree_contents = std::map<std::string, std::string>;

/// All files with what is in them, and the directories with `/` at the end of their paths.
inline tree_contents contents_of(libftp::file_store& store, const std::string& top = "/",
                                 const std::string& prefix = {})
{
    tree_contents found;
    for (const auto& entry : entries_of(store, top)) {
        const auto path = (top == "/" ? top : top + '/') + entry.name;
        if (entry.is_directory()) {
            found.emplace(prefix + entry.name + '/', "");
            found.merge(contents_of(store, path, prefix + entry.name + '/'));
        } else if (entry.type == libftp::file_type::file) {
            found.emplace(prefix + entry.name, content_of(store, path));
        } else {
            found.emplace(prefix + entry.name, "(no file)");
        }
    }
    return found;
}

/// The tree of the server is mirrored to or from the one at /home of the store.
class mirror_script {
public:
    tree_host host{};
    std::shared_ptr<libftp::memory_store> files = std::make_shared<libftp::memory_store>();
    std::shared_ptr<failing_store> near = std::make_shared<failing_store>(files);
    libftp::mirror_options options{};
    std::string remote = "/top";
    std::string local = "/home";

    std::vector<std::string> events{}; ///< Such as `transfer a/b`, of the last run.
    libftp::mirror_result result{};

    explicit mirror_script(libftp::mirror_direction direction = libftp::mirror_direction::download)
    {
        options.direction = direction;
        host.server.add_directory("/top");
        files->add_directory("/home");
    }

    void add_far(const std::string& path, std::string content, std::string_view time = "20200101120000")
    {
        add(host.server, "/top/" + path, std::move(content), time);
    }
    void add_near(const std::string& path, std::string content, std::string_view time = "20200101120000")
    {
        add(*files, "/home/" + path, std::move(content), time);
    }

    [[nodiscard]] std::unique_ptr<libftp::mirror_task> make_task()
    {
        events.clear();
        host.done.clear();
        near->changes.clear();
        auto told = options;
        told.report = [this](const libftp::mirror_event& event) { events.push_back(text_of(event)); };
        return std::make_unique<libftp::mirror_task>(remote, near, at(local), std::move(told));
    }

    libftp::client_result<libftp::mirror_result> try_run()
    {
        const auto task = make_task();
        host.run(*task);
        REQUIRE(task->is_done());
        std::sort(events.begin(), events.end());
        return task->take_result();
    }

    /// Says whether all went well.
    bool run()
    {
        auto outcome = try_run();
        REQUIRE(outcome.has_value());
        result = *std::move(outcome);
        return result.failure_count == 0;
    }

    [[nodiscard]] tree_contents far_tree() { return contents_of(host.server, "/top"); }
    [[nodiscard]] tree_contents near_tree() { return contents_of(*files, local); }

    [[nodiscard]] bool did(const std::string& what) const { return host.count_done(what) > 0; }

private:
    static void add(libftp::memory_store& store, const std::string& path, std::string content, std::string_view time)
    {
        store.add_file(path, std::move(content));
        store.set_attributes(at(path), {.modified = time_of(time)}).value();
    }

    static std::string text_of(const libftp::mirror_event& event)
    {
        switch (event.deed) {
        case libftp::mirror_deed::transfer: return "transfer " + event.path;
        case libftp::mirror_deed::make_directory: return "make " + event.path;
        case libftp::mirror_deed::remove_file:
        case libftp::mirror_deed::remove_directory: return "remove " + event.path;
        case libftp::mirror_deed::skip: return "skip " + event.path;
        case libftp::mirror_deed::fail: break;
        }
        return "fail " + event.path;
    }
};

/// A small tree on the side read from.
inline void add_tree(mirror_script& script)
{
    const bool is_download = script.options.direction == libftp::mirror_direction::download;
    for (const auto* path : {"a", "d/b", "d/e/c"})
        is_download ? script.add_far(path, std::string{"<"} + path) : script.add_near(path, std::string{"<"} + path);
}

} // namespace libftp::testing
