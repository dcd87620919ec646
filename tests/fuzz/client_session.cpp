// A whole client session: whatever a server and the host do, every operation ends once, and a file appears only when
// its download went well.
#include "session_host.hpp"

#include <libftp/protocol/line_reader.hpp>
#include <libftp/session/client_session.hpp>

#include <map>

namespace libftp::fuzz {

namespace {

class text_reader final : public file_reader {
public:
    result<std::size_t> read(std::span<char> buffer) override
    {
        const auto count = text_.copy(buffer.data(), buffer.size());
        text_.remove_prefix(count);
        return count;
    }
    [[nodiscard]] std::optional<std::uint64_t> remaining() const override { return text_.size(); }

private:
    std::string_view text_ = "one\ntwo\r\nthree";
};

class flagged_writer final : public file_writer {
public:
    explicit flagged_writer(std::shared_ptr<bool> is_committed) : is_committed_(std::move(is_committed)) {}

    result<void> write(std::string_view /*bytes*/) override { return {}; }
    result<void> commit() override
    {
        require(!std::exchange(*is_committed_, true), "a file is committed once");
        return {};
    }

private:
    std::shared_ptr<bool> is_committed_;
};

client_options options_for(unsigned bits)
{
    client_options options;
    options.tls = static_cast<tls_use>(bits & 3U);
    options.data_mode = (bits & 4U) != 0 ? data_mode::active : data_mode::passive;
    options.pipelining = (bits & 8U) != 0 ? pipelining::always : pipelining::off;
    options.passive_address = (bits & 16U) != 0 ? passive_address::as_announced : passive_address::control_peer;
    options.replies = {.max_line_bytes = 512, .max_lines = 64, .max_bytes = 4096};
    options.keeps_data_connections = true;
    options.max_listing_bytes = 2048;
    options.max_listing_entries = 20;
    return options;
}

/// A session with a server that keeps the order, and data connections.
client_session logged_in_before(const client_options& options, clock::time_point now)
{
    client_session session{options, server_end, client_end, now};
    session.start(operation::greeting{}, now);
    session.received("220 (vsFTPd 3)\r\n", now);
    session.start(operation::login{.user = "ann", .password = secret{"secret"}}, now);
    session.received("331 \r\n", now);
    session.received("230 \r\n", now);
    session.start(operation::features{}, now);
    session.received("211-\r\n MLST type*;\r\n MODE B KEEP\r\n211 \r\n", now);
    return session;
}

/// Before the session that refers to it.
struct holder_of_options {
    client_options options;
};

/// Letters for operations, besides those of every host:
///
///     1 login  2 features  3 NOOP  4 working directory  5 rename  6 size  7 modified  8 stat  9 set_modified
///     0 set_mode  H hash  S space  D R G download, from an offset, a small file  U A upload, append  L listing
///     I T list, one of many  P password  C clear_control  Q quit  K cancel the last one  B an argument of two lines
class client_host final : holder_of_options, public session_host<client_host, client_session, client_action> {
public:
    static constexpr std::size_t max_output_bytes = 10'000;

    explicit client_host(unsigned bits)
        : holder_of_options{options_for(bits)}, session_host(server_end, options, server_end, client_end, beginning())
    {
        if ((bits & 32U) != 0)
            session_.learn_from(logged_in_before(options, beginning()));
        start(operation::greeting{});
    }

    [[nodiscard]] const std::string& commands() const noexcept { return commands_; }

    void check_end() const
    {
        for (const auto& [id, known] : operations_) {
            require(known.ends == 1, "each operation ends once");
            require(!known.is_download || known.went_well == *known.is_committed,
                    "a file is committed where the download goes well");
        }
    }

private:
    friend session_host;
    using session_host::answer;

    struct known_operation {
        int ends = 0;
        bool went_well = false;
        bool is_download = false;
        std::shared_ptr<bool> is_committed = std::make_shared<bool>(false);
    };

    void answer(action::commit asked, luck how)
    {
        const auto done = how == luck::good ? asked.sink->commit() : result<void>{failure()};
        asked.sink.reset();
        session_.committed(asked.id, done, now());
    }

    void start(client_operation what) { start(std::move(what), {}); }

    void start(client_operation what, known_operation known)
    {
        // So many that a script cannot make the check slow.
        if (operations_.size() == 64)
            return;
        last_ = session_.start(std::move(what), now());
        operations_.try_emplace(last_, std::move(known));
    }

    void start_download(std::uint64_t offset)
    {
        known_operation begun{.is_download = true};
        operation::download what{.path = "a file", .offset = offset};
        what.sink = std::make_unique<flagged_writer>(begun.is_committed);
        what.type = offset == 0 ? representation_type::ascii : representation_type::image;
        start(std::move(what), std::move(begun));
    }

