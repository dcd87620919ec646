// Those who ask something over a connection, whatever its kind: one request each, an answer, and the end.
#pragma once

#include <asio/buffer.hpp>
#include <asio/read_until.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>

/// What to do where another server already is.
enum class rival : unsigned char {
    respected, ///< If that server still lives.
    followed,  ///< This server takes its place.
};

struct request_form {
    std::string_view end;      ///< Of the request.
    std::size_t max_bytes = 0; ///< With that.
};

/// Called with a request, without its end; what it returns is sent.
using answerer = std::function<std::string(std::string_view request)>;

/// For sockets that programs started by this one are not to have.
inline void keep_from_programs(int descriptor)
{
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/// Takes one connection after the other, and leaves each after a few seconds, whatever its peer does: so many of these
/// as there are, so many connections there can be. Held by a shared_ptr; what it waits for keeps it alive.
template <class Protocol>
class answer_loop : public std::enable_shared_from_this<answer_loop<Protocol>> {
public:
    /// The acceptor has to live until stop(), or longer than its context runs.
    answer_loop(typename Protocol::acceptor& acceptor, request_form form, answerer answer)
        : acceptor_(acceptor), form_(form), answer_(std::move(answer)), connection_(acceptor.get_executor()),
          timer_(acceptor.get_executor())
    {
    }

    void accept()
    {
        acceptor_.async_accept(connection_, [self = this->shared_from_this()](std::error_code error) {
            if (self->stopped_)
                return;
            if (error)
                self->pause();
            else
                self->read();
        });
    }

    /// On the thread of the context.
    void stop()
    {
        stopped_ = true;
        timer_.cancel();
        leave();
    }

private:
    static constexpr std::chrono::seconds patience{5};

    /// No descriptor is left: some session's end brings one.
    void pause()
    {
        timer_.expires_after(std::chrono::seconds{1});
        timer_.async_wait([self = this->shared_from_this()](std::error_code) {
            if (!self->stopped_)
                self->accept();
        });
    }

    void read()
    {
        keep_from_programs(connection_.native_handle());
        timer_.expires_after(patience);
        timer_.async_wait([self = this->shared_from_this()](std::error_code canceled) {
            const bool is_of_this_one = self->timer_.expiry() <= std::chrono::steady_clock::now();
            if (!canceled && is_of_this_one)
                self->leave();
        });
        request_.clear();
        asio::async_read_until(connection_, asio::dynamic_buffer(request_, form_.max_bytes), form_.end,
                               [self = this->shared_from_this()](std::error_code error, std::size_t length) {
                                   if (error || self->stopped_)
                                       self->next();
                                   else
                                       self->write(length);
                               });
    }

    void write(std::size_t length)
    {
        text_ = answer_(std::string_view{request_}.substr(0, length - form_.end.size()));
        asio::async_write(connection_, asio::buffer(text_),
                          [self = this->shared_from_this()](std::error_code, std::size_t) { self->next(); });
    }

    void next()
    {
        if (stopped_)
            return;
        timer_.cancel();
        leave();
        accept();
    }

    void leave()
    {
        std::error_code ignored;
        connection_.close(ignored);
    }

    typename Protocol::acceptor& acceptor_;
    const request_form form_;
    const answerer answer_;
    typename Protocol::socket connection_;
    asio::steady_timer timer_;
    bool stopped_ = false;
    std::string request_{};
    std::string text_{};
};
