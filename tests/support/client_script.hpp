// Scripts against a client_session: what the caller starts, what the server answers, what the host reports, what must
// come out. A script is run as it is written; then once more with the server's bytes cut at every place, and with the
// connection failing after every step.
#pragma once

#include "client_script_failures.hpp"
#include "client_script_host.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace libftp::testing {

class client_script {
public:
    using step = std::function<void(client_script_host&)>;

    explicit client_script(client_script_setup setup = {}) : setup_(setup), host_(setup_) {}

    // What the caller does.

    client_script& start(const std::function<client_operation()>& make)
    {
        return add([make](client_script_host& h) { h.start(make(), nullptr); });
    }
    client_script& greeting()
    {
        return start([] { return operation::greeting{}; });
    }
    client_script& log_in(const std::string& user, const std::string& password, const std::string& account = {})
    {
        return start([=] { return operation::login{user, secret{password}, secret{account}}; });
    }
    client_script& features()
    {
        return start([] { return operation::features{}; });
    }
    client_script& command(const std::string& verb, const std::string& argument = {})
    {
        return start([=] { return operation::command{verb, argument}; });
    }
    client_script& rename(const std::string& from, const std::string& to)
    {
        return start([=] { return operation::rename{from, to}; });
    }
    client_script& quit()
    {
        return start([] { return operation::quit{}; });
    }
    client_script& download(const std::string& path, representation_type type = representation_type::image,
                            std::uint64_t offset = 0)
    {
        return add([=](client_script_host& h) {
            auto file = std::make_shared<written_file>();
            h.start(operation::download{path, std::make_unique<recorded_writer>(file), type, offset}, file);
        });
    }
    client_script& upload(const std::string& path, const std::string& content,
                          representation_type type = representation_type::image, std::uint64_t offset = 0)
    {
        return start([=] { return operation::upload{path, std::make_unique<text_reader>(content), type, offset}; });
    }
    client_script& list(const std::string& path = {}, operation::listing_verb verb = operation::listing_verb::best)
    {
        return add([=](client_script_host& h) {
            auto file = std::make_shared<written_file>();
            h.start(operation::listing{path, verb, std::make_unique<recorded_writer>(file)}, file);
        });
    }
    /// As start(), but it is to end within `limit`.
    client_script& start_within(clock::duration limit, const std::function<client_operation()>& make)
    {
        return add([=](client_script_host& h) { h.start(make(), nullptr, limit); });
    }
    /// Cancels the operation that was started as number `index`.
    client_script& cancel(std::size_t index)
    {
        return add([=](client_script_host& h) { h.cancel(index); });
    }

    // What the server sees and sends.

    /// All of the output is exactly this; it is sent.
    client_script& sends(const std::string& bytes)
    {
        return add([=](client_script_host& h) { CHECK(h.send_output() == bytes); });
    }
    client_script& sends_nothing() { return sends(""); }
    client_script& receives(const std::string& bytes)
    {
        receptions_.push_back({steps_.size(), bytes});
        return add([=](client_script_host& h) { h.receive(bytes); });
    }
    client_script& eof()
    {
        return add([](client_script_host& h) { h.end_input(); });
    }
    client_script& passes(clock::duration time)
    {
        return add([=](client_script_host& h) { h.pass(time); });
    }

    // What the host is asked for, and what it answers.

