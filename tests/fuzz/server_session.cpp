// A whole server session: whatever a client and the host do, replies stay replies, one to a command, and all ends.
#include "session_host.hpp"

#include <libftp/error.hpp>
#include <libftp/protocol/line_reader.hpp>
#include <libftp/protocol/reply_parser.hpp>
#include <libftp/session/server_session.hpp>
#include <libftp/store/memory_store.hpp>

namespace libftp::fuzz {

namespace {

/// What the first byte of an input chooses.
struct setup {
    bool offers_tls = false;
    bool begins_in_tls = false;
    bool is_small = false; ///< Lines and output are soon too long.
    bool is_read_only = false;
    bool wants_account = false;
};

bool is_abor(std::string_view line)
{
    const auto* const row = parse_command(line).row;
    return row != nullptr && row->verb == verb::abor;
}

session_options options_for(const setup& chosen)
{
    session_options options{.tls = {.is_offered = chosen.offers_tls}, .keeps_data_connections = true};
    if (chosen.is_small) {
        options.max_line_bytes = 24;
        options.max_output_bytes = 64;
    }
    return options;
}

/// Knows whether commands come during a transfer, which begins before its data connection is there.
struct transfer_watcher final : session_observer {
    void transfer_began(const session_facts& /*session*/, transfer_kind /*kind*/, const store_path& /*path*/) override
    {
        runs = true;
    }
    void transfer_ended(const session_facts& /*session*/, const transfer_report& /*report*/) override { runs = false; }

    bool runs = false;
};

/// Before the session that refers to it.
struct surroundings {
    explicit surroundings(const setup& chosen) : options(options_for(chosen)) {}
    session_options options;
    transfer_watcher observer{};
};

class server_host final : surroundings, public session_host<server_host, server_session, server_action> {
public:
    /// A reply may be longer than the bound; the longest are the help and what one step of a listing gives.
    static constexpr std::size_t max_output_bytes = 200'000;

    explicit server_host(const setup& chosen)
        : surroundings(chosen),
          session_host(client_end, options, observer, std::uint64_t{1}, client_end, server_end, beginning(),
                       chosen.begins_in_tls ? control_start::in_tls : control_start::in_clear),
          setup_(chosen), lines_(options.max_line_bytes)
    {
        store_->add_file("/a.txt", "one\ntwo\r\nthree");
        store_->add_file("/sub/b.bin", std::string(300, 'b'));
        store_->add_directory("/empty");
    }

    /// All replies.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// Whether commands came that are not answered in their turn: ABOR, and what comes during a transfer. Their place
    /// depends on what comes together.
    [[nodiscard]] bool overtakes() const noexcept { return overtakes_; }
    /// Every command has its reply, unless the session ended before, or what was sent became TLS.
    void check_replies() const
    {
        require(replies_ <= commands_ + 2, "there is a greeting, a reply to a command, and perhaps a good-bye");
        require(is_closed() || setup_.offers_tls || setup_.begins_in_tls || replies_ == commands_ + 1,
                "each command has its reply");
    }

private:
    friend session_host;
    using session_host::answer;

    void answer(action::authenticate asked, luck how)
    {
        session_.authenticated(asked.id, how == luck::good ? check(asked.who) : failure(), now());
    }
    void answer(action::call_store asked, luck how)
    {
        session_.store_answered(asked.id, how == luck::good ? perform(asked.store, asked.request) : failure(), now());
    }
    /// What came before TLS, an unfinished Telnet command too, is forgotten with it.
    void answer(action::start_tls asked, luck how)
    {
        lines_ = line_reader{options.max_line_bytes};
        session_host::answer(std::move(asked), how);
    }
    void answer(const action::run_command& /*asked*/, luck /*how*/) { require(false, "no program has own commands"); }

    result<account> check(const credentials& who) const
    {
        if (who.user != "ann" || who.password.reveal() != "secret")
            return std::make_error_code(std::errc::permission_denied);
        if (setup_.wants_account && who.account.empty())
            return make_error_code(login_errc::account_needed);
        return account{.name = who.user,
                       .store = store_,
                       .allowed = setup_.is_read_only ? permissions::read_only() : permissions::full()};
    }

    static void check_address(const endpoint& to)
    {
        require(to.address == client_end.address && to.port >= 1024, "the server connects to its client only");
    }
    void step(char letter)
    {
        if (letter == 'q')
            session_.shut_down(std::chrono::seconds{3}, now());
        if (letter == 'j')
            session_.transfer_held(op_id{3}, now());
    }
    void listen() noexcept {}

    void heard(std::string_view bytes)
    {
        while (true) {
            const auto what = lines_.read(bytes);
            if (what == line_reader::status::need_more)
                return;
            if (what != line_reader::status::option_requested)
                ++commands_;
            if (observer.runs || (what == line_reader::status::line && is_abor(lines_.line())))
                overtakes_ = true;
        }
    }
    void said(std::string_view bytes)
    {
        while (true) {
            const auto what = parser_.read(bytes);
            if (what == reply_parser::status::need_more)
                return;
            require(what == reply_parser::status::complete || what == reply_parser::status::option_requested,
                    "what a server says are replies");
            if (what != reply_parser::status::complete)
                continue;
            replies_ += parser_.value().is_preliminary() ? std::size_t{0} : 1;
            text_.append(parser_.value().to_string()).append("\n");
        }
    }

    setup setup_;
    std::shared_ptr<memory_store> store_ = std::make_shared<memory_store>();
    line_reader lines_;
    reply_parser parser_{{.max_line_bytes = 1 << 20, .max_lines = 1 << 16, .max_bytes = 1 << 24}};
    std::string text_{};
    bool overtakes_ = false;
    std::size_t commands_ = 0;
    std::size_t replies_ = 0;
};

struct played {
    std::string replies{};
    bool overtakes = false;
};

played play(const setup& chosen, std::string_view script, pieces cut)
{
    server_host host{chosen};
    host.play(script, cut);
    host.finish();
    host.check_replies();
    return {host.text(), host.overtakes()};
}

} // namespace

void run(std::string_view input)
{
    choices choice{input};
    const unsigned bits = choice.byte();
    const setup chosen{.offers_tls = (bits & 1U) != 0,
                       .begins_in_tls = (bits & 2U) != 0,
                       .is_small = (bits & 4U) != 0,
                       .is_read_only = (bits & 8U) != 0,
                       .wants_account = (bits & 16U) != 0};
    const auto whole = play(chosen, choice.rest(), pieces::all);
    const auto in_bytes = play(chosen, choice.rest(), pieces::bytes);
    // What comes together with AUTH is dropped, and what comes behind it is of TLS.
    if (!chosen.offers_tls && !chosen.begins_in_tls && !whole.overtakes && !in_bytes.overtakes)
        require_same(whole.replies, in_bytes.replies, "replies do not depend on how commands are cut");
}

} // namespace libftp::fuzz
