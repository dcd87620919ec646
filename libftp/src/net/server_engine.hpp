// What a server consists of: listeners, event loops with their sessions, and the counts of them.
#pragma once

#include "busy_poll.hpp"
#include "listening_socket.hpp"
#include "proxy_greeting.hpp"
#include "seat_count.hpp"
#include "server_connection.hpp"
#include "session_board.hpp"
#include "system_calls.hpp"

#include <libftp/net/server.hpp>
#include <libftp/session/observer_list.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace libftp::net {

/// One event loop and what lives there, which is touched by its handlers only.
struct shard {
    using work_guard = asio::executor_work_guard<asio::any_io_executor>;

    /// A loop of the server's own.
    shard() : own(std::make_unique<asio::io_context>(1)), loop(own->get_executor()) { open_loop(); }
    /// The program's.
    explicit shard(asio::any_io_executor of_program) : loop(std::move(of_program)) { open_loop(); }

    /// What the loop needs of the system: when the first session comes there may be no descriptor left.
    void open_loop() const { const tcp::socket opener{loop}; }

    /// As own->run(), but for when its thread falls asleep.
    void run(busy_poll pace) const;

    std::unique_ptr<asio::io_context> own; ///< Empty if the loop is the program's.
    asio::any_io_executor loop;
    std::optional<work_guard> guard{loop}; ///< Until the server is drained or stopped: it may listen later, too.
    std::unordered_map<std::uint64_t, std::weak_ptr<server_connection>> sessions;
    std::unordered_map<std::uint64_t, std::shared_ptr<proxy_greeting>>
        greetings; ///< Of connections that are no sessions yet.

    std::thread thread;                ///< Begins with the first session. The first shard has none: it has run()'s.
    std::atomic<bool> is_used = false; ///< Somebody runs the loop, or will.
    std::size_t load = 0;              ///< Connections that it has or will have; for the home loop.
};

/// Its functions run on the home loop, which counts the sessions, unless they say otherwise.
struct server::engine : std::enable_shared_from_this<engine> {
    engine(server_options from, asio::any_io_executor of_program);

    using address_counts = std::map<std::string, seat_count>;

    const asio::any_io_executor& home() const { return shards.front().loop; }
    [[nodiscard]] bool has_own_loops() const { return shards.front().own != nullptr; }
    /// For handlers and connections: on the program's loop they may be there for longer than the server.
    std::shared_ptr<engine> keeper() { return has_own_loops() ? nullptr : shared_from_this(); }

    // Any thread
    std::shared_ptr<const session_terms> current_terms();
    /// Why it cannot listen for such sessions, if it cannot.
    std::error_code obstacle_to(control_start start);
    result<void> renew(server_options options);
    void renew(std::shared_ptr<const tls_server_context> tls);
    result<endpoint> listen(result<std::shared_ptr<listening_socket>> opened);
    void stop_listening(const endpoint& where);
    bool disconnect(std::uint64_t session);
    /// Serves on the calling thread, and on others that it begins when there are sessions for them.
    void run();
    void stop();
    /// On the home loop, or while nobody runs any.
    void end();
    /// Whether nobody is to come any more: it is drained, or has stopped.
    [[nodiscard]] bool is_over() const noexcept { return draining || stopped; }
    /// Calls `work(shard)` on the threads that there are.
    template <class Work>
    void on_shards(Work work)
    {
        for (auto& each : shards) {
            if (each.is_used)
                asio::post(each.loop, [&each, work, kept = keeper()] { work(each); });
        }
    }

    // server_engine_arrivals.cpp
    void accept(const std::shared_ptr<listening_socket>& at);
    void accept_all(const std::shared_ptr<listening_socket>& at);
    void accept_later(const std::shared_ptr<listening_socket>& at);
    shard& choose_shard();
    void take(const accepted_socket& who, control_start start);
    void await_proxy_header(tcp::socket socket, shard& target, control_start start, const endpoint& proxy,
                            std::chrono::seconds limit);
    void admit(tcp::socket socket, shard& target, control_start start, const endpoint& peer);
    void turn_away(tcp::socket socket, const endpoint& peer, control_start start);
    void end_session(address_counts::iterator counted);
    void dismiss(shard& from, address_counts::iterator counted);

    void begin_drain(std::chrono::seconds limit);
    void end_if_drained();
    void await_signal();
    void await_handled();

    /// On the session's thread.
    void shut_down(server_connection& connection) const;

    session_board board;
    observer_list observers;
    std::deque<shard> shards;
    asio::signal_set signals;
    asio::signal_set handled;
    std::map<int, std::function<void()>> handlers; ///< Of the signals in `handled`.
    address_counts seats_by_address;               ///< By origin_of().
    seat_count seats; ///< Of all addresses, and of connections whose address is not known yet.
    std::uint64_t last_session = 0;
    std::uint64_t last_greeting = 0;
    const busy_poll pace;             ///< That each thread begins with.
    std::atomic<bool> is_run = false; ///< A thread is in run().
    std::atomic<bool> draining = false;
    std::atomic<bool> stopped = false;
    std::chrono::seconds grace{0};
    std::atomic<std::chrono::seconds> grace_on_signal{};
    std::atomic<bool> awaits_signal = false; ///< One wait is enough: each would hear of every signal.

    std::mutex mutex;                           ///< Of all up to the next empty line.
    std::shared_ptr<const session_terms> terms; ///< Of sessions to come.
    /// By their ports, the last for sessions to come; those before it stay for sessions that began with them. Behind
    /// the shards, on whose loops they listen.
    std::vector<std::shared_ptr<passive_listeners>> data_listeners;
    std::vector<std::shared_ptr<listening_socket>> listeners;

    // Last: jobs that were never run hold connections, and go before the loops that those live on.
    std::shared_ptr<store_worker> files;
    store_worker logins; ///< Apart, so that no flood of passwords holds up a file.

private:
    static std::deque<shard> make_shards(std::size_t threads, asio::any_io_executor of_program);
    std::vector<std::shared_ptr<listening_socket>> take_listeners();
    void join_threads();
    void cut_off();
    void leave_signals();
    std::shared_ptr<const session_terms> terms_for(server_options options,
                                                   std::shared_ptr<const tls_server_context> tls);
};

} // namespace libftp::net
