// What the tests of downloads and uploads as tasks have in common: one file, called f on the server.
#pragma once

#include "near_files.hpp"
#include "task_host.hpp"

#include <libftp/session/transfer_task.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace libftp::testing {

using steps = std::vector<std::string>;

inline constexpr auto old_time = file_time{std::chrono::hours{24}};
inline constexpr auto new_time = file_time{std::chrono::hours{72}};

inline task_host host_with(std::string content, file_time modified = old_time)
{
    task_host host;
    host.files["f"] = {std::move(content), modified};
    return host;
}

inline transfer_options tried(unsigned attempts)
{
    transfer_options options;
    options.retry.attempts = attempts;
    return options;
}

inline client_result<transfer_result> download(task_host& host, const near_file& near, transfer_options options = {},
                                               known_file known = {})
{
    download_task task{"f", near.place, std::move(options), known};
    return host.run(task);
}

inline client_result<transfer_result> upload(task_host& host, const near_file& near, transfer_options options = {})
{
    upload_task task{near.place, "f", std::move(options)};
    return host.run(task);
}

inline void check_failure(const client_result<transfer_result>& made, std::error_code code, operation_step step)
{
    REQUIRE_FALSE(made.has_value());
    CHECK_MESSAGE(made.error().code == code, made.error().code.message());
    CHECK(to_string(made.error().step) == to_string(step));
}

} // namespace libftp::testing
