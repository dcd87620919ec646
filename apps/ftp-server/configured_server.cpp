// Opens first and changes then, so that a fault leaves everything as it was.
#include "configured_server.hpp"

#include "accounts.hpp"
#include "files.hpp"
#include "service/control_socket.hpp"
#include "service/privileges.hpp"
#include "users_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

using libftp::control_start;

namespace {

std::string_view advice_for(std::error_code error)
{
    if (error == std::errc::address_in_use)
        return " Another program uses it: choose another port, or 0 for a free one.";
    if (error == std::errc::permission_denied)
        return " Ports below 1024 need a privilege: choose one from 1024 on.";
    if (error == std::errc::address_not_available)
        return " This machine does not have that address.";
    return "";
}

void use_umask(const serve_options& options)
{
    static const auto of_process = ::umask(0); // asked for once, while no other thread makes files
    ::umask(options.accounts.umask.value_or(of_process));
}

std::vector<std::string> changes_for_next_start(const serve_options& before, const serve_options& now)
{
    std::vector<std::string> changes;
    if (now.logs.file != before.logs.file)
        changes.emplace_back("log");
    if (now.logs.format != before.logs.format)
        changes.emplace_back("log-format");
    if (now.logs.transfers_file != before.logs.transfers_file)
        changes.emplace_back("xferlog");
    if (now.server.threads != before.server.threads)
        changes.emplace_back("threads");
    if (now.server.busy_poll != before.server.busy_poll)
        changes.emplace_back("busy-poll");
    return changes;
}

} // namespace

configured_server::configured_server(serve_options options, libftp::session_observer* further)
    : options_(std::move(options)), logs_(options_.logs), observers_{&logs_.observers()}
{
    if (further != nullptr)
        observers_.add(*further);
    auto wanted = settings(options_);
    wanted.observer = &observers_;
    server_ = std::make_unique<libftp::net::server>(std::move(wanted));
    if (options_.tls.mode != tls_mode::off) {
        certificates_ = std::make_unique<certificate_source>(options_);
        fingerprint_ = certificates_->show_by(*server_);
    }
    use_umask(options_); // behind the certificates: what they write has its own
}

libftp::net::server_options configured_server::settings(const serve_options& options)
{
    auto wanted = options.server;
    wanted.authenticator = open_accounts(options, counts_, account_without_root::locked_out);
    return wanted;
}

std::vector<configured_server::listener> configured_server::wanted_listeners(const serve_options& options)
{
    std::vector<listener> wanted;
    const auto add = [&wanted](const listener& one) {
        if (!holds(wanted, one))
            wanted.push_back(one);
    };
    for (const auto& place : options.places)
        add({{place.address, place.port.value_or(options.port)}, control_start::in_clear});
    if (options.tls.implicit_port) {
        for (const auto& place : options.places)
            add({{place.address, *options.tls.implicit_port}, control_start::in_tls});
    }
    return wanted;
}

bool configured_server::holds(const std::vector<listener>& listeners, const listener& one)
{
    return std::ranges::any_of(
        listeners, [&one](const listener& other) { return other.wanted == one.wanted && other.start == one.start; });
}

void configured_server::open(std::vector<listener>& listeners)
{
    for (auto& one : listeners) {
        if (one.where.port != 0)
            continue; // it is open
        auto place = one.wanted;
        if (place.port == 0) {
            const auto same_port = std::ranges::find_if(listeners, [&one](const listener& other) {
                return other.where.port != 0 && other.wanted.port == 0 && other.start == one.start;
            });
            if (same_port != listeners.end())
                place.port = same_port->where.port;
        }
        const auto where = server_->listen(place, one.start);
        if (!where) {
            close(listeners);
            throw option_error(one.start == control_start::in_tls ? "--tls-implicit" : "--listen",
                               fmt::format("cannot listen on {}: {}.{}", place.to_string(), where.error().message(),
                                           advice_for(where.error())));
        }
        one.where = *where;
    }
}

void configured_server::close(const std::vector<listener>& listeners)
{
    for (const auto& one : listeners) {
        if (one.where.port != 0)
            server_->stop_listening(one.where);
    }
}

void configured_server::listen()
{
    const auto wanted = wanted_listeners(options_);
    const auto chosen_by_system = std::ranges::count(wanted, 0, [](const listener& one) { return one.wanted.port; });
    // What the system has chosen at one address may be in use at the next.
    for (int attempts_left = chosen_by_system > 1 ? 8 : 0;; --attempts_left) {
        listeners_ = wanted;
        try {
            return open(listeners_);
        } catch (const option_error&) {
            listeners_.clear();
            if (attempts_left == 0)
                throw;
        }
    }
}

