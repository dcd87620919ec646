// An outside program that needs libftp::testing: a server that refuses what it is told to refuse.
#include <libftp/net/client.hpp>
#include <libftp/testing/odd_server.hpp>

int main()
{
    using namespace libftp;
    testing::odd_server server;
    server.on("SIZE").answers("550 None");
    net::client client;
    client.connect("127.0.0.1", server.port()).value();
    client.login("ann", secret{"word"}).value();
    return client.size("a").error().answer.code == 550 ? 0 : 1;
}
