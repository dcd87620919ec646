// Says lines that it draws, and holds the replies against them.
#include "raw_client.hpp"

#include "server_host.hpp"
#include "support/verb_rules.hpp"

#include <libftp/protocol/address_codec.hpp>

#include <array>
#include <chrono>
#include <utility>

namespace libftp::simulation {

using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, 12> arguments{"a",   "/d", "/d/a", "../..", "-laR /", "*",
                                                     "100", "0",  "x y",  "A N",   "Z",      "/d/e/c"};

} // namespace

raw_client::raw_client(const surroundings& around, chance luck, const raw_client_setup& setup,
                       std::unique_ptr<network_end> control)
    : around_(around), chance_(luck), setup_(setup), who_("raw " + std::to_string(setup.id)),
      wake_(around.events, [this] { go_on(); }), control_(std::move(control)),
      data_(around, chance_.fork(), who_, setup.local), count_(setup.refusals), ahead_(chance_.size_between(0, 6))
{
    if (setup_.speaks == raw_client_setup::manner::wild)
        reads_ = !chance_.one_in(8);
    control_->when_changed([this] { wake_.soon(); });
    wake_.soon();
    around_.events.after(24h, [this] {
        if (has_left_)
            return;
        expect(has_suffered_ || !reads_, "the server does not end the connection");
        leave();
    });
}

void raw_client::go_on()
{
    if (has_left_)
        return;
    hear();
    speak();
    to_send_.erase(0, control_->send(to_send_));
    if (control_->is_broken() || control_->has_ended() || (!reads_ && control_->is_over()))
        leave();
}

void raw_client::hear()
{
    if (!reads_)
        return;
    const std::string arrived{control_->arrived()};
    control_->take(arrived.size());
    for (std::string_view input = arrived; !input.empty();) {
        switch (parser_.read(input)) {
        case reply_parser::status::need_more: break;
        case reply_parser::status::complete: take(parser_.value()); break;
        case reply_parser::status::option_requested: to_send_ += parser_.refusal(); break;
        case reply_parser::status::malformed:
        case reply_parser::status::too_long: return expect(false, "a reply is none: " + readable(arrived));
        }
    }
}

void raw_client::take(const reply& answer)
{
    around_.log.mark(static_cast<std::uint64_t>(answer.code));
    if (setup_.speaks == raw_client_setup::manner::plain)
        if (const auto* const wrong = count_.heard(answer.code))
            expect(false, std::string{wrong} + ": " + answer.to_string());
    if (answer.code != 227 && answer.code != 229)
        return;
    endpoint to = setup_.server;
    if (const auto plain = parse_passive_reply(answer.text()); answer.code == 227 && plain)
        to = *plain;
    else if (const auto port = parse_extended_passive_reply(answer.text()); answer.code == 229 && port)
        to.port = *port;
    if (!chance_.one_in(8))
        data_.connect(to);
}

void raw_client::speak()
{
    while (said_ < setup_.lines && !has_quit_ && to_send_.empty() && count_.outstanding() <= ahead_) {
        ++said_;
        if (said_ == 3 && !chance_.one_in(8)) {
            say("USER user");
            say("PASS secret");
            continue;
        }
        say(draw_line());
    }
    if (said_ < setup_.lines || has_quit_ || !to_send_.empty())
        return;
    has_quit_ = true;
    const auto ends = chance_.below(8);
    if (ends == 0)
        return leave();
    if (ends == 1)
        reads_ = false; // and says no more
    else if (ends == 2)
        end_input();
    else
        say("QUIT");
}

void raw_client::end_input()
{
    count_.said_all();
    control_->finish();
}

void raw_client::say(std::string line)
{
    if (around_.log.is_traced())
        around_.log.note(who_, "says   " + readable(line));
    if (setup_.speaks == raw_client_setup::manner::plain)
        count_.said(line);
    has_quit_ = has_quit_ || line == "QUIT";
    to_send_ += line + "\r\n";
}

std::string raw_client::draw_line()
{
    const auto& rule = chance_.pick(testing::verb_rules());
    std::string line{rule.text};
    // Most of what is interesting needs a data connection.
    switch (chance_.below(12)) {
    case 0: return "EPSV";
    case 1: return "PASV";
    case 2: return "EPRT |1|" + setup_.local.address.to_string() + "|" + std::to_string(data_.listen()) + "|";
    case 3: line = chance_.one_in(2) ? "STOR /d/a" : "RETR a"; break;
    case 4: line = chance_.one_in(2) ? "ABOR" : "STAT"; break;
    case 5: line = "MODE " + std::string(1, "SBCZ"[chance_.below(4)]); break;
    default:
        if (rule.takes != argument_rule::none)
            line.append(" ").append(chance_.one_in(2) ? rule.argument : chance_.pick(arguments));
        break;
    }
    if (line == "QUIT" && !chance_.one_in(8))
        line = "NOOP";
    if (setup_.speaks == raw_client_setup::manner::plain)
        return line;
    for (auto changes = chance_.below(4); changes > 0 && !line.empty(); --changes)
        line[chance_.below(line.size())] = static_cast<char>(chance_.below(256));
    if (chance_.one_in(20))
        line.append(chance_.size_between(100, 9000), 'x');
    if (chance_.one_in(20))
        line.insert(0, "\xff\xf4\xff\xf2");
    return line;
}

void raw_client::leave()
{
    has_left_ = true;
    control_->close();
    data_.close_all();
}

void raw_client::check_end()
{
    if (setup_.speaks == raw_client_setup::manner::plain && !has_suffered_ && reads_ && has_quit_ &&
        !count_.is_closing() && control_->has_ended())
        expect(count_.outstanding() == 0, "a command gets no reply");
}

} // namespace libftp::simulation
