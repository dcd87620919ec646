// A proxy: listens as a server and fetches as a client, by a store of another server's files: ftp_gateway FTP_URL
#include <iostream>
#include <libftp/auth/authenticator.hpp>
#include <libftp/net/client.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/single_file.hpp>
#include <libftp/store/store_view.hpp>

using namespace libftp;
/// One connection serves all, one call at a time; a file is in memory as it passes.
class far_store final : public store_view {
public:
    explicit far_store(ftp_url url) : url_(std::move(url)) {}

    result<file_info> stat(const store_path& path) override
    {
        return ask<file_info>([&] { return client_.stat(path.string()); });
    }
    result<std::unique_ptr<file_reader>> open_read(const store_path& path, std::uint64_t offset) override
    {
        std::string text;
        const auto fetch = [&] { return client_.download(path.string(), make_text_writer(text), {.offset = offset}); };
        if (const auto come = ask<transfer_result>(fetch); !come)
            return come.error();
        return make_text_reader(std::move(text));
    }
    result<std::unique_ptr<directory_reader>> open_directory(const store_path& path) override
    {
        const auto seen = ask<parsed_listing>([&] { return client_.list(path.string()); });
        if (!seen)
            return seen.error();
        return make_directory_reader({seen->entries.begin(), seen->entries.end()});
    }

private:
    template <class T>
    result<T> ask(auto call)
    {
        client_.catch_up();
        if (!client_.is_connected())
            (void)client_.connect(url_); // else the call fails, and says why
        auto outcome = call();
        if (outcome)
            return *std::move(outcome);
        return outcome.error().answer.code == 550 ? make_error_code(store_errc::not_found) : outcome.error().code;
    }

    const ftp_url url_;
    net::client client_;
};

int main(int argc, char** argv)
{
    const auto far = std::make_shared<far_store>(parse_ftp_url(argc > 1 ? argv[1] : "ftp://localhost/").value());
    const account guest{.store = far, .allowed = permissions::read_only()};
    net::server server{{.authenticator = std::make_shared<anonymous_authenticator>(guest), .store_threads = 1}};
    std::cout << "Serving on " << server.listen({ip_address::loopback_v4(), 0}).value().to_string() << std::endl;
    server.run();
}
