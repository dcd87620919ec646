// Downloads one file by TLS: secure_download ftps://USER:PASSWORD@HOST:PORT/PATH LOCAL [FINGERPRINT]
#include <libftp/net/client.hpp>

#include <iostream>
#include <string>

using namespace libftp;

int main(int argc, char** argv)
try {
    if (argc != 3 && argc != 4) {
        std::cerr << "usage: secure_download ftps://USER:PASSWORD@HOST:PORT/PATH LOCAL [FINGERPRINT]\n";
        return 2;
    }
    const auto url = parse_ftp_url(argv[1]).value();

    net::tls_client_options trust; // as it is: the system's authorities, and the host's name has to be right
    if (argc == 4)
        trust.fingerprints = {argv[3]};
    trust.decide = [](const net::untrusted_certificate& shown) {
        std::cerr << "The certificate with the fingerprint " << shown.certificate.fingerprint << " is not trusted.\n";
        return net::trust::refuse; // a person may be asked here
    };

    net::client client{{.tls = tls_use::required}}; // whatever the scheme of the URL is
    client.use_tls(std::move(trust)).value();
    client.connect(url).value();
    std::cout << client.tls()->version << " with the certificate of " << escape_controls(client.tls()->peer->subject)
              << '\n';
    const auto done = client.download(url.path, std::string{argv[2]}).value();
    std::cout << argv[2] << ": " << done.bytes << " bytes\n";
    client.quit();
} catch (const std::exception& error) {
    std::cerr << "secure_download: " << error.what() << '\n';
    return 1;
}