    client_script& connects_to(endpoint to)
    {
        return add([=](client_script_host& h) { CHECK(h.take_data_request<action::connect_data>().to == to); });
    }
    /// EPSV and the connection to the port in its reply.
    client_script& opens_data()
    {
        sends("EPSV\r\n").receives("229 Enter (|||50004|)\r\n");
        return connects_to({script_server.address, script_passive_port}).data_connected();
    }
    client_script& data_connected() { return data_connected_from({script_server.address, script_passive_port}); }
    client_script& data_connected_from(endpoint peer)
    {
        return add([=](client_script_host& h) { h.answer_connection(peer); });
    }
    client_script& data_refused()
    {
        return add(
            [](client_script_host& h) { h.answer_connection(std::make_error_code(std::errc::connection_refused)); });
    }
    client_script& listens_on(endpoint where)
    {
        return add([=](client_script_host& h) {
            CHECK(h.take_data_request<action::listen_data>().from == h.server().address);
            h.answer_listening(where);
        });
    }
    client_script& listening_fails()
    {
        return add([](client_script_host& h) {
            (void)h.take_data_request<action::listen_data>();
            h.answer_listening(std::make_error_code(std::errc::address_not_available));
        });
    }
    /// The session asks for TLS on the control connection, and the host begins.
    client_script& asks_for_tls()
    {
        return add([](client_script_host& h) { h.take_tls_start(); });
    }
    client_script& tls_starts(const result<tls_facts>& outcome = script_control_tls)
    {
        return add([=](client_script_host& h) { h.answer_tls_start(outcome); });
    }
    client_script& stops_tls(const result<void>& outcome = {})
    {
        return add([=](client_script_host& h) { h.stop_tls(outcome); });
    }
    /// The session asks for TLS on the data connection, and the host begins.
    client_script& asks_to_secure_data()
    {
        return add([](client_script_host& h) { h.take_securing(); });
    }
    client_script& data_secured(const result<tls_facts>& outcome = script_data_tls)
    {
        return add([=](client_script_host& h) { h.answer_securing(outcome); });
    }
    client_script& rejects_data()
    {
        return add([](client_script_host& h) { CHECK(h.take_action<action::reject_data>().id == h.data_); });
    }
    client_script& closes_data()
    {
        return add([](client_script_host& h) { CHECK(h.take_action<action::close_data>().id == h.data_); });
    }
    client_script& asks_nothing()
    {
        return add(
            [](client_script_host& h) { CHECK_MESSAGE(h.actions_.empty(), "action ", h.actions_.front().index()); });
    }
    /// The host begins to receive or send.
    client_script& begins_to_receive()
    {
        return add([](client_script_host& h) { h.begin_to_receive(); });
    }
    client_script& begins_to_send()
    {
        return add([](client_script_host& h) { h.begin_to_send(); });
    }
    /// These bytes come over the data connection.
    client_script& gets(const std::string& bytes)
    {
        return add([=](client_script_host& h) { h.write(bytes); });
    }
    /// All of the source is this; it goes over the data connection.
    client_script& puts(const std::string& bytes)
    {
        return add([=](client_script_host& h) { CHECK(h.read_all() == bytes); });
    }
    client_script& is_held()
    {
        return add([](client_script_host& h) { h.hold(); });
    }
    client_script& data_ends(transfer_fault fault = transfer_fault::none, std::error_code error = {})
    {
        return add([=](client_script_host& h) { h.end_data(fault, error); });
    }
    client_script& commits(const result<void>& outcome = {})
    {
        return add([=](client_script_host& h) { h.commit(outcome); });
    }
    client_script& closes()
    {
        return add([](client_script_host& h) {
            (void)h.take_action<action::close_control>();
            CHECK(h.actions_.empty());
            CHECK(h.session_.finished());
            CHECK(h.session_.output().empty());
            CHECK(!h.session_.deadline());
        });
    }

    // How operations end: each of these is about the oldest one that none of them was about yet.

