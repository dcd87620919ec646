// What an upload leaves behind that does not come to its end, by each command that uploads and over each store
// (RFC 959 5.4: 226 only when all is done).
#include "session_script.hpp"
#include "support/every_store.hpp"

#include <algorithm>

using namespace libftp;
using namespace libftp::testing;
using namespace std::chrono_literals;
using names = std::vector<std::string>;

namespace {

const std::string old_text = "the old text";

/// All that is in the root, unfinished files on the disk too.
names names_of(const in_memory& place)
{
    return names_in(place.store, "/");
}
names names_of(const on_disk& place)
{
    return place.folder.names();
}

struct named_coding {
    std::string commands;
    transfer_coding coding;
};

const std::vector<named_coding>& codings()
{
    constexpr auto image = representation_type::image;
    static const std::vector<named_coding> all{
        {"TYPE I\r\n", {.type = image}},
        {"TYPE A\r\n", {}},
        {"TYPE I\r\nSTRU R\r\n", {.type = image, .structure = file_structure::record}},
        {"TYPE I\r\nMODE B\r\n", {.type = image, .mode = transfer_mode::block}},
        {"TYPE I\r\nMODE C\r\n", {.type = image, .mode = transfer_mode::compressed}},
        {"TYPE I\r\nMODE Z\r\n", {.type = image, .mode = transfer_mode::deflate}}};
    return all;
}

/// Whether the end of the data connection is not the end of the file by itself.
bool has_end_mark(const transfer_coding& coding)
{
    return coding.structure == file_structure::record || coding.mode != transfer_mode::stream;
}

/// A text as it travels.
std::string coded(const std::string& text, const transfer_coding& coding)
{
    in_memory place;
    write_file(place.store, "/f", text).value();
    return read_all(*make_coding_reader(place.store.open_read(at("/f"), 0).value(), coding, 0));
}

enum class ending : std::uint8_t { broken, store_failed, aborted, stalled, control_ended, control_lost, shut_down };

constexpr ending every_ending[]{ending::broken,        ending::store_failed, ending::aborted,  ending::stalled,
                                ending::control_ended, ending::control_lost, ending::shut_down};

/// The upload brings these bytes, and then this happens.
void end_badly(script_host& h, std::string_view bytes, ending how)
{
    auto upload = h.expect_action<action::receive_data>();
    REQUIRE(upload.sink->write(bytes).has_value());
    h.session_->transfer_progressed(upload.id, bytes.size(), h.now_);
    transfer_outcome outcome{bytes.size(), transfer_fault::canceled, {}};
    switch (how) {
    case ending::broken: outcome.fault = transfer_fault::connection; break;
    case ending::store_failed:
        outcome.fault = transfer_fault::store;
        outcome.error = store_errc::insufficient_storage;
        break;
    case ending::aborted: h.receive("ABOR\r\n"); break;
    case ending::stalled: h.now_ += 60s; break;
    case ending::control_ended: h.session_->received_eof(h.now_); break;
    case ending::control_lost: h.session_->connection_lost(h.now_); break;
    case ending::shut_down: h.session_->shut_down(0s, h.now_); break;
    }
    h.session_->deadline_passed(h.now_);
    h.drain();
    CHECK(h.replies_.empty());
    upload.sink->discard(std::make_error_code(std::errc::operation_canceled));
    upload.sink.reset();
    h.session_->transfer_finished(upload.id, outcome, h.now_);
    h.drain();
}

session_script& begin_upload(session_script& s, const named_coding& way, const std::string& command)
{
    const auto forget = [](script_host& h) { h.replies_.clear(); };
    return s.send(way.commands).check(forget).data_ready().send(command + "\r\n").check(forget);
}

} // namespace

TEST_CASE_TEMPLATE("An upload that ends badly never answers 226, leaves the old file and no other name", Store,
                   EVERY_STORE)
{
    for (const auto& way : codings()) {
        const auto bytes = coded("a new text, which is a bit longer", way.coding);
        for (const std::string command : {"STOR old", "STOU old", "STOU", "STOR new", "REST 0\r\nSTOR old"}) {
            for (const auto how : every_ending) {
                INFO(way.commands, command, " ends as ", static_cast<int>(how));
                Store place;
                write_file(place.store, "/old", old_text).value();
                session_script s{logged_in{}, {.store = place.files}};
                begin_upload(s, way, command).check([&](script_host& h) {
                    end_badly(h, std::string_view{bytes}.substr(0, bytes.size() / 2), how);
                    CHECK((h.replies_.empty() || h.replies_.front().code >= 400));
                });
                CHECK(names_of(place) == names{"old"});
                CHECK(content_of(place.store, "/old") == old_text);
            }
        }
    }
}

