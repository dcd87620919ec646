// One question to a resolver, on a thread of its own.
#include "host_lookup.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace libftp::net {

result<std::vector<endpoint>> ask_system_resolver(const std::string& host, std::uint16_t port)
{
    asio::io_context unused;
    tcp::resolver resolver{unused};
    std::error_code error;
    const auto found = resolver.resolve(host, std::to_string(port), error);
    if (error)
        return from_asio(error);
    std::vector<endpoint> addresses;
    for (const auto& each : found)
        addresses.push_back(from_asio(each.endpoint()));
    return addresses;
}

/// Shared with the thread, which may outlive everything else.
struct host_lookup::question : std::enable_shared_from_this<question> {
    question(const asio::any_io_executor& home, handler told) : work(home), done(std::move(told)) {}

    void forget()
    {
        const std::lock_guard lock{mutex};
        work.reset();
        done = nullptr;
    }

    /// From the thread. While the lock is held the asker is there, and so is what the executor belongs to.
    void answer(result<std::vector<endpoint>> found)
    {
        const std::lock_guard lock{mutex};
        if (!done)
            return;
        asio::post(work->get_executor(), [self = shared_from_this(), found = std::move(found)]() mutable {
            const auto told = std::exchange(self->done, nullptr);
            self->work.reset();
            if (told)
                told(std::move(found));
        });
    }

    std::mutex mutex;
    std::optional<asio::executor_work_guard<asio::any_io_executor>> work;
    handler done; ///< Empty: nobody wants to know any more.
};

host_lookup::host_lookup(const asio::any_io_executor& executor, resolver_function resolver, std::string host,
                         std::uint16_t port, handler done)
    : question_(std::make_shared<question>(executor, std::move(done)))
{
    try {
        std::thread{[question = question_, resolver = std::move(resolver), host = std::move(host), port] {
            question->answer(resolver(host, port));
        }}.detach();
    } catch (const std::system_error& no_thread) {
        question_->answer(no_thread.code());
    }
}

host_lookup::~host_lookup()
{
    question_->forget();
}

} // namespace libftp::net