    client_script& succeeds()
    {
        return add([](client_script_host& h) {
            const auto& done = h.next_outcome();
            CHECK_MESSAGE(done.outcome.has_value(), done.outcome.error().message());
        });
    }
    client_script& fails(std::error_code error, int code = 0)
    {
        return add([=](client_script_host& h) {
            const auto& done = h.next_outcome();
            REQUIRE(!done.outcome.has_value());
            CHECK_MESSAGE(done.outcome.error().code == error, done.outcome.error().code.message());
            CHECK(done.outcome.error().answer.code == code);
        });
    }
    /// About the last one that ended: at which step it failed, and what became of the session.
    client_script& failed_at(operation_step where, session_state session = session_state::usable)
    {
        return add([=](client_script_host& h) {
            const auto ends = h.heard<event::operation_done>();
            REQUIRE(!ends.empty());
            REQUIRE(!ends.back().outcome.has_value());
            CHECK_MESSAGE(ends.back().outcome.error().step == where, to_string(ends.back().outcome.error().step));
            CHECK(ends.back().outcome.error().session == session);
        });
    }
    /// It gives this value.
    template <class Value>
    client_script& gives(const Value& value)
    {
        return add([=](client_script_host& h) {
            const auto& done = h.next_outcome();
            REQUIRE_MESSAGE(done.outcome.has_value(), done.outcome.error().message());
            const auto* given = std::get_if<Value>(&*done.outcome);
            REQUIRE_MESSAGE(given != nullptr, "a value of another type: ", (*done.outcome).index());
            CHECK(*given == value);
        });
    }
    client_script& nothing_is_done()
    {
        return add([](client_script_host& h) { CHECK(h.has_no_outcome()); });
    }
    client_script& check(step what) { return add(std::move(what)); }

    /// Runs the script again, with each reception cut in two at every place, and once byte by byte.
    client_script& replay_at_every_split()
    {
        for (const auto& [at, bytes] : receptions_) {
            for (std::size_t cut = 1; cut < bytes.size(); ++cut)
                replay(at, {bytes.substr(0, cut), bytes.substr(cut)});
            std::vector<std::string> single;
            for (const char byte : bytes)
                single.emplace_back(1, byte);
            replay(at, single);
        }
        return *this;
    }

    /// Runs the script again up to each step, lets the connection fail in one of several ways, and checks that every
    /// operation has ended once and rightly, that nothing is committed that the server has not confirmed, and that the
    /// session is over.
    client_script& fail_after_every_step()
    {
        for (std::size_t count = 0; count <= steps_.size(); ++count)
            for (const auto& failure : connection_failures())
                fail_after(count, failure);
        return *this;
    }

private:
    struct reception {
        std::size_t step;
        std::string bytes;
    };

    client_script& add(step what)
    {
        INFO("step ", steps_.size());
        what(host_);
        steps_.push_back(std::move(what));
        return *this;
    }

    void replay(std::size_t at, const std::vector<std::string>& pieces) const
    {
        INFO("first piece: ", pieces.front());
        client_script_host host{setup_};
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            INFO("step ", i);
            if (i != at)
                steps_[i](host);
            else
                for (const auto& piece : pieces)
                    host.receive(piece);
        }
    }

    void fail_after(std::size_t count, const connection_failure& failure) const
    {
        INFO(failure.name, " after ", count, " steps");
        client_script_host host{setup_};
        for (std::size_t i = 0; i < count; ++i)
            steps_[i](host);
        const auto done_before = host.outcomes();
        const bool was_confirmed = host.commit_was_asked();
        const auto error = failure.sends_bytes && host.awaits_tls() ? make_error_code(protocol_errc::plaintext_received)
                                                                    : failure.error;
        if (!failure.happen(host))
            return;
        const bool goes_on = host.waits_for_confirmed_data();
        host.finish();
        for (std::size_t i = 0; i < host.started_.size(); ++i) {
            const auto& operation = host.started_[i];
            INFO("operation ", i);
            REQUIRE(operation.done.size() == 1);
            const auto& outcome = operation.done.front().outcome;
            if (done_before[i])
                CHECK(outcome.has_value() == *done_before[i]);
            else if ((was_confirmed || goes_on) && (i == 0 || done_before[i - 1]))
                CHECK(outcome.has_value());
            else
                CHECK_MESSAGE((!outcome && outcome.error().code == error), operation.done.size());
            if (operation.file)
                CHECK(operation.file->committed == outcome.has_value());
        }
        CHECK(host.session_.finished());
        CHECK(host.session_.output().empty());
    }

    client_script_setup setup_;
    client_script_host host_;
    std::vector<step> steps_;
    std::vector<reception> receptions_;
};

} // namespace libftp::testing
