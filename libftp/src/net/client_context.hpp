// What all sessions of one client share.
#pragma once

#include "asio_types.hpp"
#include "host_lookup.hpp"
#include "store_worker.hpp"
#include "tls_context.hpp"

#include <libftp/session/client_operation.hpp>
#include <libftp/session/client_options.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace libftp::net {

/// Where files are read, written and committed.
enum class file_work : std::uint8_t { on_executor, on_thread };

/// An operation's own deadline; nothing: only the limits of client_options hold.
using time_limit = std::optional<clock::time_point>;

struct client_context {
    static constexpr std::string_view any_server = "*";

    asio::any_io_executor executor; ///< Runs one handler at a time.
    client_options options;
    file_work files = file_work::on_executor;
    std::shared_ptr<const std::function<void(const client_event&)>> listener{}; ///< nullptr: nobody listens.
    resolver_function resolver = ask_system_resolver;
    std::shared_ptr<store_worker> thread{};
    std::shared_ptr<const tls_client_context> tls{}; ///< Made at the first need if the caller has not set it.

    /// What sessions that begin from now on do without, whatever server it is.
    [[nodiscard]] server_effect avoided() const
    {
        const auto& rows = options.quirks;
        return rows.empty() || rows.back().pattern != any_server ? server_effect::none : rows.back().effects;
    }
    /// Adds to it what a session that has ended has found out.
    void avoid(server_effect found)
    {
        for (const auto each : {server_effect::no_extended_passive, server_effect::no_mlsd}) {
            if (!has(found, each) || has(avoided(), each))
                continue;
            if (options.quirks.empty() || options.quirks.back().pattern != any_server)
                options.quirks.push_back({.pattern = std::string{any_server}});
            options.quirks.back().effects = options.quirks.back().effects | each;
        }
    }

    void set_listener(std::function<void(const client_event&)> hears)
    {
        listener = hears ? std::make_shared<const std::function<void(const client_event&)>>(std::move(hears)) : nullptr;
    }

    void tell_listener(const client_event& what) const
    {
        if (const auto hears = listener) // kept: it may set another one
            (*hears)(what);
    }

    /// nullptr: there is none to be had.
    const tls_client_context* client_tls()
    {
        if (!tls) {
            if (auto made = tls_client_context::make({}))
                tls = *std::move(made);
        }
        return tls.get();
    }

    /// nullptr: files are read and written on the executor.
    std::shared_ptr<store_worker> file_worker()
    {
        if (files == file_work::on_executor)
            return nullptr;
        if (!thread)
            thread = std::make_shared<store_worker>(1);
        return thread;
    }
};

} // namespace libftp::net
