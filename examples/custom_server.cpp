// A server with rules per directory, a quota, a rate limit, commands of its own, and what it does with each upload.
#include <libftp/auth/authenticator.hpp>
#include <libftp/net/log_file.hpp>
#include <libftp/net/server.hpp>
#include <libftp/session/observer_list.hpp>
#include <libftp/session/xferlog.hpp>
#include <libftp/store/disk_store.hpp>
#include <libftp/store/quota_store.hpp>

#include <iostream>
#include <string>

using namespace libftp;

struct doorbell final : session_observer {
    void transfer_ended(const session_facts&, const transfer_report& report) override
    {
        if (report.end == transfer_end::completed && report.kind != transfer_kind::download &&
            report.kind != transfer_kind::listing)
            std::cout << escape_controls(report.path.string()) + " has arrived\n" << std::flush;
    }
};

int main(int argc, char** argv)
try {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121);
    const auto folder = disk_store::open(argc > 2 ? argv[2] : ".", link_rule::refuse).value();
    const quota_limits at_most{.max_bytes = 1'000'000, .max_files = 1'000};
    const auto space = std::make_shared<quota>(at_most, measure_usage(*folder).value());

    account guest{.name = "anonymous", .store = std::make_shared<quota_store>(folder, space)};
    guest.allowed = permissions::full();
    guest.allowed.set(store_path{}.resolve("/archive").value(), permissions::read_only());

    net::server_options options{.authenticator = std::make_shared<anonymous_authenticator>(guest)};
    options.session.max_download_rate = 10'000'000; // bytes per second, of each session
    auto& commands = options.session.commands;
    commands.forbid("DELE");
    commands.add_site({.text = "SPACE", .help = "Tell what is left of the quota."},
                      [space](const command_context&) -> reply {
                          return {200, {std::to_string(space->bytes_left()) + " bytes are left."}};
                      });
    commands.before("MKD", [](const command_context& asked) -> std::optional<reply> {
        if (asked.argument.starts_with("tmp"))
            return reply{550, {"No directories for what does not last."}};
        return std::nullopt;
    });
    const auto file = net::log_file::open(argc > 3 ? argv[3] : "transfers.log").value();
    xferlog log{[&file](std::string_view line) { file->write(line); }};
    doorbell bell;
    observer_list observers{&log, &bell};
    options.observer = &observers;

    net::server server{std::move(options)};
    const auto where = server.listen({ip_address::loopback_v4(), port}).value();
    server.drain_on_signals(std::chrono::seconds{10});
    std::cout << "Serving on " << where.to_string() << std::endl;
    server.run();
} catch (const std::exception& error) {
    std::cerr << "custom_server: " << error.what() << '\n';
    return 1;
}
