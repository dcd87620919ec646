// What the rules of an odd server come to, and what all its sessions and its test share.
#pragma once

#include <libftp/auth/authenticator.hpp>
#include <libftp/testing/odd_script.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace libftp::testing {

/// How a connection goes on.
enum class connection_end : std::uint8_t { none, close, reset };

/// What becomes of those who connect to a passive port.
enum class listener_manner : std::uint8_t { usual, refuses, ignores };

struct odd_reply {
    int code = 0;
    std::optional<std::string> text{}; ///< Instead of the usual one.
    bool is_held = false;
};

struct odd_data {
    std::optional<std::string> bytes{}; ///< Instead of the usual ones.
    std::optional<std::uint64_t> hold_at{};
    std::optional<std::uint64_t> cut_at{};
    bool cut_resets = false;
    connection_end end = connection_end::close;
};

/// What one rule says about a command.
struct odd_conduct {
    std::string pattern{};
    bool is_for_connections = false;
    std::optional<std::size_t> times_left{};

    bool is_held = false;
    std::optional<std::string> answer{};
    std::vector<odd_reply> replies{};
    std::optional<std::size_t> reply_bytes{};
    odd_data data{};
    listener_manner listener = listener_manner::usual;
    connection_end then = connection_end::none;
};

/// Any thread may call.
class odd_state {
public:
    template <class Change>
    void change(Change change)
    {
        const std::lock_guard lock{mutex_};
        change();
    }

    void add(std::shared_ptr<odd_conduct> rule);
    void forget_rules();
    /// What the rules say about this, and one time less for the one that does. Nothing: about the connection itself.
    odd_conduct conduct_at(std::optional<std::string_view> line);

    void lack(std::string_view verb);
    [[nodiscard]] session_options session_options_now() const;
    void add_login(std::string_view user, std::string_view password, std::string_view account);
    /// `is_trusted` after a rule said 230.
    [[nodiscard]] result<account> authenticate(const credentials& who, bool is_trusted) const;

    /// Returns the number of this connection.
    std::size_t count_connection();
    [[nodiscard]] std::size_t connections() const;
    void hear(std::string_view line);
    [[nodiscard]] std::vector<std::string> heard() const;
    [[nodiscard]] bool wait_until_heard(std::string_view command, std::size_t count, std::chrono::seconds limit) const;

    void say(std::string_view bytes);
    /// What has been said in all.
    [[nodiscard]] std::string said() const;

    /// Something begins to wait for release().
    void count_hold();
    [[nodiscard]] bool wait_until_held(std::size_t count, std::chrono::seconds limit) const;
    void release();
    /// Whether a release() was left, which is now used.
    bool take_release();

    /// `listener` is called after say() and release(), until it is replaced; not at the same time as this function.
    void on_change(std::function<void()> listener);

    const std::shared_ptr<memory_store> files = std::make_shared<memory_store>();
    session_options options{};

private:
    struct login {
        std::string user;
        std::string password;
        std::string account;
    };

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<std::shared_ptr<odd_conduct>> rules_;
    std::vector<login> logins_;
    std::vector<std::string> heard_;
    std::string said_;
    std::size_t connections_ = 0;
    std::size_t holds_ = 0;
    std::size_t releases_ = 0;

    std::mutex listener_mutex_;
    std::function<void()> listener_;
};

} // namespace libftp::testing
