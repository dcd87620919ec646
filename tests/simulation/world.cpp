// Sets a world up, lets it run, and looks at what is left.
#include "world.hpp"

#include "client_host.hpp"
#include "heap_count.hpp"
#include "odd_server.hpp"
#include "raw_client.hpp"
#include "server_host.hpp"

#include <array>
#include <chrono>
#include <memory>

namespace libftp::simulation {

using namespace std::chrono_literals;

const std::vector<world_part_name> world_parts{
    {world_part::storms, "storms"},
    {world_part::store_faults, "store-faults"},
    {world_part::login_faults, "login-faults"},
    {world_part::near_faults, "near-faults"},
    {world_part::cancels, "cancels"},
    {world_part::vanishing, "vanishing"},
    {world_part::pauses, "pauses"},
    {world_part::pipelining, "pipelining"},
    {world_part::slowness, "slowness"},
    {world_part::raw_clients, "raw-clients"},
    {world_part::odd_servers, "odd-servers"},
};

namespace {

const ip_address server_address{std::array<std::uint8_t, 4>{192, 0, 2, 1}};
constexpr std::uint64_t max_events_of_session = 200'000;
constexpr std::int64_t max_bytes_of_session = 1024 * 1024;

ip_address client_address(std::uint64_t number)
{
    return ip_address{std::array<std::uint8_t, 4>{192, 0, 2, static_cast<std::uint8_t>(10 + number)}};
}

class world {
public:
    explicit world(const world_options& options)
        : options_(options), chance_(options.seed), log_(events_, options.keeps),
          weather_(draw(world_part::storms, 2) ? weather::stormy : weather::calm),
          network_(events_, chance_.fork(), weather_),
          tree_(events_, log_, options.files), around_{events_, network_, log_, weather_}
    {
        draw_options();
        plant();
        const auto sessions = std::min(chance_.size_between(1, 4), options.max_sessions);
        const bool has_raw_clients = draw(world_part::raw_clients, 3);
        const bool has_odd_servers = draw(world_part::odd_servers, 4);
        for (std::uint64_t id = 1; id <= sessions; ++id) {
            const bool is_raw = chance_.one_in(2) && has_raw_clients;
            const bool is_odd = chance_.one_in(2) && has_odd_servers;
            if (is_raw)
                add_raw_client(id, chance_.fork());
            else if (is_odd)
                add_odd_server(id, chance_.fork());
            else
                add_client(id, chance_.fork());
        }
    }

    world(const world&) = delete;
    world& operator=(const world&) = delete;
    ~world() { events_.end(); } // while all that events refer to is there

    world_outcome run()
    {
        const auto limit = max_events_of_session * count_sessions();
        while (!log_.has_failed() && events_.happened() < limit && events_.run_next()) {
        }
        if (!log_.has_failed())
            check_end(limit);
        return {.has_failed = log_.has_failed(),
                .found = log_.first(),
                .sessions = count_sessions(),
                .events = events_.happened(),
                .fingerprint = log_.fingerprint(),
                .trace = log_.lines()};
    }

private:
    /// Whether this world has something that one in so many have.
    bool draw(world_part part, std::uint64_t one_in) { return chance_.one_in(one_in) && options_.has(part); }

    void draw_options()
    {
        if (chance_.one_in(3))
            session_options_.max_output_bytes = chance_.size_between(1, 600);
        if (chance_.one_in(4))
            session_options_.max_line_bytes = chance_.size_between(64, 200);
        has_store_faults_ = draw(world_part::store_faults, 3);
        has_login_faults_ = draw(world_part::login_faults, 6);
        has_near_faults_ = draw(world_part::near_faults, 4);
        has_cancels_ = draw(world_part::cancels, 3);
        has_vanishing_ = draw(world_part::vanishing, 6);
        has_pauses_ = draw(world_part::pauses, 8);
        is_slow_ = draw(world_part::slowness, 2);
    }

    /// What is there before the first client comes.
    void plant()
    {
        struct nobody final : store_witness {
            void changed(const tree_change& /*change*/) override {}
            void described(const store_path& /*path*/, const file_info& /*info*/) override {}
            void read(const store_path& /*path*/, const tree_model::bytes& /*content*/) override {}
            void listed(const store_path& /*directory*/) override {}
            void refused() override {}
        } witness;
        judged_store store{tree_, "planting", chance_.fork(), 0, witness};
        const auto at = [](std::string_view path) { return *store_path{}.resolve(path); };
        for (const auto* const path : {"/d", "/d/e", "/with space"})
            static_cast<void>(store.make_directory(at(path), {}));
        for (const auto* const path : {"/a", "/d/a", "/d/b.txt", "/d/e/c", "/with space/with space"}) {
            auto writer = store.open_write(at(path), {});
            std::string content = "planted\n";
            for (auto more = chance_.below(120); more > 0; --more)
                content += static_cast<char>('a' + chance_.below(26));
            static_cast<void>((*writer)->write(content));
            static_cast<void>((*writer)->commit());
        }
    }

    [[nodiscard]] server_setup draw_server(std::uint64_t id, chance& luck)
    {
        return {.options = session_options_,
                .tree = tree_,
                .id = id,
                .local = {server_address, 21},
                .peer = {client_address(id), 40000},
                .one_store_fault_in = has_store_faults_ ? luck.between(2, 40) : 0,
                .one_login_fault_in = has_login_faults_ ? luck.between(1, 4) : 0,
                .is_slow = is_slow_};
    }

