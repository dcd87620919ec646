// Sets a world up, lets it run, and looks at what is left.
#include "world.hpp"

#include "client_host.hpp"
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

ip_address client_address(std::uint64_t number)
{
    return ip_address{std::array<std::uint8_t, 4>{192, 0, 2, static_cast<std::uint8_t>(10 + number)}};
}

class world {
public:
    explicit world(const world_options& options)
        : options_(options), chance_(options.seed), log_(events_, options.keeps),
          weather_(draw(world_part::storms, 2) ? weather::stormy : weather::calm),
          network_(events_, chance_.fork(), weather_), tree_(events_, log_), around_{events_, network_, log_, weather_}
    {
        draw_options();
        plant();
        const auto sessions = std::min(chance_.size_between(1, 4), options.max_sessions);
        for (std::uint64_t id = 1; id <= sessions; ++id)
            add_pair(id, chance_.fork());
    }

    world_outcome run()
    {
        const auto limit = max_events_of_session * servers_.size();
        while (!log_.has_failed() && events_.happened() < limit && events_.run_next()) {
        }
        if (!log_.has_failed())
            check_end(limit);
        return {log_.has_failed(), log_.first(), servers_.size(), events_.happened(), log_.fingerprint(), log_.lines()};
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

    void add_pair(std::uint64_t id, chance luck)
    {
        const endpoint client_end{client_address(id), 40000};
        const endpoint server_end{server_address, 21};
        client_setup setup{.id = id, .local = client_end, .server = server_end, .tree = tree_.model};
        setup.options.data_mode = luck.one_in(3) ? data_mode::active : data_mode::passive;
        if (luck.one_in(2) && options_.has(world_part::pipelining))
            setup.options.pipelining = pipelining::always;
        setup.errands = std::min(luck.size_between(1, 12), options_.max_errands);
        setup.at_once = luck.size_between(1, 3);
        setup.one_cancel_in = has_cancels_ ? luck.between(1, 6) : 0;
        setup.one_vanishing_in = has_vanishing_ ? luck.between(1, 12) : 0;
        setup.one_near_fault_in = has_near_faults_ ? luck.between(4, 60) : 0;
        setup.asks_for_features = !luck.one_in(3);
        setup.pauses = has_pauses_;
        setup.mistakes_password = luck.one_in(8);
        const server_setup of_server{.options = session_options_,
                                     .tree = tree_,
                                     .id = id,
                                     .local = server_end,
                                     .peer = client_end,
                                     .one_store_fault_in = has_store_faults_ ? luck.between(2, 40) : 0,
                                     .one_login_fault_in = has_login_faults_ ? luck.between(1, 4) : 0,
                                     .is_slow = is_slow_};

        auto suffered = [this, at = clients_.size()] { clients_[at]->suffered(); };
        auto [near_end, far_end] = network_.make_connection(suffered);
        auto& client =
            clients_.emplace_back(std::make_unique<client_host>(around_, luck.fork(), setup, std::move(near_end)));
        servers_.push_back(
            std::make_unique<server_host>(around_, luck.fork(), of_server, std::move(far_end), *client, *client));
    }

    void check_end(std::uint64_t limit)
    {
        log_.expect(events_.happened() < limit, "world", "it goes on for ever");
        for (const auto& each : clients_)
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
    session_options session_options_;
    bool has_store_faults_ = false;
    bool has_login_faults_ = false;
    bool has_near_faults_ = false;
    bool has_cancels_ = false;
    bool has_vanishing_ = false;
    bool has_pauses_ = false;
    bool is_slow_ = false;
    std::vector<std::unique_ptr<client_host>> clients_;
    std::vector<std::unique_ptr<server_host>> servers_;
};

} // namespace

world_outcome run_world(const world_options& options)
{
    return world{options}.run();
}

} // namespace libftp::simulation
