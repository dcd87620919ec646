// A server session in the simulation: logins and store calls are answered late, and some fail.
#pragma once

#include "judged_store.hpp"
#include "session_host.hpp"

#include <libftp/session/server_session.hpp>

#include <functional>
#include <optional>
#include <string>

namespace libftp::simulation {

/// Who asks is always let in with this password, unless there is a fault.
inline constexpr std::string_view right_password = "secret";

struct server_setup {
    const session_options& options;
    shared_tree& tree;
    std::uint64_t id = 0;
    endpoint local{};
    endpoint peer{};
    std::uint64_t one_store_fault_in = 0; ///< 0: none.
    std::uint64_t one_login_fault_in = 0;
    bool is_slow = false; ///< Its store and logins take their time.
};

/// How a server session has ended.
class end_of_session final : public session_observer {
public:
    [[nodiscard]] std::optional<close_reason> reason() const noexcept { return reason_; }
    [[nodiscard]] std::int64_t open_transfers() const noexcept { return begun_ - ended_; }

private:
    void transfer_began(const session_facts& /*s*/, transfer_kind /*kind*/, const store_path& /*path*/) override
    {
        ++begun_;
    }
    void transfer_ended(const session_facts& /*s*/, const transfer_report& report) override
    {
        ended_ += report.has_begun ? 1 : 0;
    }
    void closed(const session_facts& /*s*/, close_reason reason) override { reason_ = reason; }

    std::optional<close_reason> reason_;
    std::int64_t begun_ = 0;
    std::int64_t ended_ = 0;
};

/// Outlives the session, which refers to it.
struct holder_of_end {
    end_of_session end;
};

class server_host final : private holder_of_end, public session_host<server_host, server_session> {
public:
    /// `witness` hears what happens in the store, `suffered` what goes wrong outside of the session.
    server_host(const surroundings& around, chance luck, const server_setup& setup,
                std::unique_ptr<network_end> control, store_witness& witness, std::function<void()> suffered);

    /// To be called when nothing happens any more.
    void check_end();

private:
    friend session_host;
    using session_host::carry_out;

    void carry_out(action::connect_data asked)
    {
        expect(asked.to.address == setup_.peer.address, "the server connects to somebody else");
        session_host::carry_out(asked);
    }
    void carry_out(action::authenticate asked);
    void carry_out(action::call_store asked);
    void carry_out(const action::run_command& /*asked*/) { expect(false, "a command is run that nobody has added"); }
    void pumped() noexcept {}
    [[nodiscard]] std::size_t max_output_bytes() const noexcept;

    [[nodiscard]] bool has_peer_left() const override;
    [[nodiscard]] bool resets_unfinished() const override { return false; }
    void suffered() override { suffered_(); }
    /// How long the next answer takes.
    [[nodiscard]] clock::duration draw_delay();

    server_setup setup_;
    std::shared_ptr<judged_store> store_;
    std::function<void()> suffered_;
    std::int64_t unanswered_ = 0;
};

} // namespace libftp::simulation
