// Downloads one file: download_file HOST PORT REMOTE LOCAL
#include <libftp/net/client.hpp>

#include <iostream>
#include <string>

int main(int argc, char** argv)
try {
    if (argc != 5) {
        std::cerr << "usage: download_file HOST PORT REMOTE LOCAL\n";
        return 2;
    }
    libftp::net::client client;
    client.connect(argv[1], static_cast<std::uint16_t>(std::stoi(argv[2]))).value();
    client.login("anonymous", libftp::secret{"guest@"}).value();

    const auto done = client.download(argv[3], std::string{argv[4]}).value();
    std::cout << argv[4] << ": " << done.bytes << " bytes\n";
    client.quit();
} catch (const std::exception& error) {
    std::cerr << "download_file: " << error.what() << '\n';
    return 1;
}
