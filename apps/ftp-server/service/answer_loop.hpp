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
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>

/// What to do where another server already is.
enum class rival : unsigned char {
    respected, ///< If that server still lives.
    followed,  ///< This server takes its place.
};

struct request_form {
    std::string_view end;             ///< Of the request.
    std::size_t max_bytes = 0;        ///< With that.
    std::chrono::seconds patience{5}; ///< With the peer, for all of it.
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
    /// The acceptor has to live until stop(), or longer than its context runs. `taken` is called with each connection
    /// until then.
    answer_loop(
        typename Protocol::acceptor& acceptor, request_form form, answerer answer, std::function<void()> taken = [] {})
        : acceptor_(acceptor), form_(form), answer_(std::move(answer)), taken_(std::move(taken)),
          connection_(acceptor.get_executor()), timer_(acceptor.get_executor())
    {
    }

    void accept()
    {
        phase_ = phase::accepting;
        acceptor_.async_accept(connection_, [self = this->shared_from_this()](std::error_code error) {
            if (self->stopped_)
                return;
            if (error)
                return self->pause();
            self->phase_ = phase::taken;
            self->taken_();
            self->read();
        });
    }

    [[nodiscard]] bool is_accepting() const noexcept { return phase_ == phase::accepting; }
    /// When it gives up a peer whose request has not come yet; nothing if there is none.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> reads_until() const
    {
        return phase_ == phase::reading ? std::optional{timer_.expiry()} : std::nullopt;
    }

    /// The connection that there is: the next one is taken instead.
    void leave()
    {
        std::error_code ignored;
        connection_.close(ignored);
    }

    /// On the thread of the context.
    void stop()
    {
        stopped_ = true;
        timer_.cancel();
        leave();
    }

private:
    enum class phase : unsigned char { pausing, accepting, taken, reading, writing };

    /// No descriptor is left: some session's end brings one.
    void pause()
    {
        phase_ = phase::pausing;
        timer_.expires_after(std::chrono::seconds{1});
        timer_.async_wait([self = this->shared_from_this()](std::error_code) {
            if (!self->stopped_)
                self->accept();
        });
    }

    void read()
    {
        phase_ = phase::reading;
        keep_from_programs(connection_.native_handle());
        timer_.expires_after(form_.patience);
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
        phase_ = phase::writing;
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

    typename Protocol::acceptor& acceptor_;
    const request_form form_;
    const answerer answer_;
    const std::function<void()> taken_;
    typename Protocol::socket connection_;
    asio::steady_timer timer_;
    phase phase_ = phase::pausing;
    bool stopped_ = false;
    std::string request_{};
    std::string text_{};
};

/// So many of them. Those who keep their requests to themselves keep nobody away: whenever all places are taken, the
/// one who has done so for longest has to go.
template <class Protocol>
class answer_loops {
public:
    /// The acceptor has to live as long as these, or longer than its context runs.
    answer_loops(typename Protocol::acceptor& acceptor, request_form form, const answerer& answer, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            loops_.push_back(std::make_shared<answer_loop<Protocol>>(acceptor, form, answer, [this] { make_place(); }));
    }
    answer_loops(const answer_loops&) = delete;
    answer_loops& operator=(const answer_loops&) = delete;
    /// On the thread of the context.
    ~answer_loops()
    {
        for (const auto& loop : loops_)
            loop->stop();
    }

    void accept()
    {
        for (const auto& loop : loops_)
            loop->accept();
    }

private:
    void make_place()
    {
        answer_loop<Protocol>* longest = nullptr;
        for (const auto& loop : loops_) {
            if (loop->is_accepting())
                return;
            const auto end = loop->reads_until();
            if (end && (longest == nullptr || *end < *longest->reads_until()))
                longest = loop.get();
        }
        if (longest != nullptr)
            longest->leave();
    }

    std::vector<std::shared_ptr<answer_loop<Protocol>>> loops_{};
};