    void start_small_download()
    {
        known_operation begun{.is_download = true};
        operation::download what{.path = "small", .expected_size = 1};
        what.sink = std::make_unique<flagged_writer>(begun.is_committed);
        start(std::move(what), std::move(begun));
    }

    void start_upload(operation::upload_verb verb)
    {
        operation::upload what{.path = "new", .verb = verb};
        what.source = std::make_unique<text_reader>();
        start(std::move(what));
    }

    void step(char letter)
    {
        switch (letter) {
        case '1':
            start(operation::login{.user = "ann", .password = secret{"secret"}, .account = secret{"staff"}});
            break;
        case '2': start(operation::features{}); break;
        case '3': start(operation::command{.verb = "NOOP"}); break;
        case '4': start(operation::working_directory{}); break;
        case '5': start(operation::rename{.from = "a", .to = "b"}); break;
        case '6': start(operation::size{.path = "a"}); break;
        case '7': start(operation::modified{.path = "a"}); break;
        case '8': start(operation::stat{.path = "a"}); break;
        case '9': start(operation::set_modified{.path = "a"}); break;
        case '0': start(operation::set_mode{.path = "a", .mode = 0644}); break;
        case 'H': start(operation::hash{.path = "a"}); break;
        case 'S': start(operation::space{}); break;
        case 'D': start_download(0); break;
        case 'R': start_download(5); break;
        case 'G': start_small_download(); break;
        case 'U': start_upload(operation::upload_verb::store); break;
        case 'A': start_upload(operation::upload_verb::append); break;
        case 'L': start_listing(); break;
        case 'I': start(operation::list{.path = "sub"}); break;
        case 'T': start(operation::list{.path = "sub", .is_one_of_many = true}); break;
        case 'P': start(operation::password{.text = secret{"x"}}); break;
        case 'C': start(operation::clear_control{}); break;
        case 'Q': start(operation::quit{}); break;
        case 'K': session_.cancel(last_, now()); break;
        case 'B': start(operation::command{.verb = "DELE", .argument = "a\r\nDELE b"}); break;
        default: break;
        }
    }

    void start_listing()
    {
        operation::listing what{.path = "sub"};
        what.sink = std::make_unique<flagged_writer>(std::make_shared<bool>(false));
        start(std::move(what));
    }

    void check_address(const endpoint& to) const
    {
        require(to.port != 0, "a client connects to a port");
        require(to.address == server_end.address || options.passive_address == passive_address::as_announced,
                "a client connects to its server only");
    }

    void listen()
    {
        while (auto news = session_.next_event()) {
            if (const auto* const sent = std::get_if<event::command_sent>(&*news))
                require(sent->line.find("secret") == std::string::npos, "a password is told to nobody");
            auto* const done = std::get_if<event::operation_done>(&*news);
            if (done == nullptr)
                continue;
            auto& known = operations_[done->operation];
            ++known.ends;
            known.went_well = done->outcome.has_value();
            require(known.went_well || !done->outcome.error().message().empty(), "a failure says why");
        }
    }

    void heard(std::string_view /*bytes*/) noexcept {}
    void said(std::string_view bytes)
    {
        for (auto what = lines_.read(bytes); what != line_reader::status::need_more; what = lines_.read(bytes)) {
            if (what == line_reader::status::option_requested)
                continue;
            require(what == line_reader::status::line, "a client says lines");
            const auto line = lines_.line();
            require(!line.empty() && line.find_first_of(std::string_view{"\r\0", 2}) == std::string_view::npos,
                    "a command is one line");
            require(!line.starts_with("DELE"), "what has two lines is never sent");
            commands_.append(line).append("\n");
        }
    }

    line_reader lines_{4096};
    std::map<op_id, known_operation> operations_{};
    op_id last_ = op_id::none;
    std::string commands_{};
};

/// Which commands the client sends.
std::string play(unsigned bits, std::string_view script, pieces cut)
{
    client_host host{bits};
    host.play(script, cut);
    host.finish();
    host.check_end();
    return host.commands();
}

} // namespace

void run(std::string_view input)
{
    choices choice{input};
    const unsigned bits = choice.byte();
    (void)play(bits, choice.rest(), pieces::all);
    const auto commands = play(bits, choice.rest(), pieces::lines);
    const auto same = play(bits, choice.rest(), pieces::bytes);
    // A reply that comes before its command was sent ends the session, so no more than one may come at once.
    if ((bits & 3U) == 0)
        require_same(commands, same, "commands do not depend on how replies are cut");
}

} // namespace libftp::fuzz