bool configured_server::wants_listeners(libftp::control_start start) const
{
    return std::ranges::any_of(wanted_listeners(options_), [start](const listener& one) { return one.start == start; });
}

void configured_server::take_over_listeners()
{
    auto wanted = wanted_listeners(options_);
    for (const auto& adopted : server_->listeners()) {
        const auto same = std::ranges::find_if(wanted, [&adopted](const listener& one) {
            return one.where.port == 0 && one.start == adopted.start && one.wanted.address == adopted.where.address &&
                   (one.wanted.port == 0 || one.wanted.port == adopted.where.port);
        });
        if (same != wanted.end())
            same->where = adopted.where;
        else
            server_->stop_listening(adopted.where);
    }
    open(wanted);
    listeners_ = std::move(wanted);
}

std::vector<std::string> configured_server::renew(serve_options options)
{
    auto wanted = settings(options);
    check_logs(options.logs);
    // Sessions make files meanwhile, so that the umask that keys are written with cannot be set: they come at a start.
    auto certificates = options.tls == options_.tls || options.tls.mode == tls_mode::off
                            ? nullptr
                            : std::make_unique<certificate_source>(options, missing_files::leave);
    const auto* source = certificates ? certificates.get() : certificates_.get();
    const bool has_tls = options.tls.mode != tls_mode::off;
    std::string fingerprint;
    // A listener in TLS needs a certificate. One that is shown already gives way last: it could not be brought back.
    if (has_tls && !certificates_)
        fingerprint = source->show_by(*server_);

    std::vector<listener> kept;
    std::vector<listener> added;
    std::vector<listener> dropped;
    const auto now = wanted_listeners(options);
    // Listeners that were handed over at the start are others', and a successor has those that were here.
    const bool leaves_listeners = listeners_.empty() || server_->listeners().empty();
    if (leaves_listeners) {
        kept = listeners_;
    } else {
        std::ranges::partition_copy(listeners_, std::back_inserter(kept), std::back_inserter(dropped),
                                    [&](const listener& one) { return holds(now, one); });
        std::ranges::copy_if(now, std::back_inserter(added), [&](const listener& one) { return !holds(kept, one); });
    }
    open(added);
    try {
        if (has_tls && certificates_)
            fingerprint = source->show_by(*server_);
        if (const auto done = server_->renew(std::move(wanted)); !done) // cannot be where one is shown
            throw option_error("--tls", done.error().message());
    } catch (const option_error&) {
        close(added);
        throw;
    }
    close(dropped);
    kept.insert(kept.end(), added.begin(), added.end());
    listeners_ = std::move(kept);
    if (certificates)
        certificates_ = std::move(certificates);
    fingerprint_ = std::move(fingerprint);
    use_umask(options);

    auto later = changes_for_next_start(options_, options);
    if (leaves_listeners &&
        !std::ranges::equal(wanted_listeners(options_), now, {}, &listener::wanted, &listener::wanted))
        later.emplace_back("listen");
    options.logs = options_.logs;
    options.server.threads = options_.server.threads;
    options.server.busy_poll = options_.server.busy_poll;
    options_ = std::move(options);
    return later;
}

void configured_server::check(const serve_options& options)
{
    const auto& service = options.service;
    privileges::check(service.run_as);
    if (!service.control_socket.empty())
        control_socket::check(service.control_socket);
    // Root can read everything, which says nothing about the user whom the server goes on as.
    const privileges user{::geteuid() == 0 ? service.run_as : ""};
    const lowered_privileges as_user{user};
    check_logs(options.logs);
    if (const auto& file = options.written.file(); !file.empty()) {
        if (const auto fault = fault_of_reading(file); !fault.empty())
            throw option_error("--config", fault); // which SIGHUP has it read again
    }
    check_password_hashes(options.accounts.users_file);
    if (const auto fault = fault_of_pam_service(options.accounts.pam_service); !fault.empty())
        throw option_error("--pam", fault);
    auto wanted = options.server;
    wanted.authenticator = open_accounts(options, std::make_shared<shared_counts>(), account_without_root::fault);
    libftp::net::server server{std::move(wanted)};
    if (options.tls.mode != tls_mode::off)
        certificate_source{options, missing_files::leave}.show_by(server);
}
