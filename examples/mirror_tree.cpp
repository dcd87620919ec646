// Makes a local directory the same as one on a server: mirror_tree ftp://USER:PASSWORD@HOST:PORT/PATH DIRECTORY
#include <libftp/net/client.hpp>

#include <iostream>
#include <string>

int main(int argc, char** argv)
try {
    using namespace libftp;
    if (argc != 3) {
        std::cerr << "usage: mirror_tree ftp://USER:PASSWORD@HOST:PORT/PATH DIRECTORY\n";
        return 2;
    }
    const auto url = parse_ftp_url(argv[1]).value();
    net::client client;
    client.connect(url).value();

    mirror_options options;
    options.extras = mirror_extras::remove; // what the server does not have goes
    options.exclude = {"*.tmp", "cache/*"};
    options.sessions = 3;
    options.transfers.retry.attempts = 3;
    options.report = [](const mirror_event& event) {
        const bool failed = event.deed == mirror_deed::fail;
        std::cout << escape_controls(event.path) << (failed ? ": " + event.error.message() : "") << '\n';
    };
    const auto done = client.download_tree(url.path, argv[2], options).value();
    std::cout << done.transferred << " files with " << done.bytes << " bytes have come, " << done.unchanged
              << " were there, " << done.removed << " are removed, " << done.failure_count << " have failed.\n";
    return done.failure_count == 0 ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << "mirror_tree: " << error.what() << '\n';
    return 1;
}
