// A client in the simulation: runs errands against a server, and checks all that it is told about them.
#pragma once

#include "errand.hpp"
#include "session_host.hpp"

#include <libftp/session/client_session.hpp>

#include <cstddef>
#include <deque>
#include <string>

namespace libftp::simulation {

/// Whether what the server says can be held against what its store has done.
enum class server_kind : std::uint8_t { honest, odd };

struct client_setup {
    std::uint64_t id = 0;
    endpoint local{};
    endpoint server{};
    client_options options{};
    const tree_model& tree;
    server_kind kind = server_kind::honest;
    std::size_t errands = 5;
    std::size_t at_once = 1;            ///< Errands that are begun before the first is done.
    std::uint64_t one_cancel_in = 0;    ///< Of the errands; 0: none.
    std::uint64_t one_vanishing_in = 0; ///< Of the errands.
    std::uint64_t one_near_fault_in = 0;
    bool asks_for_features = true;
    bool has_elder = false;         ///< Another session with the server has logged in before.
    bool pauses = false;            ///< Longer than the server waits.
    bool mistakes_password = false; ///< The first time.
};

/// Outlives the session, which refers to them.
struct holder_of_setup {
    client_setup setup;
};

class client_host final : private holder_of_setup,
                          public session_host<client_host, client_session>,
                          public store_witness {
public:
    client_host(const surroundings& around, chance luck, const client_setup& its_setup,
                std::unique_ptr<network_end> control);

    void suffered() override { ++excuses_; }
    /// To be called when nothing happens any more.
    void check_end();

    void changed(const tree_change& change) override;
    void described(const store_path& path, const file_info& info) override;
    void read(const store_path& path, const tree_model::bytes& content) override;
    void listed(const store_path& directory) override;
    void refused() override { ++excuses_; }

private:
    friend session_host;
    using session_host::carry_out;

    void carry_out(action::commit asked);
    void pumped();
    [[nodiscard]] std::size_t max_output_bytes() const noexcept { return 16 * 1024; }
    [[nodiscard]] bool has_peer_left() const override { return false; }
    [[nodiscard]] bool resets_unfinished() const override { return true; }

    void begin();
    void begin_later();
    void begin_errands();
    void begin_login(std::string_view password);
    void draw_cancel(op_id id);
    void take(event::operation_done done);
    void finish(errand& done, event::operation_done& how);
    /// What was refused has not been done by it: a change that another errand wants too is that one's.
    void leave_change(errand& refused);
    void check_failure(errand& failed, const operation_error& why);

    op_id greeting_ = op_id::none;
    op_id login_ = op_id::none;
    op_id features_ = op_id::none;
    op_id quit_ = op_id::none;
    near_faults near_faults_;
    std::deque<errand> errands_; ///< All that were begun.
    std::size_t running_ = 0;
    std::uint64_t excuses_ = 0; ///< What has happened that errands may fail for.
    bool has_vanished_ = false;
    bool has_mistaken_password_ = false;
    bool begins_later_ = false;
};

} // namespace libftp::simulation