    [[nodiscard]] client_setup draw_client(std::uint64_t id, chance& luck)
    {
        client_setup setup{
            .id = id, .local = {client_address(id), 40000}, .server = {server_address, 21}, .tree = tree_.model};
        setup.options.keeps_data_connections = true;
        setup.options.data_mode = luck.one_in(3) ? data_mode::active : data_mode::passive;
        if (luck.one_in(2) && options_.has(world_part::pipelining))
            setup.options.pipelining = pipelining::always;
        setup.errands = std::min(luck.size_between(1, 12), options_.max_errands);
        setup.at_once = luck.size_between(1, luck.one_in(4) ? 12 : 3);
        setup.one_cancel_in = has_cancels_ ? luck.between(1, 6) : 0;
        setup.one_vanishing_in = has_vanishing_ ? luck.between(1, 12) : 0;
        setup.one_near_fault_in = has_near_faults_ ? luck.between(4, 60) : 0;
        setup.asks_for_features = !luck.one_in(3);
        setup.pauses = has_pauses_;
        setup.mistakes_password = luck.one_in(8);
        return setup;
    }

    /// The ends of a control connection; the client of this number in its list hears of its faults.
    template <class Client>
    auto connect_control(std::vector<std::unique_ptr<Client>>& clients)
    {
        return network_.make_connection([&clients, at = clients.size()] { clients[at]->suffered(); });
    }

    void add_client(std::uint64_t id, chance luck)
    {
        const auto of_server = draw_server(id, luck);
        auto setup = draw_client(id, luck);
        setup.has_elder = luck.one_in(3);
        if (luck.one_in(2))
            setup.options.quirks = {
                {.where = server_words::greeting, .pattern = "*", .effects = server_effect::keeps_order}};
        auto [near_end, far_end] = connect_control(clients_);
        auto& client =
            clients_.emplace_back(std::make_unique<client_host>(around_, luck.fork(), setup, std::move(near_end)));
        servers_.push_back(std::make_unique<server_host>(around_, luck.fork(), of_server, std::move(far_end), *client,
                                                         [&client = *client] { client.suffered(); }));
    }

    void add_odd_server(std::uint64_t id, chance luck)
    {
        auto setup = draw_client(id, luck);
        setup.kind = server_kind::odd;
        const odd_server_setup of_server{.id = id,
                                         .local = setup.server,
                                         .one_oddity_in = luck.one_in(2) ? luck.between(2, 6) : luck.between(8, 60)};
        auto [near_end, far_end] = connect_control(clients_);
        clients_.push_back(std::make_unique<client_host>(around_, luck.fork(), setup, std::move(near_end)));
        odd_servers_.push_back(std::make_unique<odd_server>(around_, luck.fork(), of_server, std::move(far_end)));
    }

    void add_raw_client(std::uint64_t id, chance luck)
    {
        const auto of_server = draw_server(id, luck);
        using refusals = reply_count::refusals;
        raw_client_setup setup{.id = id, .local = of_server.peer, .server = of_server.local};
        setup.lines = std::min(luck.size_between(4, 40), 4 * options_.max_errands);
        setup.speaks = luck.one_in(2) ? raw_client_setup::manner::plain : raw_client_setup::manner::wild;
        setup.refusals = has_store_faults_ || has_login_faults_ ? refusals::any : refusals::of_the_verb;

        auto [near_end, far_end] = connect_control(raw_clients_);
        auto& client =
            raw_clients_.emplace_back(std::make_unique<raw_client>(around_, luck.fork(), setup, std::move(near_end)));
        servers_.push_back(std::make_unique<server_host>(around_, luck.fork(), of_server, std::move(far_end), *client,
                                                         [&client = *client] { client.suffered(); }));
    }

    [[nodiscard]] std::size_t count_sessions() const { return servers_.size() + odd_servers_.size(); }

    void check_end(std::uint64_t limit)
    {
        log_.expect(events_.happened() < limit, "world", "it goes on for ever");
        for (const auto& each : clients_)
            each->check_end();
        for (const auto& each : raw_clients_)
            each->check_end();
        for (const auto& each : servers_)
            each->check_end();
        tree_.compare();
        log_.expect(tree_.open_files == 0, "world", "files are left open");
    }

    world_options options_;
    chance chance_;
    event_queue events_;
    journal log_;
    weather weather_;
    network network_;
    shared_tree tree_;
    surroundings around_;
    session_options session_options_{.keeps_data_connections = true};
    bool has_store_faults_ = false;
    bool has_login_faults_ = false;
    bool has_near_faults_ = false;
    bool has_cancels_ = false;
    bool has_vanishing_ = false;
    bool has_pauses_ = false;
    bool is_slow_ = false;
    std::vector<std::unique_ptr<client_host>> clients_;
    std::vector<std::unique_ptr<raw_client>> raw_clients_;
    std::vector<std::unique_ptr<server_host>> servers_;
    std::vector<std::unique_ptr<odd_server>> odd_servers_;
};

} // namespace

world_outcome run_world(const world_options& options)
{
    // What is made once in a program's life stays, so only what a second run leaves behind too is a leak.
    for (bool is_second = false;; is_second = true) {
        const auto before = heap_bytes();
        forget_heap_peak();
        auto outcome = world{options}.run();
        outcome.memory_peak = heap_peak_bytes() - before;
        // A trace and a finding's text belong to the caller, and count.
        if (outcome.has_failed || options.keeps != journal::keeps::findings)
            return outcome;
        const bool has_leaked = heap_bytes() != before;
        if (has_leaked && !is_second)
            continue;
        const auto bound = static_cast<std::int64_t>(outcome.sessions) * max_bytes_of_session;
        if (has_leaked)
            outcome.found = {"world", "memory is not given back"};
        else if (outcome.memory_peak > bound)
            outcome.found = {"world", "sessions take more memory than they may"};
        outcome.has_failed = !outcome.found.what.empty();
        return outcome;
    }
}

} // namespace libftp::simulation
