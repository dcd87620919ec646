// Downloads one file by callbacks, on the program's own event loop: download_callbacks HOST PORT REMOTE LOCAL
#include <libftp/net/async_client.hpp>

#include <asio/io_context.hpp>

#include <iostream>
#include <string>

using namespace libftp;
class download {
public:
    download(asio::io_context& loop, std::string remote, std::string local)
        : client_(loop.get_executor()), remote_(std::move(remote)), local_(std::move(local))
    {
    }

    void begin(std::string host, std::uint16_t port)
    {
        client_.async_connect(std::move(host), port, [this](const client_result<reply>& greeting) {
            if (goes_on(greeting))
                client_.async_login("anonymous", secret{"guest@"}, [this](const client_result<reply>& answer) {
                    if (goes_on(answer))
                        fetch();
                });
        });
    }
    [[nodiscard]] bool is_done() const noexcept { return is_done_; }

private:
    void fetch()
    {
        client_.async_download(remote_, local_, {}, [this](const client_result<transfer_result>& done) {
            if ((is_done_ = goes_on(done)))
                client_.async_quit([](const client_result<void>&) {});
        });
    }
    [[nodiscard]] bool goes_on(const auto& outcome)
    {
        if (!outcome) {
            std::cerr << outcome.error().message() << '\n';
            client_.close(); // else the loop goes on for it
        }
        return outcome.has_value();
    }
    net::async_client client_;
    std::string remote_, local_;
    bool is_done_ = false;
};

int main(int argc, char** argv)
{
    if (argc != 5)
        return 2;
    asio::io_context loop{1};
    download wanted{loop, argv[3], argv[4]};
    wanted.begin(argv[1], static_cast<std::uint16_t>(std::stoi(argv[2])));
    loop.run();
    return wanted.is_done() ? 0 : 1;
}
