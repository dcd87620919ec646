// Answers a client's commands, well or oddly.
#include "odd_server.hpp"

#include <libftp/protocol/address_codec.hpp>

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace libftp::simulation {

using namespace std::chrono_literals;

namespace {

struct usual_reply {
    std::string_view verb;
    std::string_view text;
};

constexpr std::array usual_replies{
    usual_reply{"USER", "331 Password\r\n"},
    usual_reply{"PASS", "230 In\r\n"},
    usual_reply{"FEAT", "211-Features\r\n SIZE\r\n MDTM\r\n REST STREAM\r\n MLST type*;size*;\r\n HASH SHA-1*\r\n"
                        "211 End\r\n"},
    usual_reply{"TYPE", "200 Type\r\n"},
    usual_reply{"OPTS", "200 Option\r\n"},
    usual_reply{"REST", "350 Restart\r\n"},
    usual_reply{"DELE", "250 Deleted\r\n"},
    usual_reply{"MKD", "257 \"/d\" made\r\n"},
    usual_reply{"RMD", "250 Removed\r\n"},
    usual_reply{"RNFR", "350 To\r\n"},
    usual_reply{"RNTO", "250 Renamed\r\n"},
    usual_reply{"SIZE", "213 20\r\n"},
    usual_reply{"MDTM", "213 20260102030405\r\n"},
    usual_reply{"PWD", "257 \"/\"\r\n"},
    usual_reply{"CWD", "250 There\r\n"},
    usual_reply{"ABOR", "226 Aborted\r\n"},
    usual_reply{"NOOP", "200 Fine\r\n"},
    usual_reply{"QUIT", "221 Bye\r\n"},
    usual_reply{"MLST", "250-\r\n type=file;size=20; a\r\n250 End\r\n"},
};

constexpr std::array<std::string_view, 14> odd_texts{
    "",
    "150 Opening (20 bytes)\r\n",
    "226 Done\r\n",
    "421 Going\r\n",
    "425 No connection\r\n",
    "426 Cut\r\n",
    "500 What?\r\n",
    "550 No\r\n",
    "229 (|||99999|)\r\n",
    "227 (1,2,3,4,5)\r\n",
    "99 what\r\n",
    "211-no end\r\n",
    "\xff\xfb\x01",
    "\r\n\r\n\n",
};

bool moves_data(std::string_view verb)
{
    static constexpr std::array<std::string_view, 7> verbs{"RETR", "STOR", "APPE", "STOU", "LIST", "NLST", "MLSD"};
    for (const auto each : verbs)
        if (each == verb)
            return true;
    return false;
}

} // namespace

odd_server::odd_server(const surroundings& around, chance luck, const odd_server_setup& setup,
                       std::unique_ptr<network_end> control)
    : around_(around), chance_(luck), setup_(setup), who_("odd " + std::to_string(setup.id)),
      wake_(around.events, [this] { go_on(); }), control_(std::move(control)),
      data_(around, chance_.fork(), who_, setup.local)
{
    control_->when_changed([this] { wake_.soon(); });
    to_send_ = chance_.one_in(setup_.one_oddity_in) ? odd_answer("220 Hello\r\n") : "220 Hello\r\n";
    wake_.soon();
    around_.events.after(24h, [this] { leave(); });
}

void odd_server::go_on()
{
    if (has_left_)
        return;
    const std::string arrived{control_->arrived()};
    control_->take(arrived.size());
    for (const char byte : arrived) {
        if (byte != '\n') {
            heard_ += byte;
            continue;
        }
        if (heard_.ends_with('\r'))
            heard_.pop_back();
        answer(std::exchange(heard_, {}));
        if (has_left_)
            return;
    }
    to_send_.erase(0, control_->send(to_send_));
    if (control_->is_broken() || control_->has_ended())
        leave();
}

void odd_server::answer(std::string_view line)
{
    const auto space = line.find(' ');
    const auto verb = line.substr(0, space);
    const auto argument = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    auto text = usual_answer(verb, argument);
    if (chance_.one_in(setup_.one_oddity_in))
        text = odd_answer(text);
    say(text);
    if (moves_data(verb) && !chance_.one_in(setup_.one_oddity_in))
        say_later("226 Done\r\n");
    if (verb == "QUIT" || chance_.one_in(20 * setup_.one_oddity_in))
        control_->finish();
}

std::string odd_server::usual_answer(std::string_view verb, std::string_view argument)
{
    if (moves_data(verb))
        return verb == "RETR" && chance_.one_in(2) ? "150 Opening (20 bytes)\r\n" : "150 Opening\r\n";
    if (verb == "EPSV")
        return fmt::format("229 (|||{}|)\r\n", data_.listen());
    if (verb == "PASV")
        return fmt::format("227 ({})\r\n", format_host_port({setup_.local.address, data_.listen()}));
    if (verb == "EPRT")
        connect(parse_extended_port(argument));
    if (verb == "PORT")
        connect(parse_host_port(argument));
    for (const auto& each : usual_replies)
        if (each.verb == verb)
            return std::string{each.text};
    return verb == "EPRT" || verb == "PORT" ? "200 Address\r\n" : "502 Not here\r\n";
}

std::string odd_server::odd_answer(const std::string& usual)
{
    switch (chance_.below(5)) {
    case 0: return usual + usual;
    case 1: return usual + std::string{chance_.pick(odd_texts)};
    case 2: return std::string(chance_.size_between(1, 20'000), static_cast<char>(chance_.below(256)));
    default: return std::string{chance_.pick(odd_texts)};
    }
}

void odd_server::connect(const result<endpoint>& to)
{
    if (to)
        data_.connect(*to);
}

void odd_server::say(std::string_view text)
{
    if (around_.log.is_traced())
        around_.log.note(who_, "says   " + readable(text));
    to_send_ += text;
    wake_.soon();
}

void odd_server::say_later(std::string text)
{
    around_.events.after(100us * chance_.below(chance_.one_in(4) ? 1000 : 100), [this, text = std::move(text)] {
        if (!has_left_)
            say(text);
    });
}

void odd_server::leave()
{
    if (std::exchange(has_left_, true))
        return;
    control_->close();
    data_.close_all();
}

} // namespace libftp::simulation
