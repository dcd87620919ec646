// Logins whose passwords wait to be checked, while their sessions come and go.
#include "running_server.hpp"

#include <libftp/session/session_observer.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <system_error>

using namespace libftp;
using namespace libftp::testing;

namespace {

/// Lets nobody in, and nobody go before it is released.
class gated_authenticator final : public authenticator {
public:
    void wait_until_entered()
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return asked_ != 0; });
    }
    void release()
    {
        const std::lock_guard lock{mutex_};
        released_ = true;
        changed_.notify_all();
    }
    [[nodiscard]] int times_asked()
    {
        const std::lock_guard lock{mutex_};
        return asked_;
    }

    result<account> authenticate(const credentials& /*who*/) override
    {
        std::unique_lock lock{mutex_};
        ++asked_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return released_; });
        return std::make_error_code(std::errc::permission_denied);
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int asked_ = 0;
    bool released_ = false;
};

/// Counts passwords that have come, and sessions that have ended.
class login_counts final : public session_observer {
public:
    void wait_for_passwords(int count)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return passwords_ == count; });
    }
    void wait_for_ends(int count)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return ends_ == count; });
    }

    void command_received(const session_facts& /*session*/, std::string_view name, std::string_view /*text*/) override
    {
        const std::lock_guard lock{mutex_};
        passwords_ += name == "PASS" ? 1 : 0;
        changed_.notify_all();
    }
    void closed(const session_facts& /*session*/, close_reason /*reason*/) override
    {
        const std::lock_guard lock{mutex_};
        ++ends_;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int passwords_ = 0;
    int ends_ = 0;
};

} // namespace

TEST_CASE("The password of a session that has ended before its turn is not checked")
{
    const auto gate = std::make_shared<gated_authenticator>();
    login_counts counts;
    net::server_options options;
    options.threads = 1;
    options.login_threads = 1;
    options.authenticator = gate;
    options.observer = &counts;
    running_server server{std::make_shared<memory_store>(), options};
    auto give_password = [&counts, given = 0](bare_connection& from) mutable {
        CHECK(from.next_reply().code == 220);
        CHECK(from.ask("USER ann") == 331);
        from.send("PASS secret\r\n");
        counts.wait_for_passwords(++given);
    };
    bare_connection first{server.port()};
    give_password(first);
    gate->wait_until_entered();
    for (int i = 0; i < 4; ++i) {
        bare_connection gone{server.port()};
        give_password(gone);
        gone.reset();
        counts.wait_for_ends(i + 1);
    }
    bare_connection last{server.port()};
    give_password(last);
    gate->release();
    CHECK(first.next_reply().code == 530);
    CHECK(last.next_reply().code == 530);
    CHECK(gate->times_asked() == 2);
}
