// Does something with each file when its upload is complete: upload_hook PORT FOLDER
#include <libftp/auth/authenticator.hpp>
#include <libftp/net/server.hpp>
#include <libftp/store/disk_store.hpp>

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>

#include <iostream>
#include <string>

using namespace libftp;

/// Sessions do not wait for the work, which has a thread of its own.
class doorbell final : public session_observer {
public:
    explicit doorbell(std::shared_ptr<file_store> store) : store_(std::move(store)) {}

    void transfer_ended(const session_facts& session, const transfer_report& report) override
    {
        const bool is_upload = report.kind == transfer_kind::upload || report.kind == transfer_kind::append;
        if (is_upload && report.end == transfer_end::completed)
            asio::post(worker_, [this, user = session.user, path = report.path] { arrived(user, path); });
    }

private:
    void arrived(const std::string& user, const store_path& path)
    {
        const auto file = store_->stat(path); // all of it is there, under its name
        std::cout << escape_controls(path.string()) << " has come from " << escape_controls(user) << ": "
                  << (file ? file->size.value_or(0) : 0) << " bytes" << std::endl;
    }

    std::shared_ptr<file_store> store_;
    asio::thread_pool worker_{1};
};

int main(int argc, char** argv)
try {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 2121);
    const auto store = disk_store::open(argc > 2 ? argv[2] : ".").value();
    const account guest{.name = "anonymous", .store = store, .allowed = permissions::full()};
    doorbell bell{store};
    net::server server{{.authenticator = std::make_shared<anonymous_authenticator>(guest), .observer = &bell}};
    std::cout << "Serving on " << server.listen({ip_address::loopback_v4(), port}).value().to_string() << std::endl;
    server.drain_on_signals(std::chrono::seconds{10});
    server.run();
} catch (const std::exception& error) {
    std::cerr << "upload_hook: " << error.what() << '\n';
    return 1;
}