TEST_CASE_TEMPLATE("Without its end mark an upload is not committed, wherever it was cut", Store, EVERY_STORE)
{
    for (const auto& way : codings()) {
        if (!has_end_mark(way.coding))
            continue;
        const auto bytes = coded("new\n", way.coding);
        // The end mark of MODE C is whole before the last string, which is empty here.
        const std::size_t more = way.coding.mode == transfer_mode::compressed ? 1 : 0;
        for (std::size_t cut = 0; cut + more < bytes.size(); ++cut) {
            INFO(way.commands, "cut at ", cut);
            Store place;
            write_file(place.store, "/old", old_text).value();
            session_script s{logged_in{}, {.store = place.files}};
            begin_upload(s, way, "STOR old").check([&](script_host& h) {
                auto upload = h.expect_action<action::receive_data>();
                REQUIRE(upload.sink->write(std::string_view{bytes}.substr(0, cut)).has_value());
                const auto committed = upload.sink->commit();
                REQUIRE_FALSE(committed.has_value());
                upload.sink.reset();
                h.session_->transfer_finished(upload.id, {cut, transfer_fault::store, committed.error()}, h.now_);
                h.drain();
            });
            s.expect(426);
            CHECK(names_of(place) == names{"old"});
            CHECK(content_of(place.store, "/old") == old_text);
        }
    }
}

TEST_CASE_TEMPLATE("Uploads that change a file in place take nothing away, and do not answer 226 for a part", Store,
                   EVERY_STORE)
{
    for (const std::string command : {"APPE old", "REST 12\r\nSTOR old"}) {
        for (const auto how : every_ending) {
            INFO(command, " ends as ", static_cast<int>(how));
            Store place;
            write_file(place.store, "/old", old_text).value();
            session_script s{logged_in{}, {.store = place.files}};
            begin_upload(s, codings().front(), command).check([&](script_host& h) {
                end_badly(h, ", continued", how);
                CHECK((h.replies_.empty() || h.replies_.front().code >= 400));
            });
            CHECK(names_of(place) == names{"old"});
            CHECK((content_of(place.store, "/old") == old_text ||
                   content_of(place.store, "/old") == old_text + ", continued"));
        }
    }
}

TEST_CASE_TEMPLATE("An upload shows under its name only after its commit, and 226 comes only then", Store, EVERY_STORE)
{
    for (const auto& way : codings()) {
        const auto bytes = coded("new\n", way.coding);
        Store place;
        write_file(place.store, "/old", old_text).value();
        session_script s{logged_in{}, {.store = place.files}};
        begin_upload(s, way, "STOR old").check([&](script_host& h) {
            auto upload = h.expect_action<action::receive_data>();
            REQUIRE(upload.sink->write(bytes).has_value());
            h.session_->transfer_progressed(upload.id, bytes.size(), h.now_);
            h.drain();
            CHECK(content_of(place.store, "/old") == old_text);
            REQUIRE(upload.sink->commit().has_value());
            h.receive("NOOP\r\n");
            REQUIRE(h.replies_.size() == 1);
            CHECK(h.replies_.front().code == 200);
            h.session_->transfer_finished(upload.id, {bytes.size(), transfer_fault::none, {}}, h.now_);
            h.drain();
        });
        s.expect(200).expect(226);
        CHECK(content_of(place.store, "/old") == "new\n");
    }
}

TEST_CASE_TEMPLATE("A copy or combination that ABOR ends at any of its steps leaves a whole file or none", Store,
                   EVERY_STORE)
{
    const std::string large(3'000'000, 'x');
    for (const std::string command :
         {R"(SITE COPY "large" "old")", R"(SITE COPY "large" "new")", R"(COMB "new" "large" "large")"}) {
        int steps = 0;
        bool is_over = false;
        while (!is_over) {
            REQUIRE(steps < 20);
            INFO(command, " aborted after ", steps, " steps");
            Store place;
            write_file(place.store, "/old", old_text).value();
            write_file(place.store, "/large", large).value();
            session_script s{logged_in{}, {.store = place.files}};
            s.check([](script_host& h) { h.holds_calls_ = true; }).send(command + "\r\n").check([&](script_host& h) {
                const auto take_step = [&h](const action::call_store& call) {
                    h.session_->store_answered(call.id, perform(call.store, call.request), h.now_);
                    h.drain();
                };
                for (int i = 0; i < steps; ++i)
                    take_step(h.expect_action<action::call_store>());
                // The last step runs when ABOR comes.
                const auto call = h.expect_action<action::call_store>();
                h.receive("ABOR\r\n");
                take_step(call);
                while (h.replies_.empty()) // what has reached the target goes on
                    take_step(h.expect_action<action::call_store>());
                REQUIRE(h.replies_.size() == 2);
                is_over = h.replies_[0].code == 250;
                CHECK((is_over || h.replies_[0].code == 426));
                CHECK(h.replies_[1].code == 226);
            });
            s.expect_no_action();
            const auto left = names_of(place);
            const bool is_made = std::ranges::find(left, "new") != left.end();
            if (command.starts_with("COMB"))
                CHECK(left == (is_over ? names{"new", "old"} : names{"large", "old"}));
            else
                CHECK(left == (is_made ? names{"large", "new", "old"} : names{"large", "old"}));
            if (is_made)
                CHECK(content_of(place.store, "/new").size() == (command.starts_with("COMB") ? 2 : 1) * large.size());
            const bool is_replaced = is_over && command.ends_with(R"("old")");
            CHECK(content_of(place.store, "/old") == (is_replaced ? large : old_text));
            ++steps;
        }
    }
}
