// What a raw client does on its data connections.
#include "raw_data.hpp"

#include <libftp/session/transfer_coding.hpp>
#include <libftp/store/single_file.hpp>

#include <array>
#include <utility>

namespace libftp::simulation {

namespace {

/// As one of the modes and structures has it, or with a byte changed.
std::string draw_bytes(chance& luck)
{
    std::string content(luck.size_between(0, luck.one_in(8) ? 9000 : 200), '\0');
    for (auto& byte : content)
        byte = luck.one_in(4) ? static_cast<char>(luck.below(256)) : "\r\nabc"[luck.below(5)];
    transfer_coding coding;
    coding.type = luck.one_in(2) ? representation_type::ascii : representation_type::image;
    coding.structure = luck.one_in(4) ? file_structure::record : file_structure::file;
    coding.mode = static_cast<transfer_mode>(luck.below(4));
    const auto reader = make_coding_reader(make_text_reader(std::move(content)), coding, 0);
    std::string coded;
    std::array<char, 1024> buffer;
    for (auto count = reader->read(buffer); count && *count != 0; count = reader->read(buffer))
        coded.append(buffer.data(), *count);
    if (luck.one_in(3) && !coded.empty())
        coded[luck.below(coded.size())] = static_cast<char>(luck.below(256));
    return coded;
}

} // namespace

void raw_data::connect(const endpoint& to)
{
    const bool is_stranger = chance_.one_in(8);
    endpoint from = local_;
    if (is_stranger)
        from.address = ip_address{std::array<std::uint8_t, 4>{203, 0, 113, 9}};
    around_.net.connect(
        from, to, [] {},
        [this, is_stranger](auto outcome) {
            if (outcome)
                begin(*std::move(outcome), is_stranger);
        });
}

std::uint16_t raw_data::listen()
{
    return around_.net.listen(local_.address, [this](std::unique_ptr<network_end> end, const endpoint& /*peer*/) {
        begin(std::move(end), false);
    });
}

void raw_data::begin(std::unique_ptr<network_end> end, bool is_stranger)
{
    auto& made = *lines_.emplace_back(std::make_unique<line>());
    made.end = std::move(end);
    made.is_stranger = is_stranger;
    made.to_send = chance_.one_in(2) ? draw_bytes(chance_) : std::string{};
    made.reads = !chance_.one_in(8);
    made.ends = chance_.one_in(6)   ? line::ending::never
                : chance_.one_in(6) ? line::ending::reset
                                    : line::ending::in_order;
    made.end->when_changed([this, &made] { go_on(made); });
    around_.events.after(std::chrono::microseconds{chance_.below(20'000)}, [this, &made] { go_on(made); });
}

void raw_data::go_on(line& which)
{
    if (!which.end)
        return;
    const auto arrived = which.end->arrived().size();
    around_.log.expect(!which.is_stranger || arrived == 0, who_, "a stranger gets a client's data");
    if (which.reads)
        which.end->take(arrived);
    which.to_send.erase(0, which.end->send(which.to_send));
    if (which.end->is_broken())
        return which.end.reset();
    if (!which.to_send.empty() || which.ends == line::ending::never)
        return;
    if (which.ends == line::ending::reset) {
        which.end->reset();
        return which.end.reset();
    }
    if (which.end->has_ended() || chance_.one_in(3))
        which.end->finish();
}

void raw_data::close_all()
{
    for (auto& each : lines_)
        each->end.reset();
}

} // namespace libftp::simulation
