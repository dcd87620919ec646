// Tests a program's own function against a server that misbehaves on purpose.
#include <libftp/net/client.hpp>
#include <libftp/store/file_place.hpp>
#include <libftp/testing/odd_server.hpp>

#include <iostream>
#include <string>

using namespace libftp;

/// What is to be tested: fetches a text, and tries once more where that may help.
client_result<std::string> fetch(std::uint16_t port, const std::string& path)
{
    for (int tries_left = 1;; --tries_left) {
        net::client client;
        client.connect("127.0.0.1", port).value();
        client.login("ann", secret{"word"}).value();
        std::string text;
        const auto done = client.download(path, make_callback_writer([&text](std::string_view bytes) -> result<void> {
                                              text += bytes;
                                              return {};
                                          }));
        if (done)
            return text;
        if (tries_left == 0 || done.error().code != failure::transient)
            return done.error();
    }
}

bool says(bool holds, const std::string& what)
{
    std::cout << (holds ? "passed: " : "FAILED: ") << what << '\n';
    return holds;
}

int main()
try {
    testing::odd_server server;
    server.files().add_file("/report.txt", "all is well");
    bool good = says(fetch(server.port(), "report.txt").value() == "all is well", "a report is fetched");

    server.on("RETR").resets_data_after(3).once();
    good &= says(fetch(server.port(), "report.txt").value() == "all is well", "a reset is tried again");

    server.on("RETR").answers("450 busy");
    good &= says(fetch(server.port(), "report.txt").error().answer.code == 450, "a busy server is given up");
    good &= says(server.connections() == 5, "no more than two tries are made");

    server.forget_rules();
    server.lacks({"EPSV", "SIZE", "MLSD"});
    server.on("PASV").replaces(227, "227 =10,0,0,1,{p1},{p2}"); // as behind an address translation
    good &= says(fetch(server.port(), "report.txt").value() == "all is well", "an old server will do");
    return good ? 0 : 1;
} catch (const std::exception& error) {
    std::cerr << "test_with_odd_server: " << error.what() << '\n';
    return 1;
}
