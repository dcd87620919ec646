// A server with commands of its own, some that are forbidden or asked about first, and a log: own_commands PORT FOLDER
// LOG
#include <libftp/auth/authenticator.hpp>
#include <libftp/net/log_file.hpp>
#include <libftp/net/server.hpp>
#include <libftp/session/xferlog.hpp>
#include <libftp/store/disk_store.hpp>

#include <iostream>
#include <string>

using namespace libftp;

int main(int argc, char** argv)
try {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121);
    const auto folder = disk_store::open(argc > 2 ? argv[2] : ".").value();
    const account guest{.name = "anonymous", .store = folder, .allowed = permissions::full()};
    net::server_options options{.authenticator = std::make_shared<anonymous_authenticator>(guest)};

    auto& commands = options.session.commands;
    commands.forbid("DELE");
    commands.add_site({.text = "SPACE", .help = "Tell what is left of the disk."},
                      [folder](const command_context&) -> reply {
                          const auto left = folder->available_space({});
                          if (!left)
                              return {550, {"That is not known."}};
                          return {200, {std::to_string(*left) + " bytes are left."}};
                      });
    commands.before("MKD", [](const command_context& asked) -> std::optional<reply> {
        if (asked.argument.starts_with("tmp"))
            return reply{550, {"No directories for what does not last."}};
        return std::nullopt;
    });

    const auto file = net::log_file::open(argc > 3 ? argv[3] : "transfers.log").value();
    xferlog log{[&file](std::string_view line) { file->write(line); }};
    options.observer = &log;

    net::server server{std::move(options)};
    std::cout << "Serving on " << server.listen({ip_address::loopback_v4(), port}).value().to_string() << std::endl;
    server.drain_on_signals(std::chrono::seconds{10});
    server.run();
} catch (const std::exception& error) {
    std::cerr << "own_commands: " << error.what() << '\n';
    return 1;
}
