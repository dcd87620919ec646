// Every event reaches every observer of a list, in their order.
#include <libftp/session/observer_list.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace libftp;

namespace {

/// Notes its name and what it heard.
class note_taker final : public session_observer {
public:
    note_taker(std::string name, std::vector<std::string>& notes) : name_(std::move(name)), notes_(notes) {}

    void turned_away(const endpoint& peer, clock::time_point) override { note("turned away " + peer.to_string()); }
    void proxy_failed(const endpoint& proxy, std::error_code error, clock::time_point) override
    {
        note("proxy failed " + proxy.to_string() + " " + error.message());
    }
    void opened(const session_facts& s) override { note("opened " + std::to_string(s.id)); }
    void command_received(const session_facts&, std::string_view name, std::string_view argument) override
    {
        note("command " + std::string{name} + " " + std::string{argument});
    }
    void replied(const session_facts&, int code, std::string_view text) override
    {
        note("replied " + std::to_string(code) + " " + std::string{text});
    }
    void logged_in(const session_facts& s) override { note("logged in " + s.user); }
    void facts_changed(const session_facts& s) override { note("changed facts of " + s.user); }
    void login_refused(const session_facts&, std::string_view user) override { note("refused " + std::string{user}); }
    void transfer_began(const session_facts&, transfer_kind, const store_path& path) override
    {
        note("began " + path.string());
    }
    void transfer_progressed(const session_facts&, transfer_kind, std::uint64_t bytes) override
    {
        note("moved " + std::to_string(bytes));
    }
    void transfer_ended(const session_facts&, const transfer_report& r) override
    {
        note("ended " + std::to_string(r.bytes));
    }
    void changed(const session_facts&, const change_report& r) override { note("changed " + r.path.string()); }
    void tls_failed(const session_facts&, std::error_code error) override { note("tls failed " + error.message()); }
    void closed(const session_facts&, close_reason reason) override
    {
        note("closed " + std::to_string(static_cast<int>(reason)));
    }

private:
    void note(const std::string& what) { notes_.push_back(name_ + ": " + what); }

    std::string name_;
    std::vector<std::string>& notes_;
};

} // namespace

TEST_CASE("Each event reaches all observers of a list, in the order they were added")
{
    std::vector<std::string> notes;
    note_taker first{"1", notes};
    note_taker second{"2", notes};
    observer_list list{&first};
    list.add(second);

    session_observer& observer = list;
    const session_facts session{.id = 7, .user = "ann"};
    const auto path = store_path{}.resolve("a").value();
    std::vector<std::string> expected;
    const auto expect = [&](const std::string& what) {
        expected.push_back("1: " + what);
        expected.push_back("2: " + what);
    };

    observer.turned_away({ip_address::loopback_v4(), 5000}, {});
    expect("turned away 127.0.0.1:5000");
    observer.proxy_failed({ip_address::loopback_v4(), 5001}, std::make_error_code(std::errc::timed_out), {});
    expect("proxy failed 127.0.0.1:5001 " + std::make_error_code(std::errc::timed_out).message());
    observer.opened(session);
    expect("opened 7");
    observer.command_received(session, "RETR", "a");
    expect("command RETR a");
    observer.replied(session, 150, "Coming.");
    expect("replied 150 Coming.");
    observer.logged_in(session);
    expect("logged in ann");
    observer.facts_changed(session);
    expect("changed facts of ann");
    observer.login_refused(session, "bob");
    expect("refused bob");
    observer.transfer_began(session, transfer_kind::download, path);
    expect("began /a");
    observer.transfer_progressed(session, transfer_kind::download, 5);
    expect("moved 5");
    observer.transfer_ended(session, {.path = path, .bytes = 5});
    expect("ended 5");
    observer.changed(session, {.path = path});
    expect("changed /a");
    observer.tls_failed(session, std::make_error_code(std::errc::timed_out));
    expect("tls failed " + std::make_error_code(std::errc::timed_out).message());
    observer.closed(session, close_reason::idle);
    expect("closed " + std::to_string(static_cast<int>(close_reason::idle)));
    CHECK(notes == expected);
}

TEST_CASE("An empty list takes events and does nothing")
{
    observer_list list;
    list.opened({});
    list.closed({}, close_reason::quit);
}
